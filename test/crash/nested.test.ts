// Kills the rollout of a package that renders packages at some of its steps: units inside units lose nothing either.
import { beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from '../support/fault-line.ts';
import type { Commit } from '../support/simulation.ts';
import { differences } from './support/compare-runs.ts';
import { runRollout } from './support/interrupted-rollout.ts';
import type { RolloutRun } from './support/interrupted-rollout.ts';
import { CONFIG } from './support/rollout-scenario.ts';

const STRIDE = 3;

const manifest = (
  name: string,
  ...phases: readonly string[]
): string => `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: ${name}}
spec:
  scopes: [Namespaced]
  phases: [${phases.map((phase) => `{name: ${phase}}`).join(', ')}]
  availabilityProbes:
    - selector: {kind: {group: package-operator.run, kind: Package}}
      probes: [{condition: {type: Available, status: "True"}}]
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

const instance = (
  name: string,
  image: string,
  config: string,
  phase?: string,
): string => `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: ${name}, namespace: default${phase === undefined ? '' : `, annotations: {package-operator.run/phase: ${phase}}`}}
spec: {image: ./packages/${image}, config: {text: ${config}}}
`;

const TEXT = '"{{ .config.text }}"';

const BASE = {
  'sluice.yaml': CONFIG,
  'packages/outer/manifest.yaml': manifest('outer', 'first', 'middle', 'last'),
  'packages/outer/first.yaml.gotmpl': map('first', 'first'),
  'packages/outer/middle.yaml.gotmpl': instance('middle', 'middle', TEXT, 'middle'),
  'packages/outer/last.yaml.gotmpl': map('last', 'last'),
  'packages/middle/manifest.yaml': manifest('middle', 'own', 'inner'),
  'packages/middle/own.yaml.gotmpl': map('own', 'own'),
  'packages/middle/inner.yaml.gotmpl': instance('inner', 'inner', TEXT, 'inner'),
  'packages/inner/manifest.yaml': manifest('inner', 'only'),
  'packages/inner/inside.yaml.gotmpl': map('inside', 'only'),
};

/** install · change what reaches the innermost · drop the innermost · ask for it anew · delete everything but one */
const ROLLOUT: readonly Commit[] = [
  { id: 'install', files: { ...BASE, 'clusters/outer.yaml': instance('outer', 'outer', 'one') } },
  { id: 'update', files: { ...BASE, 'clusters/outer.yaml': instance('outer', 'outer', 'two') } },
  {
    id: 'drop',
    files: {
      ...BASE,
      'packages/middle/inner.yaml.gotmpl': map('instead', 'inner'),
      'clusters/outer.yaml': instance('outer', 'outer', 'two'),
    },
  },
  { id: 'again', files: { ...BASE, 'clusters/outer.yaml': instance('outer', 'outer', 'two') } },
  { id: 'clear', files: { ...BASE, 'clusters/other.yaml': instance('inner', 'inner', 'four') } },
];

describe(
  'a package that renders packages, killed at a step and started again',
  { timeout: 120_000 },
  () => {
    let expected: RolloutRun;

    beforeAll(async () => {
      expected = await runRollout(ROLLOUT);
    });

    it('ends each commit with nothing orphaned and no fault when nothing goes wrong', () => {
      expect(expected.faults).toEqual([]);
      expect(expected.stages.flatMap((stage) => stage.orphans)).toEqual([]);
      expect(expected.stages.map((stage) => Object.keys(stage.objects).length)).toEqual([
        4, 4, 4, 4, 1,
      ]);
    });

    for (const [offset, kind] of FAULTS.entries()) {
      it(`is as if it had not died: ${kind}`, async () => {
        const found: string[] = [];
        for (let at = 1 + offset; at <= expected.steps.length; at += STRIDE) {
          found.push(...(await differences(ROLLOUT, expected, { at, kind })));
        }
        expect(found).toEqual([]);
      });
    }

    it('is as if it had not died when the disk is lost as well and only the remote is left', async () => {
      const found: string[] = [];
      for (let at = 4; at <= expected.steps.length; at += STRIDE) {
        found.push(
          ...(await differences(ROLLOUT, expected, { at, kind: 'after', diskLost: true })),
        );
      }
      expect(found).toEqual([]);
    });
  },
);
