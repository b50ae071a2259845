// What templates and conditions of a package see (package-operator §2.2).
import type { PackageManifestLock } from '../../api/package-manifest-lock.ts';
import type { PackageManifest } from '../../api/package-manifest.ts';
import type { OpenApiSchema } from '../../lang/cel/index.ts';
import { SLUICE_PREFIX } from '../../model/annotations.ts';
import { isObject, objectAt, stringAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { annotationsOf, labelsOf } from '../../model/manifest.ts';
import type { Manifest } from '../../model/manifest.ts';
import { pinnedImage } from '../../model/image-name.ts';

/** The context as data; its top-level keys are the variables of CEL. */
export type PackageContext = JsonObject;

/** The top-level keys of every context. */
export const CONTEXT_KEYS: readonly string[] = [
  'package',
  'config',
  'images',
  'environment',
  'dependencies',
];

export interface ContextParts {
  /** `.package`: metadata and image of the instance. */
  readonly instance: JsonObject;
  readonly config: JsonObject;
  readonly images: Readonly<Record<string, string>>;
  readonly environment: Json;
  readonly dependencies: Readonly<Record<string, string>>;
}

export function packageContext(parts: ContextParts): PackageContext {
  return {
    package: parts.instance,
    config: parts.config,
    images: parts.images,
    environment: parts.environment,
    dependencies: parts.dependencies,
  };
}

/**
 * `.package` of a Package or ClusterPackage. `sluice.dev/*` keys never reach templates: a lever must not
 * change what is rendered (design: config-repo, "Annotations").
 */
export function instanceContext(manifest: Manifest, namespace: string): JsonObject {
  const { metadata } = manifest;
  return {
    metadata: {
      name: metadata.name ?? '',
      namespace,
      labels: mapOrNull(withoutOwnKeys(labelsOf(manifest))),
      annotations: mapOrNull(withoutOwnKeys(annotationsOf(manifest))),
    },
    image: stringAt(objectAt(manifest, 'spec'), 'image') ?? '',
  };
}

function withoutOwnKeys(map: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !key.startsWith(SLUICE_PREFIX)));
}

// Null is what Go's JSON makes of a map that is not there; templates get an empty map of strings for it,
// in which a missing key is "" and no `<no value>` (go-templates §4.3).
function mapOrNull(map: JsonObject): Json {
  return Object.keys(map).length === 0 ? null : map;
}

/** `.package` of a test case: what is not given is empty, never missing. */
export function testInstanceContext(given: JsonObject): JsonObject {
  const metadata = objectAt(given, 'metadata');
  return {
    metadata: {
      name: stringAt(metadata, 'name') ?? '',
      namespace: stringAt(metadata, 'namespace') ?? '',
      labels: metadata['labels'] ?? null,
      annotations: metadata['annotations'] ?? null,
    },
    image: stringAt(given, 'image') ?? '',
  };
}

/** `.environment` with its parts in the form that templates rely on; unknown ones are left out. */
export function environmentContext(given: Json | undefined): JsonObject {
  const environment = isObject(given) ? given : {};
  const kubernetes = objectAt(environment, 'kubernetes');
  const out: Record<string, Json> = {
    kubernetes: { version: stringAt(kubernetes, 'version') ?? '' },
  };
  const openShift = environment['openShift'];
  if (isObject(openShift)) {
    const managed = openShift['managed'];
    out['openShift'] = {
      version: stringAt(openShift, 'version') ?? '',
      ...(isObject(managed) ? { managed: { data: objectAt(managed, 'data') } } : {}),
    };
  }
  const proxy = environment['proxy'];
  if (isObject(proxy)) {
    const keys = ['httpProxy', 'httpsProxy', 'noProxy'] as const;
    const set = keys.flatMap((key) => {
      const value = stringAt(proxy, key);
      return value ? [[key, value] as const] : [];
    });
    out['proxy'] = Object.fromEntries(set);
  }
  const hyperShift = environment['hyperShift'];
  if (isObject(hyperShift)) {
    const cluster = hyperShift['hostedCluster'];
    out['hyperShift'] = { hostedCluster: isObject(cluster) ? hostedCluster(cluster) : null };
  }
  return out;
}

const TEXT: OpenApiSchema = { type: 'string' };
const TEXTS: OpenApiSchema = { type: 'object', additionalProperties: TEXT };
const ANYTHING: OpenApiSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** What `environmentContext` lets through. */
export const ENVIRONMENT_SCHEMA: OpenApiSchema = {
  type: 'object',
  properties: {
    kubernetes: { type: 'object', properties: { version: TEXT } },
    openShift: {
      type: 'object',
      properties: {
        version: TEXT,
        managed: { type: 'object', properties: { data: ANYTHING } },
      },
    },
    proxy: { type: 'object', properties: { httpProxy: TEXT, httpsProxy: TEXT, noProxy: TEXT } },
    hyperShift: {
      type: 'object',
      properties: {
        hostedCluster: {
          type: 'object',
          nullable: true,
          properties: {
            metadata: {
              type: 'object',
              properties: {
                name: TEXT,
                namespace: TEXT,
                labels: { ...TEXTS, nullable: true },
                annotations: { ...TEXTS, nullable: true },
              },
            },
            hostedClusterNamespace: TEXT,
            nodeSelector: ANYTHING,
          },
        },
      },
    },
  },
};

function hostedCluster(cluster: JsonObject): JsonObject {
  const selector = cluster['nodeSelector'];
  return {
    metadata: objectAt(
      testInstanceContext({ metadata: objectAt(cluster, 'metadata') }),
      'metadata',
    ),
    hostedClusterNamespace: stringAt(cluster, 'hostedClusterNamespace') ?? '',
    ...(isObject(selector) && Object.keys(selector).length > 0 ? { nodeSelector: selector } : {}),
  };
}

/** `.images`, from the lock file alone. */
export function lockedImages(
  lock: PackageManifestLock | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (lock?.images ?? []).map(({ name, image, digest }) => [name, pinnedImage(image, digest)]),
  );
}

/** `.dependencies`, from the lock file. */
export function lockedDependencies(
  lock: PackageManifestLock | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (lock?.dependencies ?? []).map(({ name, image, digest }) => [name, pinnedImage(image, digest)]),
  );
}

const STATIC_IMAGE = 'registry.package-operator.run/static-image';

/** `.images` in package tests: the same for every image, so that fixtures survive an update. */
export function staticImages(manifest: PackageManifest): Readonly<Record<string, string>> {
  return Object.fromEntries(manifest.images.map(({ name }) => [name, STATIC_IMAGE]));
}

/** `.dependencies` in package tests, as `.images` there. */
export function staticDependencies(manifest: PackageManifest): Readonly<Record<string, string>> {
  return Object.fromEntries(manifest.dependencies.map((name) => [name, STATIC_IMAGE]));
}
