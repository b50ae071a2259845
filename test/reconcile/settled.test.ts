// When nothing is left to do: `run --once` ends there, however things stand, and never before.
import { describe, expect, test } from 'vitest';
import { cleanUpAfterwards } from '../support/git-fixture.ts';
import {
  config,
  configMap,
  deployment,
  documents,
  objectDeployment,
  unitId,
  yaml,
} from '../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const NEVER = { 'embedded.sluice.dev/hold': 'true' };
const shopId = unitId.deployment('shop');

describe('everything has settled', () => {
  test('when a unit waits for another that will not get ready by itself', async () => {
    const after = (path: string): string =>
      yaml(configMap('x', {}, { annotations: { 'sluice.dev/depends-on': path } }));
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'broken/x.yaml': 'kind: [\n',
        'late/x.yaml': yaml(
          deployment('late', { annotations: { ...NEVER, 'sluice.dev/timeout': '200ms' } }),
        ),
        'one/x.yaml': after('Folder/broken'),
        'two/x.yaml': after('Folder/late').replace('"x"', '"y"'),
        'three/x.yaml': after('Folder/two').replace('"x"', '"z"'),
      },
    });
    await scenario.settle();
    for (const path of ['one', 'two', 'three']) {
      expect(scenario.status(unitId.folder(path))).toMatchObject({ reason: 'DependencyNotReady' });
    }
    expect(scenario.status(unitId.folder('late'))).toMatchObject({
      reason: 'ProgressDeadlineExceeded',
    });
  });

  test('when a unit was suspended in the middle of its rollout', async () => {
    const of = (more: Readonly<Record<string, string>>): string =>
      yaml(
        objectDeployment('shop', { all: [configMap('a', { ready: 'no' })] }, { annotations: more }),
      );
    const scenario = await createScenario({ status: 'folder', files: { 'x.yaml': of({}) } });
    await scenario.untilStatus(shopId, ({ phases }) => phases[0] === 'all closed');
    await scenario.apply({ 'x.yaml': of({ 'sluice.dev/suspend': 'true' }) });
    expect(scenario.status(shopId)?.conditions).toMatchObject({ Ready: 'False/Suspended' });
  });

  test('when removals in several phases are held', async () => {
    const phases = { first: [configMap('a')], second: [configMap('b')] };
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'x.yaml': yaml(objectDeployment('shop', phases)),
        'y.yaml': yaml(objectDeployment('other', { all: [configMap('c')] })),
        'sluice.yaml': config({ safety: { maxUnitDeletions: 0 } }),
      },
    });
    await scenario.settle();
    await scenario.apply({ 'x.yaml': null });
    expect(scenario.status(shopId)?.message).toContain('maxUnitDeletions allows 0');
    expect(await scenario.objects()).toHaveLength(3);
  });
});

test('a gate that opens after its deadline lets the rollout go on without a new commit', async () => {
  const late = { 'embedded.sluice.dev/ready-after': '900ms', 'sluice.dev/timeout': '200ms' };
  const scenario = await createScenario({
    status: 'folder',
    files: {
      'a/x.yaml': documents(deployment('late', { annotations: late }), {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'after' },
        spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } } },
      }),
    },
  });
  await scenario.settle();
  const id = unitId.folder('a');
  expect(scenario.status(id)?.conditions['Stalled']).toBe('True/ProgressDeadlineExceeded');
  await scenario.untilStatus(id, ({ ready }) => ready === 'True');
  expect(await scenario.objects()).toContain('Ingress.networking.k8s.io/default/after');
});

test('an object that leaves one unit and is wanted by two others is kept until they agree', async () => {
  const scenario = await createScenario({
    status: 'folder',
    files: {
      'sluice.yaml': config({ safety: { maxUnitDeletions: 9, maxDeletions: 9 } }),
      'a/x.yaml': documents(configMap('x'), configMap('y')),
    },
  });
  await scenario.settle();
  const key = 'ConfigMap/default/x';
  const uid = (await scenario.object(key))?.metadata['uid'];
  await scenario.apply({
    'a/x.yaml': yaml(configMap('y')),
    'b/x.yaml': yaml(configMap('x', { of: 'b' })),
    'c/x.yaml': yaml(configMap('x', { of: 'c' })),
  });
  for (const path of ['b', 'c']) {
    expect(scenario.status(unitId.folder(path))).toMatchObject({ reason: 'ObjectClaimed' });
  }
  expect((await scenario.object(key))?.metadata['uid']).toBe(uid);
  await scenario.apply({ 'c/x.yaml': null });
  const live = await scenario.object(key);
  expect([live?.metadata['uid'], live?.['data']]).toEqual([uid, { of: 'b' }]);
  expect(scenario.status(unitId.folder('b'))).toMatchObject({ ready: 'True' });
});

test('a package that is renamed while it cannot be rendered loses nothing', async () => {
  const of = (name: string, ready: string): string =>
    yaml(objectDeployment(name, { all: [configMap('a', { ready })] }));
  const scenario = await createScenario({
    status: 'folder',
    files: {
      'sluice.yaml': config({ safety: { maxUnitDeletions: 9 } }),
      'x.yaml': of('shop', 'yes'),
    },
  });
  await scenario.settle();
  const uid = (await scenario.object('ConfigMap/default/a'))?.metadata['uid'];
  await scenario.apply({ 'x.yaml': of('shop2', 'yes').replace('has(self.data)', 'has(') });
  expect(scenario.status(unitId.deployment('shop2'))).toMatchObject({
    ready: 'False',
    revision: 0,
  });
  expect((await scenario.object('ConfigMap/default/a'))?.metadata['uid']).toBe(uid);
  await scenario.apply({ 'x.yaml': of('shop2', 'yes') });
  expect((await scenario.object('ConfigMap/default/a'))?.metadata['uid']).toBe(uid);
  expect(scenario.status(unitId.deployment('shop2'))).toMatchObject({ ready: 'True' });
});
