// Tries random histories, tells the seed first, and shrinks what goes wrong.
import fc from 'fast-check';
import { expect } from 'vitest';
import { histories } from './histories.ts';
import { liveThrough } from './history.ts';

/** @param seed repeats a run; it is printed so that a failure can be repeated */
export async function tryHistories(seed: number, runs: number): Promise<void> {
  const begun = Date.now();
  console.log(`random histories: seed ${seed}, ${runs} runs`);
  const property = fc.asyncProperty(histories, async (history) => {
    expect(await liveThrough(history)).toEqual([]);
  });
  await fc.assert(property, { seed, numRuns: runs });
  console.log(`random histories: ${Date.now() - begun} ms`);
}
