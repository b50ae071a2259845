// The rollout of a phase that somebody else runs, for crash tests: its revisions come, go back and are forgotten.
import { PHASE_CRD, runPhaseController } from '../../support/phase-controller.ts';
import type { Commit } from '../../support/simulation.ts';
import type { RolloutWorld } from './interrupted-rollout.ts';
import { CONFIG } from './rollout-scenario.ts';

const CLASS = 'hosted-cluster';
/** With a controller of the class that outlives every session. */
export const REMOTE_WORLD: RolloutWorld = {
  neighbours: (simulation) => runPhaseController(simulation, CLASS),
};

const map = (name: string, text: string) => ({
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text } },
});

/** @param names of the objects in the phase that somebody else runs */
function commit(id: string, text: string, ...names: readonly string[]): Commit {
  const labels = { app: 'shop' };
  const deployment = {
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectDeployment',
    metadata: { name: 'shop', namespace: 'default' },
    spec: {
      selector: { matchLabels: labels },
      revisionHistoryLimit: 1,
      template: {
        metadata: { labels },
        spec: {
          availabilityProbes: [],
          phases: [
            { name: 'first', objects: [map('first', text)] },
            { name: 'hosted', class: CLASS, objects: names.map((name) => map(name, text)) },
            { name: 'last', objects: [map('last', text)] },
          ],
        },
      },
    },
  };
  return {
    id,
    files: {
      'sluice.yaml': CONFIG,
      'clusters/kinds/phase.yaml': PHASE_CRD,
      'clusters/shop/shop.yaml': JSON.stringify(deployment),
    },
  };
}

/** install · a second revision that drops and adds an object · back to the first template · on · delete everything */
export const REMOTE_ROLLOUT: readonly Commit[] = [
  commit('install', 'one', 'kept', 'dropped'),
  commit('update', 'two', 'kept', 'added'),
  commit('back', 'one', 'kept', 'dropped'),
  commit('on', 'three', 'kept'),
  { id: 'clear', files: { 'sluice.yaml': CONFIG, 'clusters/kinds/phase.yaml': PHASE_CRD } },
];
