// Sets that name each other as previous: objects change hands phase by phase, and the older set goes on until then.
import { describe, expect, test } from 'vitest';
import { listAt, objectAt } from '../../../src/model/json.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { annotationOf } from '../../../src/model/manifest.ts';
import { cleanUpAfterwards } from '../../support/git-fixture.ts';
import { configMap, yaml } from '../../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../../support/scenario.ts';
import type { Files, Scenario } from '../../support/scenario.ts';
import { conditionsOf, fieldsOf, untilCondition } from './read-status.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const unit = (name: string): string => `local:ObjectSet.package-operator.run/default/${name}`;

/** Two phases; the gate of the first one opens with `ready: yes`. */
function set(
  name: string,
  phases: { readonly first: readonly JsonObject[]; readonly second: readonly JsonObject[] },
  previous: readonly string[] = [],
): string {
  const items = (objects: readonly JsonObject[]): JsonObject[] =>
    objects.map((object) => ({ object }));
  return yaml({
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectSet',
    metadata: { name, namespace: 'default' },
    spec: {
      phases: [
        { name: 'first', objects: items(phases.first) },
        { name: 'second', objects: items(phases.second) },
      ],
      availabilityProbes: [
        {
          selector: { kind: { group: '', kind: 'ConfigMap' } },
          probes: [{ cel: { rule: 'self.data.ready == "yes"', message: 'not ready' } }],
        },
      ],
      ...(previous.length === 0 ? {} : { previous: previous.map((older) => ({ name: older })) }),
    },
  });
}

const map = (name: string, by: string, ready = 'yes'): JsonObject => configMap(name, { by, ready });

const OLD = set('old', { first: [map('a', 'old')], second: [map('b', 'old')] });
const newer = (ready: string): string =>
  set('new', { first: [map('a', 'new'), map('g', 'new', ready)], second: [map('b', 'new')] }, [
    'old',
  ]);

async function ownerOf(scenario: Scenario, name: string): Promise<string | undefined> {
  const live = await scenario.object(`ConfigMap/default/${name}`);
  return live && annotationOf(live, 'sluice.dev/owner')?.split('#')[0]?.split('/').at(-1);
}

function controlledBy(scenario: Scenario, name: string): readonly unknown[] {
  const file = scenario.status(unit(name))?.file;
  return listAt(fieldsOf(file), 'controllerOf').map(
    (entry) => objectAt({ entry }, 'entry')['name'],
  );
}

async function commit(scenario: Scenario, files: Files): Promise<void> {
  scenario.commit(files);
  await scenario.poll();
}

async function halfWay(): Promise<Scenario> {
  const scenario = await createScenario({ files: { 'old.yaml': OLD }, status: 'folder' });
  await scenario.settle();
  await commit(scenario, { 'new.yaml': newer('no') });
  await untilCondition(scenario, unit('new'), 'Available', 'False/ProbeFailure');
  return scenario;
}

describe('while the newer set waits at its first gate', () => {
  test('it has the objects of that phase, and the older one still has the rest', async () => {
    const scenario = await halfWay();
    expect(await ownerOf(scenario, 'a')).toBe('new');
    expect(await ownerOf(scenario, 'b')).toBe('old');
    await scenario.until('both to say so', () => {
      return (
        controlledBy(scenario, 'old').join() === 'b' &&
        controlledBy(scenario, 'new').join() === 'a,g'
      );
    });
    const conditions = conditionsOf(scenario.status(unit('old'))?.file);
    expect(conditions['Available']).toMatch(/^True\/Available/u);
    expect(conditions['InTransition']).toMatch(/^True\/InTransition/u);
  });

  test('the older one sets back what somebody changes, and only watches what it has lost', async () => {
    const scenario = await halfWay();
    for (const name of ['a', 'b']) await scenario.put(changed(name));
    await scenario.until('the older one to repair', async () => {
      return objectAt(await scenario.object('ConfigMap/default/b'), 'data')['by'] === 'old';
    });
    await scenario.until('the newer one to repair', async () => {
      return objectAt(await scenario.object('ConfigMap/default/a'), 'data')['by'] === 'new';
    });
    expect(await ownerOf(scenario, 'a')).toBe('new');
    expect(await ownerOf(scenario, 'b')).toBe('old');
  });

  test('the older one makes again what somebody deletes, and the newer one takes it in its turn', async () => {
    const scenario = await halfWay();
    await scenario.remove('ConfigMap/default/b');
    await scenario.until('the older one to make it', async () => {
      return (await ownerOf(scenario, 'b')) === 'old';
    });
    await commit(scenario, { 'new.yaml': null });
    await commit(scenario, { 'new.yaml': newer('yes') });
    await untilCondition(scenario, unit('new'), 'Available', 'True/Available');
    expect(await ownerOf(scenario, 'b')).toBe('new');
  });

  test('a restart changes nothing of it', async () => {
    const scenario = await halfWay();
    await scenario.restart();
    await scenario.poll();
    await untilCondition(scenario, unit('new'), 'Available', 'False/ProbeFailure');
    scenario.forgetEvents();
    await scenario.put(changed('b'));
    await scenario.until('the older one to repair', async () => {
      return objectAt(await scenario.object('ConfigMap/default/b'), 'data')['by'] === 'old';
    });
    expect(await ownerOf(scenario, 'b')).toBe('old');
    expect(await ownerOf(scenario, 'a')).toBe('new');
  });

  test('taking the newer one back gives everything back', async () => {
    const scenario = await halfWay();
    await commit(scenario, { 'new.yaml': null });
    await scenario.until('the older one to have both', async () => {
      return (await ownerOf(scenario, 'a')) === 'old' && (await ownerOf(scenario, 'b')) === 'old';
    });
    await scenario.until('the rest to go', async () => {
      return (await scenario.object('ConfigMap/default/g')) === undefined;
    });
    expect(await scenario.objects()).toEqual(['ConfigMap/default/a', 'ConfigMap/default/b']);
    await scenario.until('it to say so', () => controlledBy(scenario, 'old').join() === 'a,b');
    expect(conditionsOf(scenario.status(unit('old'))?.file)['InTransition']).toBeUndefined();
  });

  test('removing the older one leaves what the newer one is to take', async () => {
    const scenario = await halfWay();
    const before = (await scenario.object('ConfigMap/default/b'))?.metadata['uid'];
    await commit(scenario, { 'old.yaml': null });
    await scenario.until('it to be gone', () => scenario.status(unit('old')) === undefined);
    expect((await scenario.object('ConfigMap/default/b'))?.metadata['uid']).toBe(before);
    expect(await ownerOf(scenario, 'b')).toBe('old');
  });

  test('removing both removes everything', async () => {
    const scenario = await halfWay();
    await commit(scenario, {
      'old.yaml': null,
      'new.yaml': null,
      'sluice.yaml': yaml({
        apiVersion: 'sluice.dev/v1alpha1',
        kind: 'Config',
        spec: { safety: { maxDeletions: '100%', maxUnitDeletions: '100%' } },
      }),
    });
    await scenario.until('nothing to be left', async () => {
      return (await scenario.objects()).length === 0;
    });
  });
});

test('when the gate opens the newer set takes the rest, and the older one only watches', async () => {
  const scenario = await createScenario({ files: { 'old.yaml': OLD }, status: 'folder' });
  await scenario.settle();
  const before = (await scenario.object('ConfigMap/default/b'))?.metadata['uid'];
  await scenario.apply({ 'new.yaml': newer('yes') });
  await untilCondition(scenario, unit('new'), 'Available', 'True/Available');
  expect(await ownerOf(scenario, 'b')).toBe('new');
  expect((await scenario.object('ConfigMap/default/b'))?.metadata['uid']).toBe(before);
  await scenario.until(
    'the older one to have nothing',
    () => controlledBy(scenario, 'old').length === 0,
  );
  await scenario.remove('ConfigMap/default/b');
  await scenario.until('the newer one to make it again', async () => {
    return (await ownerOf(scenario, 'b')) === 'new';
  });
});

test('in a chain of three the newest takes from whoever has it', async () => {
  const scenario = await createScenario({ files: { 'old.yaml': OLD }, status: 'folder' });
  await scenario.settle();
  await commit(scenario, { 'new.yaml': newer('no') });
  await untilCondition(scenario, unit('new'), 'Available', 'False/ProbeFailure');
  await commit(scenario, {
    'newest.yaml': set('newest', { first: [map('a', 'newest')], second: [map('b', 'newest')] }, [
      'new',
      'old',
    ]),
  });
  await untilCondition(scenario, unit('newest'), 'Available', 'True/Available');
  expect([await ownerOf(scenario, 'a'), await ownerOf(scenario, 'b')]).toEqual([
    'newest',
    'newest',
  ]);
  await scenario.until('the one between to keep its own', () => {
    return (
      controlledBy(scenario, 'new').join() === 'g' && controlledBy(scenario, 'old').length === 0
    );
  });
});

function changed(name: string): Parameters<Scenario['put']>[0] {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    data: { by: 'somebody', ready: 'yes' },
  } as unknown as Parameters<Scenario['put']>[0];
}
