// Kills a rollout at every step, in every way: before it, after it, with the answer lost, with the disk lost.
import { beforeAll, describe, expect, it } from 'vitest';
import { differences } from '../crash/support/compare-runs.ts';
import { runRollout } from '../crash/support/interrupted-rollout.ts';
import type { Interruption, RolloutRun } from '../crash/support/interrupted-rollout.ts';
import { ROLLOUT } from '../crash/support/rollout-scenario.ts';

const WAYS: Readonly<Record<string, Omit<Interruption, 'at'>>> = {
  'before the step': { kind: 'before' },
  'after the step': { kind: 'after' },
  'with the answer lost': { kind: 'lost' },
  'before the step, disk lost': { kind: 'before', diskLost: true },
  'after the step, disk lost': { kind: 'after', diskLost: true },
};

describe('every step of a rollout', () => {
  let expected: RolloutRun;

  beforeAll(async () => {
    expected = await runRollout(ROLLOUT);
  });

  for (const [name, way] of Object.entries(WAYS)) {
    it(`leaves no trace when the session dies ${name}`, async () => {
      const begun = Date.now();
      const found: string[] = [];
      for (let at = 1; at <= expected.steps.length; at += 1) {
        found.push(...(await differences(ROLLOUT, expected, { ...way, at })));
      }
      console.log(`${expected.steps.length} crash points, ${name}: ${Date.now() - begun} ms`);
      expect(found).toEqual([]);
    });
  }
});
