// Packs what many small fetches and commits left behind; automatic maintenance is off, so that its time is ours to choose.
import type { Git } from './runner.ts';

/** Operations that write objects between two runs. */
export const MAINTENANCE_EVERY = 1_000;

/** Runs `git gc` with its usual two weeks of grace for unreachable objects; safe beside readers and writers. */
export async function packRepository(
  git: Git,
  gitDir: string,
  signal?: AbortSignal,
): Promise<void> {
  await git.succeed({ gitDir, args: ['gc', '--quiet'], signal, timeoutMs: 600_000 });
}

/**
 * Clears away every ref but these, and at once what nothing reaches then. Only for a repository that nobody else
 * reads or writes meanwhile.
 * @param keep full names
 */
export async function compactRepository(
  git: Git,
  gitDir: string,
  keep: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<void> {
  const listed = await git.succeed({
    gitDir,
    args: ['for-each-ref', '--format=%(refname)'],
    signal,
  });
  const names = listed.stdout.toString('utf8').split('\n');
  const gone = names.filter((name) => name !== '' && !keep.has(name));
  const input = gone.map((name) => `delete ${name}\n`).join('');
  await git.succeed({ gitDir, args: ['update-ref', '--stdin'], input, signal });
  const args = ['gc', '--quiet', '--prune=now'];
  await git.succeed({ gitDir, args, signal, timeoutMs: 600_000 });
}
