// Builds a Snapshot from a list of files: looking up one path or a folder costs no scan.
import type { CommitInfo, Snapshot, SnapshotFile } from '../model/snapshot.ts';

export interface SnapshotParts {
  readonly id: string;
  readonly commit: CommitInfo | undefined;
  readonly roots: readonly string[];
  /** In any order. */
  readonly files: readonly SnapshotFile[];
  readonly read: Snapshot['read'];
}

/** Sorts the files by path in code-unit order and answers questions about them. */
export function createSnapshot(parts: SnapshotParts): Snapshot {
  const files = isSorted(parts.files) ? parts.files : parts.files.toSorted(byPath);
  const byName = new Map(files.map((file) => [file.path, file]));
  return {
    id: parts.id,
    commit: parts.commit,
    roots: parts.roots,
    files,
    file: (path) => byName.get(path),
    under: (prefix) => filesUnder(files, prefix),
    read: parts.read,
  };
}

/**
 * True for a path that stays inside the repository and can be written as a file name anywhere: no empty, `.`,
 * `..` or `.git` part. git lets a hostile tree carry such names; they are left out of snapshots.
 */
export function isSafePath(path: string): boolean {
  return path.split('/').every((part) => {
    return part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git';
  });
}

/** Files below `prefix/`. With a sorted list they are one slice. */
function filesUnder(files: readonly SnapshotFile[], prefix: string): readonly SnapshotFile[] {
  const folder = prefix.replace(/\/+$/u, '');
  if (folder === '') return files;
  const start = `${folder}/`;
  // `0` is the character after `/`: everything below the folder sorts before it.
  return files.slice(firstAtOrAfter(files, start), firstAtOrAfter(files, `${folder}0`));
}

function firstAtOrAfter(files: readonly SnapshotFile[], path: string): number {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((files[middle]?.path ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isSorted(files: readonly SnapshotFile[]): boolean {
  return files.every((file, index) => index === 0 || (files[index - 1]?.path ?? '') <= file.path);
}

function byPath(a: SnapshotFile, b: SnapshotFile): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
