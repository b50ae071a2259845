// Files of a repository that schemas may lie in: of a snapshot, or on disk around a package.
import type { Stats } from 'node:fs';
import { lstat, open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Snapshot } from '../model/snapshot.ts';

export interface SchemaFiles {
  /** Undefined where no regular file is; symlinks are never followed. */
  read(path: string, limit: number, signal?: AbortSignal): Promise<SchemaFile | undefined>;
  /** @param folder without a slash at the end; the root is empty */
  hasFolder(folder: string): Promise<boolean>;
}

export type SchemaFile =
  | { readonly kind: 'read'; readonly content: Uint8Array }
  /** Bytes. */
  | { readonly kind: 'too-large'; readonly size: number };

export function createSnapshotFiles(snapshot: Snapshot): SchemaFiles {
  return {
    read: async (name, limit, signal) => {
      const file = snapshot.file(name);
      if (!file || (file.mode !== 'file' && file.mode !== 'executable')) return undefined;
      if (file.size > limit) return { kind: 'too-large', size: file.size };
      const content = (await snapshot.read([file.oid], signal)).get(file.oid);
      return content && { kind: 'read', content };
    },
    hasFolder: (folder) => Promise.resolve(snapshot.under(folder).length > 0),
  };
}

/** @param root absolute; nothing outside of it is read */
export function createDiskFiles(root: string): SchemaFiles {
  return {
    read: async (name, limit) => {
      const found = await lookUp(root, name);
      if (!found?.stats.isFile()) return undefined;
      const file = await open(found.place, 'r');
      try {
        const { size } = await file.stat();
        if (size > limit) return { kind: 'too-large', size };
        return { kind: 'read', content: await file.readFile() };
      } finally {
        await file.close();
      }
    },
    hasFolder: async (folder) => (await lookUp(root, folder))?.stats.isDirectory() ?? false,
  };
}

/**
 * The folder of the repository that a folder lies in: the nearest one with `.git`, or the folder itself.
 * @param folder absolute
 */
export async function repositoryRoot(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    if (await statsOf(path.join(at, '.git'))) return at;
    if (path.dirname(at) === at) return folder;
  }
}

/** Every part of the way is looked at by itself, so that no symlink leads out. */
async function lookUp(
  root: string,
  name: string,
): Promise<{ readonly place: string; readonly stats: Stats } | undefined> {
  let place = root;
  let stats = await statsOf(root, true);
  for (const part of name.split('/').filter((item) => item !== '')) {
    if (part === '.' || part === '..' || !stats?.isDirectory()) return undefined;
    place = path.join(place, part);
    stats = await statsOf(place);
  }
  return stats && { place, stats };
}

async function statsOf(place: string, isRoot = false): Promise<Stats | undefined> {
  try {
    // The root may be reached by a symlink: people name it themselves.
    return await (isRoot ? stat(place) : lstat(place));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw error;
  }
}
