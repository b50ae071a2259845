// `spec.image` of a Package: which package it means.
import { folderOf, resolvePath } from '../repository-path.ts';

export type ImageReference =
  /** A folder of the same snapshot. */
  | { readonly kind: 'folder'; readonly path: string }
  /** Something from outside the repository. */
  | { readonly kind: 'git' | 'oci'; readonly reference: string }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Reads an image reference (design: config-repo, "Kinds"). `./packages/shop` starts at the root of the
 * repository, `../shop` at the folder of the file that says so.
 * @param file path of that file
 */
export function parseImageReference(image: string, file: string): ImageReference {
  if (image === '') return { kind: 'invalid', reason: 'spec.image is empty' };
  if (image.startsWith('git+')) return { kind: 'git', reference: image };
  if (image.startsWith('/')) {
    return {
      kind: 'invalid',
      reason: `"${image}" is an absolute path; a folder of this repository is written ./folder`,
    };
  }
  if (!image.startsWith('.')) return { kind: 'oci', reference: image };
  const base = image.startsWith('..') ? folderOf(file) : '';
  const path = resolvePath(base, image);
  return path === undefined
    ? { kind: 'invalid', reason: `"${image}" leaves the repository` }
    : { kind: 'folder', path };
}
