// The property test of rollouts with many histories. The same ones each time, so that a failure tells of the change that
// is judged; SLUICE_SEED (a number, or `random`) and SLUICE_RUNS look further.
import { describe, it } from 'vitest';
import { tryHistories } from '../property/support/try-histories.ts';

const SEED = 28_793_665;
const RUNS = 1_500;

describe('a random history', () => {
  it('ends as the last commit asks, of many seeds', { timeout: 3_600_000 }, async () => {
    const { SLUICE_SEED: seed = '', SLUICE_RUNS: runs = '' } = process.env;
    const chosen = seed === 'random' ? Date.now() % 1_000_000_007 : Number(seed) || SEED;
    await tryHistories(chosen, Number(runs) || RUNS);
  });
});
