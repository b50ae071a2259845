// Image references: `nginx`, `host:5000/team/shop:1.0@sha256:…`, read, normalised and pinned.

export interface ImageName {
  /** Host, with a port where it is not the usual one. */
  readonly registry: string;
  readonly repository: string;
  /** Undefined where only a digest is given. */
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

export type ImageNameResult =
  | { readonly kind: 'ok'; readonly name: ImageName }
  | { readonly kind: 'invalid'; readonly reason: string };

const DEFAULT_REGISTRY = 'index.docker.io';
const HOST =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?$/u;
const SEGMENT = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/u;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/u;
const DIGEST = /^sha256:[0-9a-f]{64}$/u;

/**
 * Reads a reference as Docker does: no host means Docker Hub, no tag and no digest means `latest`. With a
 * digest the tag is for people only.
 */
export function parseImageName(text: string): ImageNameResult {
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const invalid = (reason: string): ImageNameResult => {
    return { kind: 'invalid', reason: `"${text}" is no image reference: ${reason}` };
  };
  if (text.length > 512) return { kind: 'invalid', reason: 'the image reference is too long' };
  if (digest !== undefined && !isImageDigest(digest)) return invalid(DIGEST_RULE);
  const colon = named.lastIndexOf(':');
  const tag = colon > named.lastIndexOf('/') ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag)) return invalid(`"${tag}" is no tag`);
  const full = repositoryOf(named);
  const slash = full.indexOf('/');
  const registry = full.slice(0, slash);
  const repository = full.slice(slash + 1);
  if (!HOST.test(registry)) return invalid(`"${registry}" is no host`);
  if (repository.length > 255 || !repository.split('/').every((part) => SEGMENT.test(part))) {
    return invalid(`"${repository}" is no repository name`);
  }
  const settled = tag ?? (digest === undefined ? 'latest' : undefined);
  return { kind: 'ok', name: { registry, repository, tag: settled, digest } };
}

export const DIGEST_RULE = 'a digest is sha256: and 64 hexadecimal digits';

/** Whether a text is a digest as registries name content by. */
export function isImageDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** `host/repository` */
export function formatRepository(name: ImageName): string {
  return `${name.registry}/${name.repository}`;
}

/** The whole reference in its normal form. */
export function formatImageName(name: ImageName): string {
  const tag = name.tag === undefined ? '' : `:${name.tag}`;
  return `${formatRepository(name)}${tag}${name.digest === undefined ? '' : `@${name.digest}`}`;
}

/**
 * `nginx:1.22` and its digest become `index.docker.io/library/nginx@sha256:…`.
 * @param image as the manifest writes it, with or without tag
 */
export function pinnedImage(image: string, digest: string): string {
  return `${repositoryOf(image)}@${digest}`;
}

/** Registry and repository of an image, without tag and digest. */
export function repositoryOf(image: string): string {
  const [named = ''] = image.split('@');
  const slash = named.lastIndexOf('/');
  const colon = named.lastIndexOf(':');
  const untagged = colon > slash ? named.slice(0, colon) : named;
  const first = untagged.split('/')[0] ?? '';
  const hasRegistry = untagged.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  if (hasRegistry) {
    const rest = untagged.slice(first.length + 1);
    if (first !== 'docker.io' && first !== DEFAULT_REGISTRY) return untagged;
    return `${DEFAULT_REGISTRY}/${rest.includes('/') ? rest : `library/${rest}`}`;
  }
  return `${DEFAULT_REGISTRY}/${untagged.includes('/') ? untagged : `library/${untagged}`}`;
}
