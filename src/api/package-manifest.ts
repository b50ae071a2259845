// PackageManifest: what a package folder says about itself (package-operator §1.5).
import type { Json, JsonObject } from '../model/json.ts';
import type { ApiKind } from './api-kind.ts';
import { AVAILABILITY_PROBE } from './availability-probe.ts';
import type { ObjectSetProbe } from './availability-probe.ts';
import { ANY_OBJECT, STRING, list, object, resource } from './schema-parts.ts';
import { TEST_CONTEXT } from './template-context.ts';

export type PackageScope = 'Cluster' | 'Namespaced';

export interface PackageManifestPhase {
  readonly name: string;
  readonly class?: string;
}

export interface NamedCondition {
  readonly name: string;
  readonly expression: string;
}

export interface ConditionalPath {
  readonly glob: string;
  readonly expression: string;
}

export interface PackageManifestImage {
  readonly name: string;
  readonly image: string;
}

export interface PackageConstraint {
  readonly platform?: readonly string[];
  readonly platformVersion?: { readonly name: string; readonly range: string };
  readonly uniqueInScope?: JsonObject;
}

export interface PackageTestCase {
  readonly name: string;
  readonly context: JsonObject;
}

/** Both spellings of the filter are read into `filter` (package-operator §0). */
export interface PackageManifest {
  readonly name: string;
  readonly scopes: readonly PackageScope[];
  readonly phases: readonly PackageManifestPhase[];
  readonly availabilityProbes: readonly ObjectSetProbe[];
  /** `config.openAPIV3Schema`; undefined when the package takes no configuration. */
  readonly configSchema: JsonObject | undefined;
  readonly images: readonly PackageManifestImage[];
  readonly hasComponents: boolean;
  readonly filter: {
    readonly conditions: readonly NamedCondition[];
    readonly paths: readonly ConditionalPath[];
  };
  readonly constraints: readonly PackageConstraint[];
  /** Names of the packages that it builds upon, as templates ask for them. */
  readonly dependencies: readonly string[];
  readonly test: {
    readonly template: readonly PackageTestCase[];
    readonly kubeconform:
      | { readonly kubernetesVersion: string; readonly schemaLocations: readonly string[] }
      | undefined;
  };
  /** The document itself, for tools that show it. */
  readonly document: Json;
}

const NAMED_CONDITIONS = list(object({ name: STRING, expression: STRING }, ['name', 'expression']));
const CONDITIONAL_PATHS = list(
  object({ glob: STRING, expression: STRING }, ['glob', 'expression']),
);

// Decoding upstream knows neither defaults nor required fields: it reads what has the right type and
// leaves the rest to the rules of §1.5. So this schema carries types only.
const UNCHECKED_PROBE: JsonObject = withoutRules(AVAILABILITY_PROBE);

export const PACKAGE_MANIFEST: ApiKind = {
  group: 'manifests.package-operator.run',
  version: 'v1alpha1',
  kind: 'PackageManifest',
  scope: 'Namespaced',
  schema: resource({
    spec: object({
      scopes: list(STRING),
      phases: list(object({ name: STRING, class: STRING })),
      availabilityProbes: list(UNCHECKED_PROBE),
      config: object({ openAPIV3Schema: ANY_OBJECT }),
      images: list(object({ name: STRING, image: STRING })),
      components: ANY_OBJECT,
      conditionalFiltering: object({
        namedConditions: NAMED_CONDITIONS,
        conditionalPaths: CONDITIONAL_PATHS,
      }),
      filter: object({ conditions: NAMED_CONDITIONS, paths: CONDITIONAL_PATHS }),
      constraints: list(
        object({
          platform: list(STRING),
          platformVersion: object({ name: STRING, range: STRING }),
          uniqueInScope: ANY_OBJECT,
        }),
      ),
      repositories: list(ANY_OBJECT),
      dependencies: list(ANY_OBJECT),
    }),
    test: object({
      template: list(object({ name: STRING, context: TEST_CONTEXT })),
      kubeconform: object({ kubernetesVersion: STRING, schemaLocations: list(STRING) }),
    }),
  }),
  immutable: [],
  role: 'package-file',
};

function withoutRules(schema: JsonObject): JsonObject {
  const out: Record<string, JsonObject[string]> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'required' || key === 'default') continue;
    out[key] =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? withoutRules(value as JsonObject)
        : value;
  }
  return out;
}
