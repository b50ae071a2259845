// The hash over what a unit reads: an equal hash renders the same, so nothing has to be done.
import { createHash } from 'node:crypto';
import type { Snapshot, SnapshotFile } from '../model/snapshot.ts';
import { ENGINE_VERSION } from './engine-version.ts';
import { isHidden } from './repository-path.ts';

/** Hash of texts that cannot run into each other; 40 hexadecimal digits. */
export function hashParts(parts: Iterable<string>): string {
  const hash = createHash('sha256').update(ENGINE_VERSION);
  let text = '';
  for (const part of parts) {
    text += `${part.length}:${part}`;
    if (text.length < 65_536) continue;
    hash.update(text);
    text = '';
  }
  return hash.update(text).digest('hex').slice(0, 40);
}

/** What a file contributes: a moved file is another input than the one before. */
export function filePart(file: Pick<SnapshotFile, 'path' | 'oid'>): string {
  return `${file.path} ${file.oid}`;
}

/**
 * Hashes of package folders, each worked out once. Dot files (fixtures of tests among them) are no part
 * of what a package renders to.
 */
export function createFolderHashes(snapshot: Pick<Snapshot, 'under'>): (folder: string) => string {
  const known = new Map<string, string>();
  return (folder) => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const strip = folder === '' ? 0 : folder.length + 1;
    const parts = snapshot
      .under(folder)
      .filter((file) => !isHidden(file.path.slice(strip)))
      .map((file) => `${file.mode} ${filePart(file)}`);
    const hash = hashParts(parts);
    known.set(folder, hash);
    return hash;
  };
}
