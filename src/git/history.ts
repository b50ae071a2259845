// Questions about how commits relate: what changed, who descends from whom, where a history begins.
import { gitFailure } from './runner.ts';
import type { Git, GitCommand } from './runner.ts';

export interface HistoryOptions {
  /** Bare repository. */
  readonly gitDir?: string;
  /** Directory inside a repository, instead of `gitDir`. */
  readonly directory?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Paths that differ between two commits, sorted; a renamed file counts as one removed and one added. */
export async function changedPaths(
  git: Git,
  before: string,
  after: string,
  options: HistoryOptions,
): Promise<readonly string[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', before, after];
  const { stdout } = await git.succeed({ ...options, args });
  return stdout.toString('utf8').split('\0').slice(0, -1).toSorted();
}

/** True when `ancestor` is reachable from `commit` (or equal to it); false too when the repository lacks `ancestor`. */
export async function isAncestor(
  git: Git,
  ancestor: string,
  commit: string,
  options: HistoryOptions,
): Promise<boolean> {
  if (ancestor === commit) return true;
  const args = ['merge-base', '--is-ancestor', ancestor, commit];
  const result = await git.run({ ...options, args });
  return result.code === 0;
}

/** The best common ancestor, or undefined for unrelated histories. */
export async function mergeBase(
  git: Git,
  one: string,
  other: string,
  options: HistoryOptions,
): Promise<string | undefined> {
  const command: GitCommand = { ...options, args: ['merge-base', one, other] };
  const result = await git.run(command);
  if (result.code > 1) throw gitFailure(command, result);
  return result.stdout.toString('utf8').trim().split('\n')[0] || undefined;
}

/**
 * First commits of a history, sorted.
 * @param known commit whose roots are known already; only what is not reachable from it is walked
 */
export async function rootCommits(
  git: Git,
  commit: string,
  known: string | undefined,
  options: HistoryOptions,
): Promise<readonly string[]> {
  const without = known === undefined ? [] : ['--not', known];
  const args = ['rev-list', '--max-parents=0', commit, ...without];
  const { stdout } = await git.succeed({ ...options, args });
  return lines(stdout).toSorted();
}

/**
 * The newest commit that is reachable from `commit`, not from `without`, and whose message has a matching line.
 * @param pattern basic regular expression for one line of the message
 */
export async function newestWithMessage(
  git: Git,
  commit: string,
  pattern: string,
  options: HistoryOptions & { readonly without?: string | undefined },
): Promise<string | undefined> {
  const { without, ...place } = options;
  const range = without === undefined ? [commit] : [commit, '--not', without];
  const args = ['rev-list', '--max-count=1', '--basic-regexp', `--grep=${pattern}`, ...range];
  const { stdout } = await git.succeed({ ...place, args });
  return lines(stdout)[0];
}

function lines(output: Buffer): string[] {
  return output
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}
