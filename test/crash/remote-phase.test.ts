// Kills rollouts with a phase that somebody else runs at some of their steps: its ObjectSetPhases come and go as if
// nothing was. All steps are tried in test/conformance/crash-all.test.ts.
import { beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from '../support/fault-line.ts';
import { differences } from './support/compare-runs.ts';
import { runRollout } from './support/interrupted-rollout.ts';
import type { RolloutRun } from './support/interrupted-rollout.ts';
import { REMOTE_ROLLOUT, REMOTE_WORLD } from './support/remote-phase-scenario.ts';

const STRIDE = 4;

describe(
  'a phase that somebody else runs, killed at a step and started again',
  { timeout: 120_000 },
  () => {
    let expected: RolloutRun;

    beforeAll(async () => {
      expected = await runRollout(REMOTE_ROLLOUT, undefined, REMOTE_WORLD);
    });

    it('ends each commit with nothing orphaned and no fault when nothing goes wrong', () => {
      expect(expected.faults).toEqual([]);
      expect(expected.stages.flatMap((stage) => stage.orphans)).toEqual([]);
      const names = expected.stages.map(({ objects }) =>
        Object.keys(objects).map((name) =>
          name.replace(/ default\/shop-[0-9a-z]{10}/u, ' shop').replace(' default/', ' '),
        ),
      );
      const kind = 'CustomResourceDefinition /objectsetphases.package-operator.run';
      const all = (phase: string, ...hosted: readonly string[]): string[] =>
        [
          ...['first', 'last', ...hosted].map((name) => `ConfigMap ${name}`),
          kind,
          `ObjectSetPhase ${phase}`,
        ].toSorted();
      expect(names.map((list) => list.toSorted())).toEqual([
        all('shop-hosted', 'dropped', 'kept'),
        all('shop-hosted', 'added', 'kept'),
        // Its name is told apart from that of the first revision by its number.
        all('shop-3-hosted', 'dropped', 'kept'),
        all('shop-hosted', 'kept'),
        [kind],
      ]);
    });

    for (const [offset, kind] of FAULTS.entries()) {
      it(`is as if it had not died: ${kind}`, async () => {
        const found: string[] = [];
        for (let at = 1 + offset; at <= expected.steps.length; at += STRIDE) {
          found.push(...(await differences(REMOTE_ROLLOUT, expected, { at, kind }, REMOTE_WORLD)));
        }
        expect(found).toEqual([]);
      });
    }

    it('is as if it had not died when the disk is lost as well and only the remote is left', async () => {
      const found: string[] = [];
      for (let at = 4; at <= expected.steps.length; at += STRIDE) {
        const interruption = { at, kind: 'after', diskLost: true } as const;
        found.push(...(await differences(REMOTE_ROLLOUT, expected, interruption, REMOTE_WORLD)));
      }
      expect(found).toEqual([]);
    });
  },
);
