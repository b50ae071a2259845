// Kills a rollout at some of its steps and starts again: what comes out is what would have come out. All steps are
// tried in test/conformance/crash-all.test.ts.
import { beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from '../support/fault-line.ts';
import { differences } from './support/compare-runs.ts';
import { runRollout } from './support/interrupted-rollout.ts';
import type { RolloutRun } from './support/interrupted-rollout.ts';
import { ROLLOUT } from './support/rollout-scenario.ts';

/** Every so many steps one is interrupted; the flavours start at different ones. */
const STRIDE = 7;

describe('a rollout that dies at a step and is started again', { timeout: 120_000 }, () => {
  let expected: RolloutRun;

  beforeAll(async () => {
    expected = await runRollout(ROLLOUT);
  });

  it('ends each commit with nothing orphaned and no fault when nothing goes wrong', () => {
    expect(expected.faults).toEqual([]);
    expect(expected.stages.flatMap((stage) => stage.orphans)).toEqual([]);
    expect(expected.stages.map((stage) => Object.keys(stage.objects).length)).toEqual([
      8, 7, 5, 5, 1,
    ]);
  });

  for (const [offset, kind] of FAULTS.entries()) {
    it(`is as if it had not died: ${kind}`, async () => {
      const found: string[] = [];
      for (let at = 1 + offset * 2; at <= expected.steps.length; at += STRIDE) {
        found.push(...(await differences(ROLLOUT, expected, { at, kind })));
      }
      expect(found).toEqual([]);
    });
  }

  it('is as if it had not died when the disk is lost as well and only the remote is left', async () => {
    const found: string[] = [];
    for (let at = 6; at <= expected.steps.length; at += STRIDE) {
      found.push(...(await differences(ROLLOUT, expected, { at, kind: 'after', diskLost: true })));
    }
    expect(found).toEqual([]);
  });
});
