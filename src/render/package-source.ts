// Folders that hold a PackageManifest: sources of packages, of which nothing is applied by itself.
import { isObject } from '../model/json.ts';
import type { ParsedFile } from './load.ts';
import { baseNameOf, folderOf } from './repository-path.ts';

const MANIFEST_NAMES = new Set(['manifest.yaml', 'manifest.yml']);

/**
 * Roots of packages among the parsed files, sorted; packages inside packages (components) count too.
 *
 * A manifest.yaml that cannot be read counts as well: its folder is more likely a package than not, and
 * applying the files of a package as they stand would be worse than waiting.
 */
export function findPackageSources(parsed: Iterable<ParsedFile>): readonly string[] {
  const roots = new Set<string>();
  for (const file of parsed) {
    if (!MANIFEST_NAMES.has(baseNameOf(file.path))) continue;
    const unreadable = file.documents.length === 0 && file.diagnostics.length > 0;
    if (unreadable || file.documents.some((document) => isPackageManifest(document.value))) {
      roots.add(folderOf(file.path));
    }
  }
  return [...roots].sort();
}

/** By its group or its kind: where one of them is misspelt, that is a fault of the package and said with it. */
function isPackageManifest(value: unknown): boolean {
  if (!isObject(value)) return false;
  const apiVersion = value['apiVersion'];
  if (value['kind'] === 'PackageManifest') return true;
  return typeof apiVersion === 'string' && apiVersion.startsWith('manifests.package-operator.run/');
}

/** Tells whether a folder is inside one of the roots; answers are remembered per folder. */
export function createPackageMembership(roots: readonly string[]): (folder: string) => boolean {
  const known = new Map<string, boolean>(roots.map((root) => [root, true]));
  const inside = (folder: string): boolean => {
    const answer = known.get(folder);
    if (answer !== undefined) return answer;
    const result = folder === '' ? false : inside(folderOf(folder));
    known.set(folder, result);
    return result;
  };
  return inside;
}
