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
