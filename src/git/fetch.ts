// Brings one branch of a remote into a bare repository: one explicit refspec, no tags, nothing pruned.
import { SluiceError } from '../model/sluice-error.ts';
import { accessSettings } from './ls-remote.ts';
import { branchRef } from './ref-name.ts';
import type { Remote } from './remote.ts';
import type { Git } from './runner.ts';

export interface FetchOptions {
  /** Bare repository to fetch into. */
  readonly gitDir: string;
  /** Local ref that is set to the branch's tip, forwards or not. */
  readonly into: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, ten minutes unless given: a first fetch may be large. */
  readonly timeoutMs?: number;
}

export interface FetchRefOptions extends FetchOptions {
  /** Full name of a ref, or a full object id where the server allows it. */
  readonly from: string;
  /** Only this many commits of the history; all of it unless given. */
  readonly depth?: number;
}

/**
 * Fetches the remote's branch.
 * @throws SluiceError GitFailed when the remote cannot be reached, refuses, or sends objects that fail fsck
 */
export async function fetchBranch(git: Git, remote: Remote, options: FetchOptions): Promise<void> {
  await fetchRef(git, remote, { ...options, from: branchRef(remote.branch) });
}

/**
 * Fetches one ref, whatever the branch of the remote is.
 * @throws SluiceError GitFailed as above
 */
export async function fetchRef(git: Git, remote: Remote, options: FetchRefOptions): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await fetchOnce(git, remote, options);
      return;
    } catch (error) {
      if (tries === FETCH_TRIES || !isRace(error)) throw error;
    }
  }
}

/** A plan may be made beside a daemon: both fetch into the same repository, and one finds the ref moved. */
const FETCH_TRIES = 5;

function isRace(error: unknown): boolean {
  return error instanceof SluiceError && error.message.includes('cannot lock ref');
}

async function fetchOnce(git: Git, remote: Remote, options: FetchRefOptions): Promise<void> {
  const access = await remote.access();
  await git.succeed({
    ...accessSettings(access),
    gitDir: options.gitDir,
    args: [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-auto-maintenance',
      '--no-recurse-submodules',
      '--no-show-forced-updates',
      '--refmap=',
      ...(options.depth === undefined ? [] : [`--depth=${options.depth}`]),
      '--end-of-options',
      access.url,
      `+${options.from}:${options.into}`,
    ],
    signal: options.signal,
    timeoutMs: options.timeoutMs ?? 600_000,
  });
}
