// A set of deletions that a person approved stays approved while it is carried out, over passes, commits and crashes.
import { expect, it } from 'vitest';
import { createSimulation } from '../support/simulation.ts';
import type { Simulation } from '../support/simulation.ts';

function config(approval?: string): string {
  const approvals = approval === undefined ? '' : `\n  approvals: [{plan: "${approval}"}]`;
  return `apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  targets: [{name: local, type: embedded}]
  sync: [{path: clusters, target: local, namespace: default}]
  safety: {maxDeletions: 1}${approvals}
`;
}

function object(name: string, finalizers: readonly string[] = []): { readonly object: object } {
  return { object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, finalizers } } };
}

function files(phases: object, approval?: string): Readonly<Record<string, string>> {
  const deployment = {
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectDeployment',
    metadata: { name: 'app', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'app' } },
      template: {
        metadata: { labels: { app: 'app' } },
        spec: {
          availabilityProbes: [
            {
              selector: { kind: { kind: 'ConfigMap' } },
              probes: [{ cel: { rule: 'true', message: 'never' } }],
            },
          ],
          phases,
        },
      },
    },
  };
  return { 'sluice.yaml': config(approval), 'clusters/app.yaml': JSON.stringify(deployment) };
}

const BEFORE = [
  { name: 'first', objects: [object('a'), object('keep')] },
  { name: 'second', objects: [object('b'), object('c', ['example.test/wait'])] },
];
const AFTER = [{ name: 'first', objects: [object('keep')] }];

async function names(simulation: Simulation): Promise<readonly string[]> {
  return (await simulation.objects()).map(({ metadata }) => metadata.name ?? '');
}

it('goes on after a crash and another commit, though a part of the set is gone already', async () => {
  const simulation = createSimulation();
  await simulation.start();
  await simulation.accept({ id: 'one', files: files(BEFORE) });
  await simulation.settle();
  await simulation.accept({ id: 'two', files: files(AFTER) });
  await simulation.settle();
  const held = simulation.session().coordinator.units()[0]?.readiness.message ?? '';
  const plan = /plan: (sha256:[\da-f]+)/.exec(held)?.[1];
  expect(held).toContain('3 would be deleted');
  expect(await names(simulation)).toEqual(['a', 'b', 'c', 'keep']);

  await simulation.accept({ id: 'three', files: files(AFTER, plan) });
  await simulation.pass(60_000);
  expect(await names(simulation)).toEqual(['a', 'c', 'keep']);
  simulation.crash();
  await simulation.start();
  await simulation.accept({ id: 'four', files: files(AFTER, plan) });
  const ref = { apiVersion: 'v1', group: '', kind: 'ConfigMap', namespace: 'default', name: 'c' };
  const [live] = await simulation.target.read([ref]);
  if (live?.state !== 'terminating') throw new Error(`c is ${live?.state}`);
  const { uid, resourceVersion } = live.object.metadata;
  await simulation.target.write({
    verb: 'patch',
    ref,
    patch: { metadata: { finalizers: null } },
    manager: 'kubectl',
    expect: { uid: String(uid), version: String(resourceVersion) },
  });
  await simulation.pass(60_000);
  await simulation.settle();
  expect(await names(simulation)).toEqual(['keep']);
  await simulation.stop();
});
