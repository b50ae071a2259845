// Manifests of images: indexes for several platforms, OCI manifests, Docker's second version.
import { isObject, listAt, objectAt, stringAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';

export const MEDIA_TYPE = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
} as const;

/** What we can read, for the Accept header. */
export const READABLE_MANIFESTS: readonly string[] = [
  MEDIA_TYPE.ociIndex,
  MEDIA_TYPE.dockerList,
  MEDIA_TYPE.ociManifest,
  MEDIA_TYPE.dockerManifest,
];

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

export type ImageManifest =
  /** The image for linux/amd64 is behind another manifest. */
  | { readonly kind: 'index'; readonly chosen: Descriptor }
  | { readonly kind: 'image'; readonly config: Descriptor; readonly layers: readonly Descriptor[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

const DIGEST = /^sha256:[0-9a-f]{64}$/u;
const MAX_LAYERS = 128;

/**
 * Reads a manifest.
 * @param mediaType of the answer's header; the document's own wins
 */
export function readImageManifest(bytes: Uint8Array, mediaType: string): ImageManifest {
  let value: Json;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8')) as Json;
  } catch {
    return unreadable('the manifest is no JSON');
  }
  if (!isObject(value)) return unreadable('the manifest is no object');
  const type = stringAt(value, 'mediaType') ?? mediaType.split(';')[0]?.trim() ?? '';
  if (type === MEDIA_TYPE.ociIndex || type === MEDIA_TYPE.dockerList) return readIndex(value);
  if (type === MEDIA_TYPE.ociManifest || type === MEDIA_TYPE.dockerManifest)
    return readImage(value);
  return unreadable(`a manifest of type ${type || 'unknown'} is not supported`);
}

/** Packages are exported for linux/amd64 (package-operator §1.1). */
function readIndex(index: JsonObject): ImageManifest {
  const entries = listAt(index, 'manifests').filter(isObject);
  const platforms = entries.map((entry) => platformOf(entry));
  const chosen = entries[platforms.indexOf('linux/amd64')];
  const descriptor = chosen && readDescriptor(chosen);
  if (descriptor) return { kind: 'index', chosen: descriptor };
  const known = [...new Set(platforms)].filter((name) => name !== 'unknown/unknown');
  return unreadable(`there is no image for linux/amd64, only for ${known.join(', ') || 'nothing'}`);
}

function platformOf(entry: JsonObject): string {
  const platform = objectAt(entry, 'platform');
  return `${stringAt(platform, 'os') ?? 'unknown'}/${stringAt(platform, 'architecture') ?? 'unknown'}`;
}

function readImage(manifest: JsonObject): ImageManifest {
  const config = readDescriptor(objectAt(manifest, 'config'));
  const entries = listAt(manifest, 'layers').filter(isObject);
  const layers = entries.flatMap((entry) => readDescriptor(entry) ?? []);
  if (config === undefined) return unreadable('the manifest names no configuration');
  if (layers.length !== entries.length) return unreadable('the manifest has a faulty layer');
  if (layers.length > MAX_LAYERS) return unreadable(`the image has more than ${MAX_LAYERS} layers`);
  return { kind: 'image', config, layers };
}

function readDescriptor(value: JsonObject): Descriptor | undefined {
  const digest = stringAt(value, 'digest') ?? '';
  const size = value['size'];
  if (!DIGEST.test(digest) || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    return undefined;
  }
  return { digest, size, mediaType: stringAt(value, 'mediaType') ?? '' };
}

function unreadable(reason: string): ImageManifest {
  return { kind: 'unreadable', reason };
}
