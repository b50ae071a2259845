// What package templates see, as type and schema (package-operator §2.2).
import type { Json } from '../model/json.ts';
import { ANY_OBJECT, STRING, STRING_MAP, object } from './schema-parts.ts';

export interface TemplateObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface PackageEnvironment {
  readonly kubernetes: { readonly version: string };
  readonly openShift?: {
    readonly version: string;
    readonly managed?: { readonly data: Readonly<Record<string, string>> };
  };
  readonly proxy?: {
    readonly httpProxy?: string;
    readonly httpsProxy?: string;
    readonly noProxy?: string;
  };
  readonly hyperShift?: {
    readonly hostedCluster: null | {
      readonly metadata: TemplateObjectMeta;
      readonly hostedClusterNamespace: string;
      readonly nodeSelector?: Readonly<Record<string, string>>;
    };
  };
}

export interface TemplateContext {
  readonly package: { readonly metadata: TemplateObjectMeta; readonly image: string };
  readonly config: Json;
  readonly images: Readonly<Record<string, string>>;
  readonly environment: PackageEnvironment;
  readonly dependencies: Readonly<Record<string, string>>;
}

const OBJECT_META = object({
  name: STRING,
  namespace: STRING,
  labels: STRING_MAP,
  annotations: STRING_MAP,
});

export const ENVIRONMENT = object({
  kubernetes: object({ version: STRING }),
  openShift: object({ version: STRING, managed: object({ data: STRING_MAP }) }),
  proxy: object({ httpProxy: STRING, httpsProxy: STRING, noProxy: STRING }),
  hyperShift: object({
    hostedCluster: {
      ...object({
        metadata: OBJECT_META,
        hostedClusterNamespace: STRING,
        nodeSelector: STRING_MAP,
      }),
      nullable: true,
    },
  }),
});

/** `test.template[].context` of a manifest. */
export const TEST_CONTEXT = object({
  package: object({ metadata: OBJECT_META, image: STRING }),
  config: ANY_OBJECT,
  environment: ENVIRONMENT,
});
