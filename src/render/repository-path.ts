// Paths inside the repository: always relative to its root, with `/`, never leaving it.

/** The folder of a file; empty for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The last segment. */
export function baseNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * A path inside a package, or inside one of its components, as the repository has it.
 * @param path empty for the folder itself
 */
export function pathInPackage(
  { folder, component }: { readonly folder: string; readonly component: string },
  path: string,
): string {
  const inside = component === '' ? [] : ['components', component];
  return [folder, ...inside, path].filter((part) => part !== '').join('/');
}

/**
 * Joins and simplifies a path as people write it (`./a//b/../c/`).
 * @param base folder that `..` starts from
 * @returns undefined when it leaves the repository or holds a NUL or backslash
 */
export function resolvePath(base: string, path: string): string | undefined {
  if (/[\u0000\\]/u.test(path)) return undefined;
  const segments = base === '' ? [] : base.split('/');
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** True when `path` is `folder` itself or lies below it; the empty folder holds everything. */
export function isWithin(folder: string, path: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** Dot files and everything in dot folders belong to tools, not to the repository's content. */
export function isHidden(path: string): boolean {
  return path.startsWith('.') || path.includes('/.');
}

export function isYamlPath(path: string): boolean {
  return path.endsWith('.yaml') || path.endsWith('.yml');
}
