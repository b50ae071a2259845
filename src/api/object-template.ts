// ObjectTemplate and ClusterObjectTemplate: one object made from values of other objects (package-operator §10).
import type { ApiKind } from './api-kind.ts';
import { BOOLEAN, STRING, list, object, resource } from './schema-parts.ts';

export interface ObjectTemplateItem {
  /** JSONPath into the source. */
  readonly key: string;
  /** Dotted path below `.config`, with a leading dot. */
  readonly destination: string;
}

export interface ObjectTemplateSource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly items: readonly ObjectTemplateItem[];
  readonly optional?: boolean;
}

export interface ObjectTemplateSpec {
  readonly template: string;
  readonly sources: readonly ObjectTemplateSource[];
}

const SCHEMA = resource(
  {
    spec: object(
      {
        template: STRING,
        sources: list(
          object(
            {
              apiVersion: STRING,
              kind: STRING,
              namespace: STRING,
              name: STRING,
              items: list(object({ key: STRING, destination: STRING }, ['key', 'destination'])),
              optional: BOOLEAN,
            },
            ['apiVersion', 'kind', 'name', 'items'],
          ),
        ),
      },
      ['template', 'sources'],
    ),
  },
  ['spec'],
);

export const OBJECT_TEMPLATE: ApiKind = {
  group: 'package-operator.run',
  version: 'v1alpha1',
  kind: 'ObjectTemplate',
  scope: 'Namespaced',
  schema: SCHEMA,
  immutable: [],
  role: 'unit',
};

export const CLUSTER_OBJECT_TEMPLATE: ApiKind = {
  ...OBJECT_TEMPLATE,
  kind: 'ClusterObjectTemplate',
  scope: 'Cluster',
};
