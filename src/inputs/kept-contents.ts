// Contents of packages on disk, by their addresses, and what stood where: a restart goes on without the network.
import { createHash } from 'node:crypto';
import { access, chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { UNFINISHED } from '../lib/whole-file.ts';
import { isObject, listAt, stringAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { leastRecent, markUsed } from './least-recent.ts';
import { readSealed, writeSealed } from './sealed-file.ts';

/** Contents by path. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface KeptContents {
  /** The version of a place that was loaded last; undefined where none is known. */
  versionAt(place: string): Promise<string | undefined>;
  setVersion(place: string, version: string): Promise<void>;
  has(address: string): Promise<boolean>;
  /** The files at an address; undefined where there are none, or where they are damaged. */
  read(address: string): Promise<Files | undefined>;
  write(address: string, files: Files): Promise<void>;
  /** A text that says who uses what; undefined where there is none. */
  users(): Promise<string | undefined>;
  setUsers(text: string): Promise<void>;
  /** Drops what was used least recently until all fits, and nothing that is in use. */
  trim(inUse: InUse): Promise<void>;
}

/** What must not go. */
export interface InUse {
  readonly places: readonly string[];
  readonly addresses: readonly string[];
}

export interface KeptContentsOptions {
  /** Directory of our own; made with mode 0700 when it is needed. */
  readonly directory: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Bytes of all contents. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Told once of each kind of trouble with the disk; what cannot be kept is loaded again. */
  readonly onTrouble: (message: string) => void;
}

const MAX_BYTES = 1024 ** 3;
const MAX_PLACES = 10_000;

/** Never throws: a disk that does not work is as if nothing had been kept. */
export function createKeptContents(options: KeptContentsOptions): KeptContents {
  const { clock, maxBytes = MAX_BYTES } = options;
  const folders = {
    places: path.join(options.directory, 'places'),
    files: path.join(options.directory, 'files'),
  };
  const usersFile = path.join(options.directory, 'users');
  let opening: Promise<void> | undefined;
  let lastTrouble = '';
  /** Names of files that were in use when last trimmed. */
  let before: ReadonlySet<string> = new Set();
  /** True while there may be more than fits. */
  let grown = true;

  const fileOf = (kind: keyof typeof folders, key: string): string =>
    path.join(folders[kind], nameOf(key));
  const attempt = async <T>(act: () => Promise<T>): Promise<T | undefined> => {
    try {
      await (opening ??= open([options.directory, ...Object.values(folders)]));
      return await act();
    } catch (error) {
      opening = undefined;
      const message = error instanceof Error ? error.message : String(error);
      if (message !== lastTrouble) options.onTrouble(message);
      lastTrouble = message;
      return undefined;
    }
  };
  const touch = (file: string): Promise<void> => markUsed(file, clock);

  return {
    versionAt: (place) =>
      attempt(async () => {
        const record = readJson(await readSealed(fileOf('places', place)));
        return record && stringAt(record, 'place') === place
          ? stringAt(record, 'version')
          : undefined;
      }),
    setVersion: async (place, version) => {
      const file = fileOf('places', place);
      await attempt(() => writeSealed(file, Buffer.from(JSON.stringify({ place, version }))));
      await touch(file);
    },
    has: async (address) =>
      (await attempt(() =>
        access(fileOf('files', address)).then(
          () => true,
          () => false,
        ),
      )) === true,
    read: (address) =>
      attempt(async () => {
        const file = fileOf('files', address);
        const packed = await readSealed(file);
        if (!packed) return undefined;
        await touch(file);
        return unpack(packed, address);
      }),
    write: async (address, files) => {
      const file = fileOf('files', address);
      grown = true;
      await attempt(() => writeSealed(file, pack(address, files)));
      await touch(file);
    },
    users: () =>
      attempt(async () => {
        const text = await readSealed(usersFile);
        return text?.toString('utf8');
      }),
    setUsers: async (text) => {
      await attempt(() => writeSealed(usersFile, Buffer.from(text)));
    },
    trim: async (inUse) => {
      const now = new Set([
        ...inUse.places.map((place) => fileOf('places', place)),
        ...inUse.addresses.map((address) => fileOf('files', address)),
      ]);
      const left = [...before].filter((file) => !now.has(file));
      before = now;
      await Promise.all(left.map(touch));
      if (!grown && left.length === 0) return;
      grown = false;
      await attempt(async () => {
        await dropOldest(folders.files, now, { most: maxBytes, weigh: (size) => size });
        await dropOldest(folders.places, now, { most: MAX_PLACES, weigh: () => 1 });
      });
    },
  };
}

/** Makes the folders, and clears away what a killed daemon had not finished. */
async function open(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Contents of private registries: also where somebody made the folder beforehand.
    await chmod(folder, 0o700);
    for (const name of await readdir(folder)) {
      if (name.endsWith(UNFINISHED)) await rm(path.join(folder, name), { force: true });
    }
  }
}

async function dropOldest(
  folder: string,
  inUse: ReadonlySet<string>,
  bound: { readonly most: number; readonly weigh: (size: number) => number },
): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith(UNFINISHED));
  const found = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const about = await stat(file).catch(() => undefined);
      const weight = about ? bound.weigh(about.size) : 0;
      return { path: file, weight, usedAt: about?.mtimeMs ?? 0 };
    }),
  );
  for (const { path: file } of leastRecent(found, inUse, bound.most)) {
    await rm(file, { force: true });
  }
}

/** A line of JSON with names and sizes, then all contents one after another. */
function pack(address: string, files: Files): Uint8Array {
  const list = [...files].map(([name, content]) => [name, content.length]);
  const head = Buffer.from(`${JSON.stringify({ address, files: list })}\n`);
  return Buffer.concat([head, ...files.values()]);
}

function unpack(packed: Buffer, address: string): Files | undefined {
  const end = packed.indexOf('\n');
  const head = readJson(packed.subarray(0, Math.max(end, 0)));
  if (!head || stringAt(head, 'address') !== address) return undefined;
  const files = new Map<string, Uint8Array>();
  let at = end + 1;
  for (const item of listAt(head, 'files')) {
    const [name, size] = Array.isArray(item) ? item : [];
    if (typeof name !== 'string' || typeof size !== 'number') return undefined;
    files.set(name, packed.subarray(at, at + size));
    at += size;
  }
  return at === packed.length ? files : undefined;
}

function readJson(bytes: Uint8Array | undefined): JsonObject | undefined {
  if (!bytes) return undefined;
  try {
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
