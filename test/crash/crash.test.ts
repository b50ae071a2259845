// Kills a rollout at its steps and starts again: what comes out is what would have come out.
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../support/fault-line.ts';
import { differences } from './support/compare-runs.ts';
import { runRollout } from './support/interrupted-rollout.ts';
import { ROLLOUT } from './support/rollout-scenario.ts';

describe('x', () => {
  it('runs', async () => {
    const t = Date.now();
    const expected = await runRollout(ROLLOUT);
    const out: string[] = [];
    for (let at = 1; at <= expected.steps.length; at++)
      for (const kind of FAULTS) for (const diskLost of kind === 'lost' ? [false] : [false, true]) {
        out.push(...await differences(ROLLOUT, expected, { at, kind, diskLost }));
      }
    console.log(Date.now() - t, out.length);
    for (const line of out.slice(0, 80)) console.log(line.slice(0, 400));
    expect(out.length).toBe(0);
  });
});
