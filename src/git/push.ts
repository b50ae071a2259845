// Sends one commit to one branch, only if the branch still is where we believe it to be.
import { accessSettings } from './ls-remote.ts';
import { branchRef } from './ref-name.ts';
import type { Remote } from './remote.ts';
import { gitFailure } from './runner.ts';
import type { Git, GitCommand } from './runner.ts';

export interface PushOptions {
  /** Bare repository that holds the commit. */
  readonly gitDir: string;
  readonly commit: string;
  /** Where the remote's branch must be now; undefined when it must not exist. */
  readonly expected: string | undefined;
  /** Local ref below `refs/remotes/<name>/` that git sets in the same process once the remote has accepted. */
  readonly tracking: { readonly name: string };
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, two minutes unless given. */
  readonly timeoutMs?: number;
}

export type PushOutcome =
  | { readonly kind: 'pushed' }
  /** The lease did not hold, or the server refused: only a look at the branch can tell. */
  | { readonly kind: 'rejected'; readonly reason: string };

/**
 * Pushes with a lease.
 * @throws SluiceError GitFailed when the remote cannot be reached
 */
export async function pushWithLease(
  git: Git,
  remote: Remote,
  options: PushOptions,
): Promise<PushOutcome> {
  const access = await remote.access();
  const ref = branchRef(remote.branch);
  const { name } = options.tracking;
  const command: GitCommand = {
    ...accessSettings(access),
    gitDir: options.gitDir,
    // A remote that exists for this one command: it makes push keep the tracking ref, for the price of no process.
    config: [
      ...access.config,
      `remote.${name}.url=${access.url}`,
      `remote.${name}.fetch=+${ref}:${trackingRef(name, remote.branch)}`,
    ],
    args: [
      'push',
      '--porcelain',
      '--quiet',
      '--no-verify',
      '--no-follow-tags',
      '--recurse-submodules=no',
      `--force-with-lease=${ref}:${options.expected ?? ''}`,
      '--end-of-options',
      name,
      `${options.commit}:${ref}`,
    ],
    signal: options.signal,
    timeoutMs: options.timeoutMs ?? 120_000,
  };
  const result = await git.run(command);
  if (result.code === 0) return { kind: 'pushed' };
  const refusal = rejection(result.stdout.toString('utf8'), ref);
  if (refusal === undefined) throw gitFailure(command, result);
  return { kind: 'rejected', reason: refusal };
}

/** The local ref that remembers where a remote's branch was last known to be. */
export function trackingRef(name: string, branch: string): string {
  return `refs/remotes/${name}/${branch}`;
}

/** The summary of a `!` line of porcelain output for the ref. */
function rejection(porcelain: string, ref: string): string | undefined {
  for (const line of porcelain.split('\n')) {
    const [flag, pair, summary] = line.split('\t');
    if (flag === '!' && pair?.endsWith(`:${ref}`)) return summary ?? '';
  }
  return undefined;
}
