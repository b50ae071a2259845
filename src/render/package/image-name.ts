// Image names as templates see them: registry and repository spelt out, pinned to a digest (package-operator §2.2).

const DEFAULT_REGISTRY = 'index.docker.io';

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
