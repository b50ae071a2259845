// Reads a directory the way git would see it: symlinks and nested repositories are entries, never followed.
import { createHash } from 'node:crypto';
import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { blobHash } from '../git/index.ts';
import { createSerial } from '../lib/serial.ts';
import type { FileMode, SnapshotFile } from '../model/snapshot.ts';

/** Larger files are not kept in memory; they are read again when asked for, if they still are what they were. */
const KEPT_BYTES = 1024 * 1024;
const AT_ONCE = 64;
/** The id of an entry without content of its own. */
const NO_CONTENT = '0'.repeat(40);

export interface ScannedFile extends SnapshotFile {
  /** Size, times and inode; equal means that the content need not be read again. */
  readonly stamp: string;
  /** Content as it was scanned, unless the file is large. */
  readonly content: Uint8Array | undefined;
}

export interface Scan {
  /** Sorted by path. */
  readonly files: readonly ScannedFile[];
  /** `dir-<hash>` over paths, modes and ids. */
  readonly id: string;
  /** Paths that could not be read, sorted. */
  readonly unreadable: readonly string[];
}

/**
 * Scans everything below the directory except `.git`; `.gitignore` means nothing here.
 * @param before an earlier scan of the same directory, whose unchanged files are taken over unread
 * @throws the file system's error when the directory itself cannot be listed
 */
export async function scanDirectory(root: string, before?: Scan): Promise<Scan> {
  const known = new Map(before?.files.map((file) => [file.path, file]));
  const found = await listEntries(root, '');
  const files: ScannedFile[] = [];
  const unreadable: string[] = [];
  const inLanes = createLanes(AT_ONCE);
  await Promise.all(
    found.map((entry, index) =>
      inLanes(index, async () => {
        const file = await scanEntry(root, entry, known);
        if (file === 'unreadable') unreadable.push(entry.path);
        else if (file) files.push(file);
      }),
    ),
  );
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, id: scanId(files), unreadable: unreadable.toSorted() };
}

/** Content of a scanned file, or undefined when it is large and has changed since. */
export async function readScanned(
  root: string,
  file: ScannedFile,
): Promise<Uint8Array | undefined> {
  if (file.content) return file.content;
  if (file.oid === NO_CONTENT) return undefined;
  try {
    const content = await readFile(path.join(root, file.path));
    return blobHash(content) === file.oid ? content : undefined;
  } catch {
    return undefined;
  }
}

interface Entry {
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'submodule';
}

async function listEntries(root: string, folder: string): Promise<Entry[]> {
  const here = await readdir(path.join(root, folder), { withFileTypes: true });
  // A folder below the root that has its own .git is another repository: git would record a submodule.
  if (folder !== '' && here.some((entry) => entry.name === '.git')) {
    return [{ path: folder, kind: 'submodule' }];
  }
  const entries: Entry[] = [];
  for (const entry of here) {
    if (entry.name.toLowerCase() === '.git') continue;
    const entryPath = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) entries.push(...(await listFolder(root, entryPath)));
    else if (isListed(entry)) {
      entries.push({ path: entryPath, kind: entry.isSymbolicLink() ? 'symlink' : 'file' });
    }
  }
  return entries;
}

/** A folder may disappear, or be closed to us, while the scan goes on. */
async function listFolder(root: string, folder: string): Promise<Entry[]> {
  try {
    return await listEntries(root, folder);
  } catch (error) {
    return isGone(error) ? [] : [{ path: folder, kind: 'file' }];
  }
}

function isListed(entry: Dirent): boolean {
  return entry.isFile() || entry.isSymbolicLink();
}

async function scanEntry(
  root: string,
  entry: Entry,
  known: ReadonlyMap<string, ScannedFile>,
): Promise<ScannedFile | 'unreadable' | undefined> {
  if (entry.kind === 'submodule') {
    return {
      path: entry.path,
      oid: NO_CONTENT,
      mode: 'submodule',
      size: 0,
      stamp: '',
      content: undefined,
    };
  }
  const file = path.join(root, entry.path);
  try {
    const stats = await lstat(file, { bigint: true });
    const stamp = stampOf(stats);
    const before = known.get(entry.path);
    if (before?.stamp === stamp) return before;
    const content =
      entry.kind === 'symlink' ? Buffer.from(await readlink(file)) : await readFile(file);
    return {
      path: entry.path,
      oid: blobHash(content),
      mode: modeOf(entry, stats),
      size: content.byteLength,
      stamp,
      content: content.byteLength <= KEPT_BYTES ? content : undefined,
    };
  } catch (error) {
    return isGone(error) ? undefined : 'unreadable';
  }
}

function modeOf(entry: Entry, stats: BigIntStats): FileMode {
  if (entry.kind !== 'file') return entry.kind;
  return (stats.mode & 0o100n) === 0n ? 'file' : 'executable';
}

function stampOf(stats: BigIntStats): string {
  return `${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}:${stats.ino}:${stats.mode}`;
}

function scanId(files: readonly ScannedFile[]): string {
  const hash = createHash('sha1');
  for (const file of files) hash.update(`${file.mode} ${file.oid}\t${file.path}\0`);
  return `dir-${hash.digest('hex')}`;
}

function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** So many files at once, not all of them: descriptors are limited. */
function createLanes(count: number): (index: number, task: () => Promise<void>) => Promise<void> {
  const lanes = Array.from({ length: count }, () => createSerial());
  return (index, task) => lanes[index % count]?.(task) ?? task();
}
