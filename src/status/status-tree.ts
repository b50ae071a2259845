// What the status branch holds, by path: sees that a change changes nothing before anything is written.
import { blobHash } from '../git/index.ts';
import type { StatusChange, StatusEntry } from './store.ts';

export interface StatusTree {
  oid(path: string): string | undefined;
  /** Files below the prefix (a folder, or empty for all), sorted by path. */
  list(prefix: string): readonly StatusEntry[];
  /** The changes that make a difference, one per path, sorted; the last one for a path counts. */
  effective(changes: readonly StatusChange[]): readonly StatusChange[];
  apply(changes: readonly StatusChange[]): void;
}

export function createStatusTree(initial: ReadonlyMap<string, string>): StatusTree {
  const oids = new Map(initial);
  return {
    oid: (path) => oids.get(path),
    list(prefix) {
      const folder = prefix.replace(/\/+$/u, '');
      const entries: StatusEntry[] = [];
      for (const [path, oid] of oids) {
        if (folder === '' || path.startsWith(`${folder}/`)) entries.push({ path, oid });
      }
      return entries.sort(byPath);
    },
    effective(changes) {
      const last = new Map(changes.map((change) => [change.path, change]));
      const different = [...last.values()].filter((change) =>
        change.content === null
          ? oids.has(change.path)
          : oids.get(change.path) !== blobHash(change.content),
      );
      return different.sort(byPath);
    },
    apply(changes) {
      for (const { path, content } of changes) {
        if (content === null) oids.delete(path);
        else oids.set(path, blobHash(content));
      }
    },
  };
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
