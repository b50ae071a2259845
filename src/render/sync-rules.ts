// Which sync entries a file belongs to: those of the deepest path that holds it.
import { folderOf, isWithin } from './repository-path.ts';
import type { SyncRule } from './repository-config.ts';

export interface SyncIndex {
  /** Several rules when one folder goes to several targets; none when the file is not synced. */
  rulesFor(path: string): readonly SyncRule[];
}

export function createSyncIndex(rules: readonly SyncRule[]): SyncIndex {
  const deepestFirst = rules.toSorted((a, b) => b.path.length - a.path.length);
  const byFolder = new Map<string, readonly SyncRule[]>();
  return {
    rulesFor(path) {
      const folder = folderOf(path);
      const known = byFolder.get(folder);
      if (known) return known;
      const deepest = deepestFirst.find((rule) => isWithin(rule.path, folder));
      const found = deepest ? rules.filter((rule) => rule.path === deepest.path) : [];
      byFolder.set(folder, found);
      return found;
    },
  };
}
