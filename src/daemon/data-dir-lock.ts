// The lock of the data directory: a file with the id of the daemon that has it, and one that tells which process that is.
import type { Stats } from 'node:fs';
import { link, readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, judgeProcess } from '../lib/process-identity.ts';
import { UNFINISHED, writeWhole } from '../lib/whole-file.ts';
import { SluiceError } from '../model/sluice-error.ts';

/** Holds the id alone, as programs before this one read and write it. */
const LOCK_FILE = 'daemon.pid';
/** Whoever clears a lock that was left behind holds this lock meanwhile: else two might clear each other's. */
const TAKEOVER = '.takeover';
/** Written before a lock is taken, so whoever sees a lock can see whose it is. */
const identityFile = (pid: number): string => `daemon.${pid}.json`;
const IDENTITY_FILE = /^daemon\.(\d+)\.json$/u;
/** A takeover takes a moment; this many times a moment is waited, in milliseconds. */
const TRIES = 100;
const MOMENT_MS = 50;
/** Takeovers of takeovers, each of which was killed in the middle. */
const MAX_DEPTH = 4;

interface Found {
  readonly file: Stats;
  readonly pid: number;
  readonly holder: 'gone' | 'lives' | 'unknown';
}

/**
 * Takes the lock, over from a daemon that was killed if need be.
 * @returns what lets go of it
 * @throws SluiceError DataDirInvalid when a daemon has it, or may have it
 */
export async function lockDataDir(directory: string): Promise<() => Promise<void>> {
  const lock = path.join(directory, LOCK_FILE);
  const own = path.join(directory, identityFile(process.pid));
  // Before our own record is there: a daemon that was killed may have had our id.
  const before = await find(lock);
  if (before) refuseHeld(before, lock);
  const identity = identifyProcess(process.pid);
  if (identity) await writeWhole(own, `${JSON.stringify(identity)}\n`);
  try {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const found = tries === 0 ? before : await find(lock);
      if (found) {
        refuseHeld(found, lock);
        await clear(lock, found.file, 1);
      }
      if (await place(lock)) {
        await clearLeftovers(directory);
        return async () => {
          await rm(lock, { force: true });
          await rm(own, { force: true });
        };
      }
    }
    throw new SluiceError('DataDirInvalid', `${directory} cannot be locked`);
  } catch (error) {
    await rm(own, { force: true });
    throw error;
  }
}

function refuseHeld({ holder, pid }: Found, lock: string): void {
  if (holder === 'gone') return;
  const used = `${path.dirname(lock)} is in use by the daemon with process id ${pid}`;
  const doubt = `, or by what has that id now; if that is no daemon, remove ${lock}`;
  throw new SluiceError('DataDirInvalid', holder === 'lives' ? used : `${used}${doubt}`);
}

/** Removes a lock that was found left behind, if it is still that one. */
async function clear(lock: string, stale: Stats, depth: number): Promise<void> {
  const guard = `${lock}${TAKEOVER}`;
  if (depth > MAX_DEPTH) throw new SluiceError('DataDirInvalid', `${lock} cannot be taken over`);
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await place(guard)) {
      try {
        // While we hold the guard nobody else removes it; the same file can only be the same lock.
        const now = await stat(lock).catch(() => undefined);
        if (now && isSameFile(now, stale)) await rm(lock, { force: true });
        return;
      } finally {
        await rm(guard, { force: true });
      }
    }
    const other = await find(guard);
    if (other?.holder === 'gone') await clear(guard, other.file, depth + 1);
    else if (other) await sleep(MOMENT_MS);
  }
  throw new SluiceError('DataDirInvalid', `${guard} is there, but nobody finishes; remove it`);
}

/** False where the lock is there already. */
async function place(lock: string): Promise<boolean> {
  try {
    await writeWhole(lock, `${process.pid}\n`, { place: link });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** A lock and its holder; undefined where nobody has it. */
async function find(lock: string): Promise<Found | undefined> {
  const file = await stat(lock).catch(() => undefined);
  if (!file) return undefined;
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).trim());
  const record = path.join(path.dirname(lock), identityFile(pid));
  const holder = judgeProcess(pid, await readFile(record, 'utf8').catch(() => undefined));
  // It may have changed hands in between: then what was read is not about this file.
  const now = await stat(lock).catch(() => undefined);
  return now && isSameFile(now, file) ? { file, pid, holder } : find(lock);
}

function isSameFile(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.mtimeMs === b.mtimeMs;
}

/** Of daemons that were killed, now or while they took over. */
async function clearLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const file = path.join(directory, name);
    const pid = Number(IDENTITY_FILE.exec(name)?.[1] ?? 0);
    const record = pid === 0 ? undefined : await readFile(file, 'utf8').catch(() => undefined);
    const isOther = pid !== 0 && judgeProcess(pid, record) === 'gone';
    const isHalf = name.startsWith('daemon.') && name.endsWith(UNFINISHED) && (await isOld(file));
    if (isOther || isHalf) await rm(file, { force: true });
  }
}

/** What others write at this moment is theirs. */
async function isOld(file: string): Promise<boolean> {
  const about = await stat(file).catch(() => undefined);
  return about !== undefined && Date.now() - about.mtimeMs > TRIES * MOMENT_MS;
}
