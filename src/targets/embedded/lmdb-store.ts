// Objects on disk in LMDB: group commit for one writing process, and readers in others.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { RootDatabase } from 'lmdb';
import { identifyProcess, judgeProcess } from '../../lib/process-identity.ts';
import { SluiceError } from '../../model/sluice-error.ts';
import type { LiveObject } from '../target.ts';
import { decodeObject, encodeObject } from './object-codec.ts';
import type { ObjectStore } from './store.ts';

export interface LmdbStoreOptions {
  /** Folder of the store; made when it is missing. */
  readonly path: string;
  /** Open beside a process that writes; nothing is created. Default: false. */
  readonly readOnly?: boolean;
}

/** Objects lie below this prefix, the rest is about the store itself. */
const OBJECTS = 'o';
const FORMAT = '1';

/** Objects kept decoded in the writing process, the least recently used going first. */
const DECODED_LIMIT = 2000;

interface Pending {
  readonly object: LiveObject | undefined;
  readonly version: number;
}

/**
 * Opens the store. One process writes at a time: LMDB itself would let several, but versions are counted in
 * memory, so a second writer is refused while the first is alive.
 * @throws SluiceError DataDirInvalid when another process writes, or the format is unknown
 */
export function openLmdbStore(options: LmdbStoreOptions): ObjectStore {
  const readOnly = options.readOnly ?? false;
  const db = openDatabase(options.path, readOnly);
  try {
    if (!readOnly) claim(db, options.path);
    const format = db.get('format');
    if (format !== FORMAT) {
      throw new SluiceError(
        'DataDirInvalid',
        `${options.path}: unknown format ${format ?? 'none'}`,
      );
    }
  } catch (error) {
    void db.close();
    throw error;
  }
  return readOnly ? readingStore(db) : writingStore(db);
}

function openDatabase(path: string, readOnly: boolean): RootDatabase<string, string> {
  if (!readOnly) mkdirSync(path, { recursive: true, mode: 0o700 });
  try {
    return open<string, string>({
      path: join(path, 'objects.mdb'),
      encoding: 'string',
      readOnly,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SluiceError('DataDirInvalid', `${path}: ${reason}`, { cause });
  }
}

function claim(db: RootDatabase<string, string>, path: string): void {
  db.transactionSync(() => {
    const writer = Number(db.get('writer') ?? 0);
    const holder = judgeProcess(writer, db.get('writerProcess'));
    if (writer !== process.pid && holder !== 'gone') {
      throw new SluiceError(
        'DataDirInvalid',
        `${path}: process ${writer} is writing to this store`,
      );
    }
    db.putSync('writer', String(process.pid));
    // The id alone may be another process's by the time that somebody asks.
    db.putSync('writerProcess', JSON.stringify(identifyProcess(process.pid) ?? null));
    if (db.get('format') !== undefined) return;
    db.putSync('format', FORMAT);
    db.putSync('id', randomUUID());
    db.putSync('version', '0');
  });
}

function readingStore(db: RootDatabase<string, string>): ObjectStore {
  // Each call looks at the newest state of the disk instead of the snapshot that this turn began with.
  const fresh = (): RootDatabase<string, string> => {
    db.resetReadTxn();
    return db;
  };
  return {
    id: db.get('id') ?? '',
    readOnly: true,
    version: () => Number(fresh().get('version') ?? 0),
    get: (key) => decoded(fresh().get(OBJECTS + key)),
    *entries(prefix) {
      for (const { key, value } of fresh().getRange(rangeOf(prefix))) {
        yield [key.slice(OBJECTS.length), decodeObject(value)];
      }
    },
    *keys(prefix) {
      for (const key of fresh().getKeys(rangeOf(prefix))) yield key.slice(OBJECTS.length);
    },
    write: () => {
      throw new TypeError('the store is open for reading only');
    },
    durable: () => Promise.resolve(),
    onDurable: () => undefined,
    close: () => db.close(),
  };
}

function writingStore(db: RootDatabase<string, string>): ObjectStore {
  const pending = new Map<string, Pending>();
  const decodedObjects = new Map<string, LiveObject>();
  const listeners: ((version: number) => void)[] = [];
  let current = Number(db.get('version') ?? 0);
  let batch: string[] = [];
  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;

  const flush = async (): Promise<void> => {
    // Writers of the same turn share one transaction.
    await new Promise((resolve) => setImmediate(resolve));
    const keys = batch;
    const upTo = current;
    batch = [];
    await db.batch(() => {
      for (const key of keys) {
        const entry = pending.get(key);
        if (!entry) continue;
        if (entry.object) void db.put(OBJECTS + key, encodeObject(entry.object));
        else void db.remove(OBJECTS + key);
      }
      void db.put('version', String(upTo));
    });
    await db.flushed;
    db.resetReadTxn();
    for (const key of keys) {
      if ((pending.get(key)?.version ?? Infinity) <= upTo) pending.delete(key);
    }
    for (const listener of listeners) listener(upTo);
  };

  const start = (): Promise<void> => {
    running = flush().finally(() => {
      running = queued;
      queued = undefined;
    });
    return running;
  };

  const durable = (): Promise<void> => {
    if (batch.length === 0) return running ?? Promise.resolve();
    if (!running) return start();
    queued ??= running.catch(() => undefined).then(start);
    return queued;
  };

  const remember = (key: string, object: LiveObject): void => {
    decodedObjects.delete(key);
    decodedObjects.set(key, object);
    if (decodedObjects.size <= DECODED_LIMIT) return;
    const oldest = decodedObjects.keys().next();
    if (!oldest.done) decodedObjects.delete(oldest.value);
  };

  return {
    id: db.get('id') ?? '',
    readOnly: false,
    version: () => current,
    get: (key) => {
      const entry = pending.get(key);
      if (entry) return entry.object;
      const object = decodedObjects.get(key) ?? decoded(db.get(OBJECTS + key));
      if (object) remember(key, object);
      return object;
    },
    *entries(prefix) {
      for (const key of mergedKeys(db, pending, prefix)) {
        const entry = pending.get(key);
        // A scan must not drive out what single reads use.
        const object = entry
          ? entry.object
          : (decodedObjects.get(key) ?? decoded(db.get(OBJECTS + key)));
        if (object) yield [key, object];
      }
    },
    keys: (prefix) => mergedKeys(db, pending, prefix),
    write(version, changes) {
      current = version;
      for (const { key, object } of changes) {
        pending.set(key, { object, version });
        if (object) remember(key, object);
        else decodedObjects.delete(key);
        batch.push(key);
      }
      // Failures reach whoever awaits durable(); here they must only not be unhandled.
      durable().catch(() => undefined);
    },
    durable,
    onDurable: (listener) => void listeners.push(listener),
    async close() {
      await durable();
      await db.remove('writer');
      await db.remove('writerProcess');
      await db.close();
    },
  };
}

/** Keys on disk and in memory, in order, without those about to be removed. */
function mergedKeys(
  db: RootDatabase<string, string>,
  pending: ReadonlyMap<string, Pending>,
  prefix: string,
): readonly string[] {
  const keys: string[] = [];
  for (const key of db.getKeys(rangeOf(prefix))) {
    const name = key.slice(OBJECTS.length);
    if (!pending.has(name)) keys.push(name);
  }
  if (pending.size === 0) return keys;
  for (const [key, entry] of pending) {
    if (entry.object && key.startsWith(prefix)) keys.push(key);
  }
  return keys.sort();
}

function rangeOf(prefix: string): { start: string; end: string } {
  return { start: OBJECTS + prefix, end: `${OBJECTS}${prefix}\u{10ffff}` };
}

function decoded(text: string | undefined): LiveObject | undefined {
  return text === undefined ? undefined : decodeObject(text);
}
