// The property test of rollouts with a random seed and many histories; SLUICE_SEED repeats a run.
import { describe, it } from 'vitest';
import { tryHistories } from '../property/support/try-histories.ts';

const RUNS = 1_500;

describe('a random history', () => {
  it('ends as the last commit asks, of any seed', { timeout: 900_000 }, async () => {
    const given = Number(process.env['SLUICE_SEED']);
    await tryHistories(given > 0 ? given : Date.now() % 1_000_000_007, RUNS);
  });
});
