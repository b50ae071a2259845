// Kills rollouts with a phase on another target at some of their steps: nothing is left behind there either.
import { beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from '../support/fault-line.ts';
import type { Commit } from '../support/simulation.ts';
import { differences } from './support/compare-runs.ts';
import { runRollout } from './support/interrupted-rollout.ts';
import type { RolloutRun } from './support/interrupted-rollout.ts';

const STRIDE = 3;
const WORLD = { others: ['edge'] };

const CONFIG = `apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  targets:
    - {name: local, type: embedded, environment: {kubernetes: {version: v1.31.0}}}
    - {name: edge, type: embedded, environment: {kubernetes: {version: v1.31.0}}}
  sync:
    - {path: clusters, target: local, namespace: default}
  safety: {maxDeletions: 100%, maxUnitDeletions: 10, allowEmpty: true}
`;

const manifest = (place: string): string => `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: first}, {name: second${place}}, {name: third}]
  availabilityProbes: []
  config:
    openAPIV3Schema:
      type: object
      properties: {text: {type: string, default: one}}
`;

const map = (name: string, phase: string): string => `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, annotations: {package-operator.run/phase: ${phase}}}
data: {text: "{{ .config.text }}"}
`;

function commit(id: string, place: string, text: string): Commit {
  return {
    id,
    files: {
      'sluice.yaml': CONFIG,
      'packages/shop/manifest.yaml': manifest(place),
      'packages/shop/first.yaml.gotmpl': map('first', 'first'),
      'packages/shop/second.yaml.gotmpl': [map('second', 'second'), map('extra', 'second')].join(
        '---\n',
      ),
      'packages/shop/third.yaml.gotmpl': map('third', 'third'),
      'clusters/shop.yaml': `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: shop, namespace: default}
spec: {image: ./packages/shop, config: {text: ${text}}}
`,
    },
  };
}

/** install · change · bring the phase home · send it away again · delete everything */
const ROLLOUT: readonly Commit[] = [
  commit('install', ', class: edge', 'one'),
  commit('update', ', class: edge', 'two'),
  commit('home', '', 'two'),
  commit('away', ', class: edge', 'three'),
  { id: 'clear', files: { 'sluice.yaml': CONFIG } },
];

describe(
  'a phase on another target, killed at a step and started again',
  { timeout: 120_000 },
  () => {
    let expected: RolloutRun;

    beforeAll(async () => {
      expected = await runRollout(ROLLOUT, undefined, WORLD);
    });

    it('ends each commit with nothing orphaned and no fault when nothing goes wrong', () => {
      expect(expected.faults).toEqual([]);
      expect(expected.stages.flatMap((stage) => stage.orphans)).toEqual([]);
      const there = expected.stages.map(({ objects }) =>
        Object.keys(objects).filter((name) => name.startsWith('edge:')),
      );
      const both = ['edge:ConfigMap default/extra', 'edge:ConfigMap default/second'];
      expect(there).toEqual([both, both, [], both, []]);
      expect(expected.stages.map((stage) => Object.keys(stage.objects).length)).toEqual([
        4, 4, 4, 4, 0,
      ]);
    });

    for (const [offset, kind] of FAULTS.entries()) {
      it(`is as if it had not died: ${kind}`, async () => {
        const found: string[] = [];
        for (let at = 1 + offset; at <= expected.steps.length; at += STRIDE) {
          found.push(...(await differences(ROLLOUT, expected, { at, kind }, WORLD)));
        }
        expect(found).toEqual([]);
      });
    }

    it('is as if it had not died when the disk is lost as well and only the remote is left', async () => {
      const found: string[] = [];
      for (let at = 4; at <= expected.steps.length; at += STRIDE) {
        const interruption = { at, kind: 'after', diskLost: true } as const;
        found.push(...(await differences(ROLLOUT, expected, interruption, WORLD)));
      }
      expect(found).toEqual([]);
    });
  },
);
