// Repositories that were fetched for packages, on disk: one per address and hash, and only so much of them.
import { createHash } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { compactRepository, openBareRepository } from '../git/index.ts';
import type { Git, ObjectFormat } from '../git/index.ts';
import type { Clock } from '../lib/clock.ts';
import { createSerial } from '../lib/serial.ts';
import type { Serial } from '../lib/serial.ts';
import { UNFINISHED } from '../lib/whole-file.ts';
import { leastRecent, markUsed } from './least-recent.ts';
import type { Held } from './least-recent.ts';

export interface GitCacheOptions {
  readonly git: Git;
  /** Directory of our own; repositories are made in it. */
  readonly directory: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Bytes of all repositories. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Told once of each kind of trouble in making room. */
  readonly onTrouble?: (message: string) => void;
}

/** What of an address a unit uses. */
export interface GitUse {
  readonly url: string;
  /** Local refs that it may have been fetched into. */
  readonly refs: readonly string[];
}

export interface GitCache {
  /** Runs the work in the repository of the address, one after another; it is made where it is not there. */
  use<T>(
    at: { readonly url: string; readonly format: ObjectFormat },
    work: (gitDir: string) => Promise<T>,
  ): Promise<T>;
  /**
   * Drops whole repositories, those that were used least recently first, until all fit; none that is in use. Where
   * those alone are too much, what moved refs have left behind in them is cleared away behind the caller's back.
   * Never throws.
   */
  trim(inUse: readonly GitUse[]): Promise<void>;
  /** Ends what still runs. */
  close(): void;
}

interface Repository {
  readonly serial: Serial;
  /** Works that run or wait. */
  users: number;
  opened: boolean;
  /** Bytes as last measured; undefined after a work. */
  bytes: number | undefined;
  /** Bytes that clearing away has left: it is not worth repeating before it has grown to twice that. */
  compact: number;
}

const MAX_BYTES = 1024 ** 3;

/** A repository that was dropped is made again when it is used. */
export function createGitCache(options: GitCacheOptions): GitCache {
  const { git, directory, clock, maxBytes = MAX_BYTES } = options;
  const repositories = new Map<string, Repository>();
  const closing = new AbortController();
  let before: ReadonlySet<string> = new Set();
  /** True while there may be more than fits. */
  let grown = true;
  let lastTrouble = '';

  const repositoryAt = (gitDir: string): Repository => {
    const known = repositories.get(gitDir);
    if (known) return known;
    const made = { serial: createSerial(), users: 0, opened: false, bytes: undefined, compact: 0 };
    repositories.set(gitDir, made);
    return made;
  };
  const nameOf = (url: string, format: ObjectFormat): string => {
    const hash = createHash('sha256').update(url).digest('hex').slice(0, 20);
    return path.join(directory, `${hash}-${format}.git`);
  };
  const touch = (gitDir: string): Promise<void> => markUsed(gitDir, clock);
  const tell = (error: unknown): void => {
    if (closing.signal.aborted) return;
    grown = true;
    const message = error instanceof Error ? error.message : String(error);
    if (message !== lastTrouble) options.onTrouble?.(message);
    lastTrouble = message;
  };

  const drop = async (gitDir: string): Promise<void> => {
    const repository = repositoryAt(gitDir);
    const gone = `${gitDir}${UNFINISHED}`;
    await repository.serial(async () => {
      // Half a repository would be taken for a whole one after a kill.
      await rm(gone, { recursive: true, force: true, maxRetries: 5 });
      await rename(gitDir, gone);
      repository.opened = false;
    });
    await rm(gone, { recursive: true, force: true, maxRetries: 5 });
    if (repository.users === 0) repositories.delete(gitDir);
  };
  const compact = async (gitDir: string, keep: ReadonlySet<string>): Promise<void> => {
    const repository = repositoryAt(gitDir);
    repository.users += 1;
    try {
      await repository.serial(() => compactRepository(git, gitDir, keep, closing.signal));
      repository.bytes = await sizeOf(gitDir);
      repository.compact = repository.bytes;
    } catch (error) {
      tell(error);
    } finally {
      repository.users -= 1;
    }
  };
  const measure = async (): Promise<Held[]> => {
    const names = await readdir(directory).catch(() => []);
    const found: Held[] = [];
    for (const name of names) {
      const gitDir = path.join(directory, name);
      if (name.endsWith(UNFINISHED)) {
        await rm(gitDir, { recursive: true, force: true, maxRetries: 5 });
        continue;
      }
      const repository = repositoryAt(gitDir);
      repository.bytes ??= await sizeOf(gitDir);
      const usedAt = (await stat(gitDir).catch(() => undefined))?.mtimeMs ?? 0;
      found.push({ path: gitDir, weight: repository.bytes, usedAt });
    }
    return found;
  };

  return {
    use: async ({ url, format }, work) => {
      const gitDir = nameOf(url, format);
      const repository = repositoryAt(gitDir);
      repository.users += 1;
      try {
        return await repository.serial(async () => {
          if (!repository.opened) await openBareRepository(git, gitDir, { format });
          repository.opened = true;
          return work(gitDir);
        });
      } finally {
        repository.users -= 1;
        repository.bytes = undefined;
        grown = true;
        await touch(gitDir);
      }
    },
    trim: async (inUse) => {
      const refs = refsByRepository(inUse, nameOf);
      const left = [...before].filter((gitDir) => !refs.has(gitDir));
      before = new Set(refs.keys());
      await Promise.all(left.map(touch));
      if (!grown && left.length === 0) return;
      grown = false;
      try {
        const held = await measure();
        const busy = held.filter((item) => (repositories.get(item.path)?.users ?? 0) > 0);
        const stays = new Set([...before, ...busy.map((item) => item.path)]);
        const going = leastRecent(held, stays, maxBytes);
        for (const { path: gitDir } of going) await drop(gitDir);
        const rest = held.filter((item) => !going.includes(item));
        if (rest.reduce((sum, { weight }) => sum + weight, 0) <= maxBytes) return;
        for (const { path: gitDir, weight } of rest) {
          const keep = refs.get(gitDir);
          const repository = repositoryAt(gitDir);
          if (!keep || weight < 2 * repository.compact) continue;
          repository.compact = weight;
          void compact(gitDir, keep);
        }
      } catch (error) {
        tell(error);
      }
    },
    close: () => closing.abort(),
  };
}

function refsByRepository(
  inUse: readonly GitUse[],
  nameOf: (url: string, format: ObjectFormat) => string,
): ReadonlyMap<string, ReadonlySet<string>> {
  const byUrl = new Map<string, Set<string>>();
  for (const { url, refs } of inUse) {
    const known = byUrl.get(url) ?? new Set();
    byUrl.set(url, known);
    for (const ref of refs) known.add(ref);
  }
  return new Map(
    [...byUrl].flatMap(([url, refs]) =>
      (['sha1', 'sha256'] as const).map((format) => [nameOf(url, format), refs] as const),
    ),
  );
}

/** Bytes of all files below a folder. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  let total = 0;
  for (const name of names) {
    const about = await stat(path.join(folder, name)).catch(() => undefined);
    if (about?.isFile() === true) total += about.size;
  }
  return total;
}
