// Manifests and package folders as text, short enough to be read inside a test.
import type { Json, JsonObject } from '../../src/model/json.ts';

export interface ManifestOptions {
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** JSON is YAML: one document. */
export function yaml(value: Json): string {
  return `${JSON.stringify(value, undefined, 1)}\n`;
}

export function documents(...values: readonly Json[]): string {
  return values.map(yaml).join('---\n');
}

function metadata(name: string, options: ManifestOptions): JsonObject {
  const { namespace, annotations, labels } = options;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
    ...(labels === undefined ? {} : { labels: { ...labels } }),
  };
}

export function configMap(
  name: string,
  data: Readonly<Record<string, string>> = { key: 'value' },
  options: ManifestOptions = {},
): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(name, options),
    data: { ...data },
  };
}

export function secret(
  name: string,
  stringData: Readonly<Record<string, string>>,
  options: ManifestOptions = {},
): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadata(name, options),
    stringData: { ...stringData },
  };
}

export function deployment(
  name: string,
  options: ManifestOptions & { readonly image?: string; readonly replicas?: number } = {},
): JsonObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(name, options),
    spec: {
      replicas: options.replicas ?? 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'c', image: options.image ?? 'nginx:1' }] },
      },
    },
  };
}

/** `sluice.yaml` */
export function config(spec: JsonObject): string {
  return yaml({ apiVersion: 'sluice.dev/v1alpha1', kind: 'Config', spec });
}

export function packageInstance(
  name: string,
  values: JsonObject = {},
  options: ManifestOptions & { readonly image?: string; readonly paused?: boolean } = {},
): JsonObject {
  return {
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'Package',
    metadata: metadata(name, { namespace: 'default', ...options }),
    spec: {
      image: options.image ?? './packages/app',
      config: values,
      ...(options.paused === undefined ? {} : { paused: options.paused }),
    },
  };
}

/** One object in a phase of an ObjectDeployment, or of a package. */
export function inPhase(phase: string, object: JsonObject): JsonObject {
  const meta = object['metadata'] as JsonObject;
  const annotations = meta['annotations'] as JsonObject | undefined;
  return {
    ...object,
    metadata: { ...meta, annotations: { ...annotations, 'package-operator.run/phase': phase } },
  };
}

/** The probe that most packages have: a Deployment is available. */
export const AVAILABLE: Json = {
  selector: { kind: { group: 'apps', kind: 'Deployment' } },
  probes: [{ condition: { type: 'Available', status: 'True' } }],
};

/** A ConfigMap is ready when it says `ready: "yes"`: gates that tests open and close by data alone. */
export const SAYS_READY: Json = {
  selector: { kind: { group: '', kind: 'ConfigMap' } },
  probes: [
    {
      cel: {
        rule: "!has(self.data) || !has(self.data.ready) || self.data.ready == 'yes'",
        message: 'says not ready',
      },
    },
  ],
};

export function packageManifest(
  phases: readonly string[],
  more: JsonObject = {},
  probes: readonly Json[] = [AVAILABLE, SAYS_READY],
): JsonObject {
  return {
    apiVersion: 'manifests.package-operator.run/v1alpha1',
    kind: 'PackageManifest',
    metadata: { name: 'app' },
    spec: {
      scopes: ['Namespaced', 'Cluster'],
      phases: phases.map((name) => ({ name })),
      availabilityProbes: probes,
      ...more,
    },
  };
}

export function objectDeployment(
  name: string,
  phases: Readonly<Record<string, readonly JsonObject[]>>,
  options: ManifestOptions & { readonly spec?: JsonObject; readonly probes?: readonly Json[] } = {},
): JsonObject {
  return {
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectDeployment',
    metadata: metadata(name, { namespace: 'default', ...options }),
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          availabilityProbes: options.probes ?? [AVAILABLE, SAYS_READY],
          phases: Object.entries(phases).map(([phase, objects]) => ({
            name: phase,
            objects: objects.map((object) => ({ object })),
          })),
        },
      },
      ...options.spec,
    },
  };
}

/** Ids of units as the scenarios name them. */
export const unitId = {
  folder: (path: string): string => `local:Folder/${path}`,
  package: (name: string, namespace = 'default'): string =>
    `local:Package.package-operator.run/${namespace}/${name}`,
  deployment: (name: string, namespace = 'default'): string =>
    `local:ObjectDeployment.package-operator.run/${namespace}/${name}`,
} as const;

/**
 * The definition of `Widget.example.com/v1`.
 * @param rest of its schema after `type: object`, indented by ten spaces
 */
export function widgetDefinition(rest: string): string {
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
${rest}`;
}
