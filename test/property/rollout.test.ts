// Whatever happens on the way, in the end the target is what the last commit asks for.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { histories } from './support/histories.ts';
import { liveThrough } from './support/history.ts';

const RUNS = Number(process.env['RUNS'] ?? 60);

it('ends as the last commit asks, with nothing orphaned and nothing of others touched', async () => {
  const seed = Number(process.env['SEED'] ?? 1);
  console.log(`property test of rollouts: seed ${seed}, ${RUNS} histories`);
  const t = Date.now();
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const wrong = await liveThrough(history);
      expect(wrong).toEqual([]);
    }),
    { seed, numRuns: RUNS, endOnFailure: process.env['SHRINK'] === undefined },
  );
  console.log(Date.now() - t);
});
