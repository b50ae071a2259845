// Kills a rollout at every step, in every way: before it, after it, with the answer lost, with the disk lost.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Commit } from '../support/simulation.ts';
import { differences } from '../crash/support/compare-runs.ts';
import { runRollout } from '../crash/support/interrupted-rollout.ts';
import type {
  Interruption,
  RolloutRun,
  RolloutWorld,
} from '../crash/support/interrupted-rollout.ts';
import { REMOTE_ROLLOUT, REMOTE_WORLD } from '../crash/support/remote-phase-scenario.ts';
import { ROLLOUT } from '../crash/support/rollout-scenario.ts';

const WAYS: Readonly<Record<string, Omit<Interruption, 'at'>>> = {
  'before the step': { kind: 'before' },
  'after the step': { kind: 'after' },
  'with the answer lost': { kind: 'lost' },
  'before the step, disk lost': { kind: 'before', diskLost: true },
  'after the step, disk lost': { kind: 'after', diskLost: true },
};

const ROLLOUTS: readonly (readonly [string, readonly Commit[], RolloutWorld])[] = [
  ['a rollout', ROLLOUT, {}],
  ['a rollout with a phase that somebody else runs', REMOTE_ROLLOUT, REMOTE_WORLD],
];

for (const [what, rollout, world] of ROLLOUTS) {
  describe(`every step of ${what}`, () => {
    let expected: RolloutRun;

    beforeAll(async () => {
      expected = await runRollout(rollout, undefined, world);
    });

    for (const [name, way] of Object.entries(WAYS)) {
      it(`leaves no trace when the session dies ${name}`, async () => {
        const begun = Date.now();
        const found: string[] = [];
        for (let at = 1; at <= expected.steps.length; at += 1) {
          found.push(...(await differences(rollout, expected, { ...way, at }, world)));
        }
        console.log(`${expected.steps.length} crash points, ${name}: ${Date.now() - begun} ms`);
        expect(found).toEqual([]);
      });
    }
  });
}
