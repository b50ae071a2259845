// Taking objects over: from nobody, from others, from sets of the repository and from sets that Package Operator left.
import { describe, expect, test } from 'vitest';
import { listAt } from '../../../src/model/json.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import { cleanUpAfterwards } from '../../support/git-fixture.ts';
import { configMap, yaml } from '../../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../../support/scenario.ts';
import type { Scenario } from '../../support/scenario.ts';
import { conditionsOf, untilCondition } from './read-status.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const unit = (name: string): string => `local:ObjectSet.package-operator.run/default/${name}`;

function objectSet(
  name: string,
  objects: readonly JsonObject[],
  more: { readonly spec?: JsonObject; readonly protection?: string } = {},
): string {
  const { spec = {}, protection } = more;
  const item = (object: JsonObject): JsonObject =>
    protection === undefined ? { object } : { object, collisionProtection: protection };
  return yaml({
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectSet',
    metadata: { name, namespace: 'default' },
    spec: { phases: [{ name: 'main', objects: objects.map(item) }], ...spec },
  });
}

async function put(scenario: Scenario, object: JsonObject, more: JsonObject = {}): Promise<void> {
  const metadata = { ...(object['metadata'] as JsonObject), namespace: 'default', ...more };
  await scenario.put({ ...object, metadata } as Manifest);
}

const OURS = configMap('a', { by: 'us' });
const THEIRS = configMap('a', { by: 'them' });
const FOREIGN = {
  annotations: { 'sluice.dev/owner': 'other/local:Folder/x#/ConfigMap/default/a' },
};

describe('an object that is there already', () => {
  test.each([
    ['nobody’s', 'Prevent', {}, 'them'],
    ['nobody’s', 'IfNoController', {}, 'us'],
    ['nobody’s', 'None', {}, 'us'],
    ['another instance’s', 'Prevent', FOREIGN, 'them'],
    ['another instance’s', 'IfNoController', FOREIGN, 'them'],
    ['another instance’s', 'None', FOREIGN, 'us'],
  ])('%s, %s', async (_whose, protection, metadata, by) => {
    const scenario = await createScenario({ start: false });
    await put(scenario, THEIRS, metadata);
    scenario.commit({ 'set.yaml': objectSet('set', [OURS], { protection }) });
    await scenario.start();
    await scenario.poll();
    const expected = by === 'us' ? 'True/Available' : 'False/CollisionDetected';
    const file = await untilCondition(scenario, unit('set'), 'Available', expected);
    expect((await scenario.object('ConfigMap/default/a'))?.['data']).toEqual({ by });
    if (by === 'them') {
      expect(conditionsOf(file)['Available']).toContain(
        'object default/a kind:ConfigMap: refusing adoption, object v1, Kind=ConfigMap default/a not owned by previous revision',
      );
    }
  });

  test('is taken as soon as whoever has it lets go', async () => {
    const scenario = await createScenario({ start: false });
    await put(scenario, THEIRS);
    scenario.commit({ 'set.yaml': objectSet('set', [OURS]) });
    await scenario.start();
    await scenario.poll();
    await untilCondition(scenario, unit('set'), 'Available', 'False/CollisionDetected');
    await scenario.remove('ConfigMap/default/a');
    await untilCondition(scenario, unit('set'), 'Available', 'True/Available');
  });
});

describe('a set that names another one of the repository as previous', () => {
  const both = {
    'old.yaml': objectSet('old', [configMap('a', { by: 'old' }), configMap('only-old')]),
    'new.yaml': objectSet('new', [configMap('a', { by: 'new' })], {
      spec: { previous: [{ name: 'old' }] },
    }),
  };

  test('takes over what both want; the older one keeps the rest, and says that it is in transition', async () => {
    const scenario = await createScenario({ files: { 'old.yaml': both['old.yaml'] } });
    await scenario.settle();
    const before = (await scenario.object('ConfigMap/default/a'))?.metadata['uid'];
    await scenario.apply(both);
    const live = await scenario.object('ConfigMap/default/a');
    expect(live?.['data']).toEqual({ by: 'new' });
    expect(live?.metadata['uid']).toBe(before);
    expect(scenario.status(unit('new'))).toMatchObject({ ready: 'True' });
    expect(conditionsOf(scenario.status(unit('old'))?.file)).toMatchObject({
      Available: 'True/Available: Object is available and passes all probes.',
      InTransition:
        'True/InTransition: ObjectSet is still rolling out or is being replaced by a newer version.',
    });
    expect(await scenario.objects()).toEqual(['ConfigMap/default/a', 'ConfigMap/default/only-old']);
  });

  test('keeps it when the older one is archived, which removes only the rest', async () => {
    const scenario = await createScenario({ files: both });
    await scenario.settle();
    const archived = objectSet('old', [configMap('a', { by: 'old' }), configMap('only-old')], {
      spec: { lifecycleState: 'Archived' },
    });
    await scenario.apply({ 'old.yaml': archived });
    expect(await scenario.objects()).toEqual(['ConfigMap/default/a']);
    expect((await scenario.object('ConfigMap/default/a'))?.['data']).toEqual({ by: 'new' });
  });

  test('gives it back when the newer one is removed from Git', async () => {
    const scenario = await createScenario({ files: both });
    await scenario.settle();
    const before = (await scenario.object('ConfigMap/default/a'))?.metadata['uid'];
    await scenario.apply({ 'new.yaml': null });
    const live = await scenario.object('ConfigMap/default/a');
    expect(live?.['data']).toEqual({ by: 'old' });
    expect(live?.metadata['uid']).toBe(before);
  });
});

test('what was released is nobody’s: another set takes it only where its protection allows that', async () => {
  const detached = objectSet('one', [OURS]).replace(
    'name: one',
    'name: one\n  annotations: {sluice.dev/detach: "true"}',
  );
  const scenario = await createScenario({ files: { 'one.yaml': detached }, status: 'folder' });
  await scenario.settle();
  await scenario.apply({ 'one.yaml': null });
  await put(scenario, { ...THEIRS, data: { helm: 'x' } });
  await scenario.apply({ 'two.yaml': objectSet('two', [OURS], { protection: 'Prevent' }) });
  await untilCondition(scenario, unit('two'), 'Available', 'False/CollisionDetected');
  await scenario.apply({ 'two.yaml': null });
  expect((await scenario.object('ConfigMap/default/a'))?.['data']).toMatchObject({ helm: 'x' });
  await scenario.apply({ 'two.yaml': objectSet('two', [OURS], { protection: 'IfNoController' }) });
  await untilCondition(scenario, unit('two'), 'Available', 'True/Available');
});

test('two sets that do not name each other: the one that had the object keeps it', async () => {
  const scenario = await createScenario({ files: { 'old.yaml': objectSet('old', [OURS]) } });
  await scenario.settle();
  await scenario.apply({ 'new.yaml': objectSet('new', [THEIRS]) });
  expect(scenario.status(unit('new'))?.diagnostics).toEqual(['ObjectClaimed new.yaml:14']);
  expect((await scenario.object('ConfigMap/default/a'))?.['data']).toEqual({ by: 'us' });
});

/** Package Operator's kind and one of its sets, as an earlier installation left them on the target. */
async function leaveSetBehind(scenario: Scenario, name: string): Promise<string> {
  const group = 'package-operator.run';
  await scenario.put({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `objectsets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'ObjectSet', plural: 'objectsets', singular: 'objectset' },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          },
        },
      ],
    },
  } as Manifest);
  const set = { apiVersion: `${group}/v1alpha1`, kind: 'ObjectSet', metadata: { name } };
  await scenario.until('the kind', async () => scenario.target.describe(set.apiVersion, set.kind));
  const metadata = { name, namespace: 'default' };
  const made = await scenario.put({ ...set, metadata } as Manifest);
  return String(made.metadata['uid']);
}

describe('an object that a set of Package Operator controls', () => {
  async function controlled(): Promise<Scenario> {
    const scenario = await createScenario({ start: false });
    const uid = await leaveSetBehind(scenario, 'app-1234');
    await put(scenario, configMap('another'));
    const another = await scenario.object('ConfigMap/default/another');
    await put(scenario, THEIRS, {
      annotations: { 'package-operator.run/revision': '7' },
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: 'another',
          uid: String(another?.metadata['uid']),
        },
        {
          apiVersion: 'package-operator.run/v1alpha1',
          kind: 'ObjectSet',
          name: 'app-1234',
          uid,
          controller: true,
        },
      ],
    });
    return scenario;
  }

  test('is taken over by a set that names it as previous, and counted on from', async () => {
    const scenario = await controlled();
    const spec = { previous: [{ name: 'app-1234' }] };
    scenario.commit({ 'set.yaml': objectSet('set', [OURS], { spec }) });
    await scenario.start();
    await scenario.poll();
    await untilCondition(scenario, unit('set'), 'Available', 'True/Available');
    const live = await scenario.object('ConfigMap/default/a');
    expect(live?.['data']).toEqual({ by: 'us' });
    expect(listAt(live?.metadata, 'ownerReferences')).toMatchObject([{ name: 'another' }]);
    expect(scenario.status(unit('set'))?.revision).toBe(8);
  });

  test('is left alone by one that does not', async () => {
    const scenario = await controlled();
    scenario.commit({ 'set.yaml': objectSet('set', [OURS]) });
    await scenario.start();
    await scenario.poll();
    const file = await untilCondition(
      scenario,
      unit('set'),
      'Available',
      'False/CollisionDetected',
    );
    expect(conditionsOf(file)['Available']).toContain('ObjectSet app-1234');
  });
});
