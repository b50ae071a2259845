// The lock of the data directory: a file with the id of the daemon that has it, and one that tells which process that is.
import { link, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { identifyProcess, judgeProcess } from '../lib/process-identity.ts';
import { UNFINISHED, writeWhole } from '../lib/whole-file.ts';
import { SluiceError } from '../model/sluice-error.ts';

/** Holds the id alone, as programs before this one read and write it. */
const LOCK_FILE = 'daemon.pid';
/** Written before the lock is taken, so whoever sees a lock can see whose it is. */
const identityFile = (pid: number): string => `daemon.${pid}.json`;
const IDENTITY_FILE = /^daemon\.\d+\.json$/u;
const TRIES = 5;

/**
 * Takes the lock, over from a daemon that was killed if need be.
 * @returns what lets go of it
 * @throws SluiceError DataDirInvalid when a daemon has it, or may have it
 */
export async function lockDataDir(directory: string): Promise<() => Promise<void>> {
  const lock = path.join(directory, LOCK_FILE);
  const own = path.join(directory, identityFile(process.pid));
  let told = false;
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      if (!(await clearStale(directory, lock))) continue;
    } catch (error) {
      if (told) await rm(own, { force: true });
      throw error;
    }
    const identity = identifyProcess(process.pid);
    if (identity) await writeWhole(own, `${JSON.stringify(identity)}\n`);
    told = identity !== undefined;
    try {
      await writeWhole(lock, `${process.pid}\n`, link);
    } catch (error) {
      if (!isThere(error)) throw error;
      continue;
    }
    await clearLeftovers(directory);
    return async () => {
      await rm(lock, { force: true });
      await rm(own, { force: true });
    };
  }
  throw new SluiceError('DataDirInvalid', `${directory} cannot be locked`);
}

/** True when nobody has the lock; what a daemon that is gone left behind is moved away. */
async function clearStale(directory: string, lock: string): Promise<boolean> {
  const seen = await stat(lock).catch(() => undefined);
  if (!seen) return true;
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).trim());
  const record = path.join(directory, identityFile(pid));
  const holder = judgeProcess(pid, await readFile(record, 'utf8').catch(() => undefined));
  if (holder === 'lives') {
    const message = `${directory} is in use by the daemon with process id ${pid}`;
    throw new SluiceError('DataDirInvalid', message);
  }
  if (holder === 'unknown') {
    const message = `${directory} is in use by the daemon with process id ${pid}, or by what has that id now; if that is no daemon, remove ${lock}`;
    throw new SluiceError('DataDirInvalid', message);
  }
  // Two may clear it at once: who moves away the lock that the other has just taken puts it back.
  const aside = `${lock}.${randomUUID()}${UNFINISHED}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  try {
    const moved = await stat(aside);
    if (moved.ino === seen.ino && moved.mtimeMs === seen.mtimeMs) return true;
    await link(aside, lock).catch((error: unknown) => {
      if (!isThere(error)) throw error;
    });
    return false;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Of daemons that were killed, and of starts that were refused in between. */
async function clearLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const isOther = IDENTITY_FILE.test(name) && name !== identityFile(process.pid);
    const isHalf = name.startsWith(LOCK_FILE) && name.endsWith(UNFINISHED);
    if (isOther || isHalf) await rm(path.join(directory, name), { force: true });
  }
}

function isThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}
