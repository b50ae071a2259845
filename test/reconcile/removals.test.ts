// What leaves the repository leaves the target: in order, within the safety budget, and never what only moved.
import { describe, expect, test } from 'vitest';
import { cleanUpAfterwards } from '../support/git-fixture.ts';
import {
  config,
  configMap,
  deployment,
  documents,
  inPhase,
  objectDeployment,
  packageInstance,
  packageManifest,
  unitId,
  yaml,
} from '../support/manifests.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { createScenario, stopScenariosAfterwards } from '../support/scenario.ts';
import type { Scenario } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const many = (...names: readonly string[]): string =>
  documents(...names.map((name) => configMap(name)));

function keys(...names: readonly string[]): readonly string[] {
  return names.map((name) => `ConfigMap/default/${name}`);
}

function approvalIn(text: string | undefined): string {
  const hash = /\{plan: (sha256:[0-9a-f]{64})\}/.exec(text ?? '')?.[1];
  if (hash === undefined) throw new Error(`no plan hash in ${text}`);
  return hash;
}

async function uidOf(scenario: Scenario, key: string): Promise<unknown> {
  return (await scenario.object(key))?.metadata['uid'];
}

describe('deletions inside a unit', () => {
  test('more than allowed are held, and happen once the printed hash is approved', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: { 'a/x.yaml': many('one', 'two', 'three') },
    });
    await scenario.settle();
    await scenario.apply({ 'a/x.yaml': many('one') });
    expect(await scenario.objects()).toEqual(keys('one', 'three', 'two'));
    const held = scenario.status(unitId.folder('a'));
    expect(held).toMatchObject({ ready: 'True', reason: 'RemovalHeld' });
    expect(held?.removals[0]).toContain('2 would be deleted, maxDeletions allows 20% of 3 = 1');
    expect(held?.details[0]).toMatchObject({ code: 'PruneHeld' });

    const plan = approvalIn(held?.message);
    await scenario.apply({ 'sluice.yaml': config({ approvals: [{ plan }] }) });
    expect(await scenario.objects()).toEqual(keys('one'));
    expect(scenario.status(unitId.folder('a'))).toMatchObject({
      reason: 'Available',
      removals: [],
    });
  });

  test('an approved set goes phase by phase to its end, also over a restart', async () => {
    const last = [configMap('z')];
    const phases = { first: [configMap('a')], second: [configMap('b')], third: [configMap('c')] };
    const none = { safety: { maxDeletions: 0 } };
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'x.yaml': yaml(objectDeployment('shop', { ...phases, last })),
        'sluice.yaml': config(none),
      },
    });
    await scenario.settle();
    const stay = (name: string, finalizers: readonly string[]): Promise<unknown> =>
      scenario.put({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'default', finalizers },
      });
    await stay('b', ['test/stay']);
    await stay('c', ['test/stay']);
    const id = unitId.deployment('shop');
    await scenario.apply({ 'x.yaml': yaml(objectDeployment('shop', { last })) });
    const plan = approvalIn(scenario.status(id)?.message);
    scenario.commit({ 'sluice.yaml': config({ ...none, approvals: [{ plan }] }) });
    await scenario.poll();
    for (const name of ['c', 'b']) {
      const key = `ConfigMap/default/${name}`;
      await scenario.untilStatus(id, ({ removals }) =>
        removals.some((text) => text.startsWith(`${key} deleting`)),
      );
      expect(await scenario.objects()).toContain('ConfigMap/default/a');
      await scenario.restart();
      await scenario.poll();
      await stay(name, []);
      await scenario.until('it is gone', async () => (await scenario.object(key)) === undefined);
    }
    await scenario.until('the rest to go', async () => (await scenario.objects()).length === 1);
  });

  test('what is marked prune: disabled stays, without our marks, and counts for nothing', async () => {
    const keep = { annotations: { 'sluice.dev/prune': 'disabled' } };
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'a/x.yaml': documents(
          configMap('one'),
          configMap('kept', {}, keep),
          configMap('two', {}, keep),
        ),
      },
    });
    await scenario.settle();
    const uid = await uidOf(scenario, 'ConfigMap/default/kept');
    await scenario.apply({ 'a/x.yaml': many('one') });
    expect(await scenario.objects()).toEqual(keys('one'));
    const kept = await scenario.object('ConfigMap/default/kept');
    expect(kept?.metadata['uid']).toBe(uid);
    expect(JSON.stringify(kept?.metadata['annotations'] ?? {})).not.toContain('sluice.dev/owner');
    expect(scenario.statusFile('units/local/_folders/a/inventory.yaml')).not.toContain('kept');
  });
});

describe('units that disappear', () => {
  test('more than allowed are all held until that is approved', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: { 'a/x.yaml': many('a'), 'b/x.yaml': many('b'), 'c/x.yaml': many('c') },
    });
    await scenario.settle();
    await scenario.apply({ 'a/x.yaml': null, 'b/x.yaml': null });
    expect(await scenario.objects()).toEqual(keys('a', 'b', 'c'));
    const held = scenario.status(unitId.folder('a'));
    expect(held).toMatchObject({ reason: 'Removing' });
    expect(held?.message).toContain('2 would be deleted, maxUnitDeletions allows 10% of 3 = 1');
    await scenario.apply({
      'sluice.yaml': config({ approvals: [{ plan: approvalIn(held?.message) }] }),
    });
    expect(await scenario.objects()).toEqual(keys('c'));
    expect(scenario.statusPaths().filter((path) => path.startsWith('units/'))).toSatisfy(
      (paths: readonly string[]) =>
        paths.every((path) => path.startsWith('units/local/_folders/c/')),
    );
  });

  test('a detached unit goes, its objects stay', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'a/x.yaml': yaml(configMap('a', {}, { annotations: { 'sluice.dev/detach': 'true' } })),
        'b/x.yaml': many('b'),
      },
    });
    await scenario.settle();
    await scenario.apply({ 'a/x.yaml': null });
    expect(await scenario.objects()).toEqual(keys('b'));
    expect(await scenario.object('ConfigMap/default/a')).toBeDefined();
    expect(scenario.status(unitId.folder('a'))).toBeUndefined();
  });

  test('go in reverse of their dependencies, and start in their order', async () => {
    const after = (name: string, before?: string): string =>
      yaml(
        configMap(
          name,
          {},
          before === undefined
            ? {}
            : { annotations: { 'sluice.dev/depends-on': `Folder/${before}` } },
        ),
      );
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'c/x.yaml': after('c'),
        'b/x.yaml': after('b', 'c'),
        'a/x.yaml': after('a', 'b'),
        'z/x.yaml': many('z'),
        'sluice.yaml': config({ safety: { maxUnitDeletions: 3 } }),
      },
    });
    await scenario.settle();
    const order = (what: string): readonly string[] =>
      scenario.events
        .filter((event) => event.startsWith(what) && !event.endsWith('/z'))
        .map((event) => event.slice(-1));
    expect(order('created')).toEqual(['c', 'b', 'a']);
    scenario.forgetEvents();
    await scenario.apply({ 'a/x.yaml': null, 'b/x.yaml': null, 'c/x.yaml': null });
    expect(order('gone')).toEqual(['a', 'b', 'c']);
    expect(await scenario.objects()).toEqual(keys('z'));
  });
});

describe('an object that has got another owner', () => {
  test('is left alone when its unit goes, and holds nothing up', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: { 'a/x.yaml': many('mine', 'taken'), 'b/x.yaml': many('b') },
    });
    await scenario.settle();
    const live = await scenario.object('ConfigMap/default/taken');
    await scenario.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'taken',
        namespace: 'default',
        annotations: { 'sluice.dev/owner': 'another/local:Folder/z#/ConfigMap/default/taken' },
        labels: { 'sluice.dev/instance': 'another' },
      },
    });
    await scenario.apply({ 'a/x.yaml': null });
    await scenario.until('the unit to be gone', () => !scenario.status(unitId.folder('a')));
    expect(await uidOf(scenario, 'ConfigMap/default/taken')).toBe(live?.metadata['uid']);
    expect(await uidOf(scenario, 'ConfigMap/default/mine')).toBeUndefined();
  });

  test('without any proof it is kept and told as stalled, until somebody deletes it', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: { 'a/x.yaml': many('mine', 'bare'), 'b/x.yaml': many('b') },
    });
    await scenario.settle();
    const live = await scenario.object('ConfigMap/default/bare');
    await scenario.stop();
    await scenario.write({
      verb: 'put',
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'bare', namespace: 'default', managedFields: [{}] },
        data: { theirs: 'all' },
      } as unknown as Manifest,
      manager: 'somebody',
      expect: {
        uid: String(live?.metadata['uid']),
        version: String(live?.metadata['resourceVersion']),
      },
    });
    scenario.commit({ 'a/x.yaml': null });
    await scenario.start();
    await scenario.poll();
    const status = await scenario.untilStatus(unitId.folder('a'), ({ file }) =>
      JSON.stringify(file).includes('OwnershipUnproven'),
    );
    expect(status.conditions['Stalled']).toMatch(/^True/u);
    expect(await uidOf(scenario, 'ConfigMap/default/bare')).toBe(live?.metadata['uid']);
    await scenario.remove('ConfigMap/default/bare');
    await scenario.restart();
    await scenario.poll();
    await scenario.until('the unit to be gone', () => !scenario.status(unitId.folder('a')));
  });
});

describe('what only moves', () => {
  test('git mv of a folder hands its objects over: the same uids, nothing pruned', async () => {
    const content = documents(configMap('one'), deployment('web'));
    const scenario = await createScenario({ status: 'folder', files: { 'old/x.yaml': content } });
    await scenario.settle();
    const uids = [
      await uidOf(scenario, 'ConfigMap/default/one'),
      await uidOf(scenario, 'Deployment.apps/default/web'),
    ];
    scenario.forgetEvents();
    await scenario.apply({ 'old/x.yaml': null, 'new/x.yaml': content });
    expect([
      await uidOf(scenario, 'ConfigMap/default/one'),
      await uidOf(scenario, 'Deployment.apps/default/web'),
    ]).toEqual(uids);
    expect(scenario.events.filter((event) => /gone|deleting|created/.test(event))).toEqual([]);
    expect(scenario.events).toContain('transferred ConfigMap/default/one');
    expect(scenario.status(unitId.folder('old'))).toBeUndefined();
    expect(scenario.status(unitId.folder('new'))).toMatchObject({ ready: 'True', revision: 1 });
    const owner = JSON.stringify((await scenario.object('ConfigMap/default/one'))?.metadata);
    expect(owner).toContain('test/local:Folder/new#');

    // The new owner may also prune it.
    await scenario.apply({
      'new/x.yaml': yaml(deployment('web')),
      'sluice.yaml': config({ safety: { maxDeletions: 9 } }),
    });
    expect(await scenario.objects()).not.toContain('ConfigMap/default/one');
  });

  test('an object that goes to another unit while that waits for something is kept until then', async () => {
    const waits = { annotations: { 'sluice.dev/depends-on': 'Folder/slow' } };
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'old/x.yaml': many('one', 'two'),
        'slow/x.yaml': yaml(
          deployment('slow', { annotations: { 'embedded.sluice.dev/hold': 'true' } }),
        ),
      },
    });
    await scenario.poll();
    await scenario.untilStatus(unitId.folder('old'), (status) => status.ready === 'True');
    const uid = await uidOf(scenario, 'ConfigMap/default/one');
    scenario.commit({ 'old/x.yaml': many('two'), 'new/x.yaml': yaml(configMap('one', {}, waits)) });
    await scenario.poll();
    await scenario.untilStatus(
      unitId.folder('new'),
      (status) => status.reason === 'DependencyNotReady',
    );
    expect(await uidOf(scenario, 'ConfigMap/default/one')).toBe(uid);
    // Whatever happens in between: a restart, too, finds who has it.
    await scenario.restart();
    await scenario.poll();
    await scenario.untilStatus(
      unitId.folder('new'),
      (status) => status.reason === 'DependencyNotReady',
    );
    scenario.commit({ 'slow/x.yaml': yaml(deployment('slow')) });
    await scenario.settle();
    expect(await uidOf(scenario, 'ConfigMap/default/one')).toBe(uid);
    expect(scenario.status(unitId.folder('new'))).toMatchObject({ ready: 'True' });
    expect(scenario.status(unitId.folder('old'))).toMatchObject({ ready: 'True' });
  });

  test('a Package document in another file is the same unit', async () => {
    const instance = yaml(packageInstance('shop'));
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'sluice.yaml': config({ sync: [{ path: 'apps' }] }),
        'packages/app/manifest.yaml': yaml(packageManifest(['all'])),
        'packages/app/one.yaml': yaml(inPhase('all', configMap('one'))),
        'apps/shop.yaml': instance,
      },
    });
    await scenario.settle();
    const uid = await uidOf(scenario, 'ConfigMap/default/one');
    scenario.forgetEvents();
    await scenario.apply({ 'apps/shop.yaml': null, 'apps/more/all.yaml': instance });
    expect(await uidOf(scenario, 'ConfigMap/default/one')).toBe(uid);
    expect(scenario.events).toEqual([]);
    const status = scenario.status(unitId.package('shop'));
    expect(status).toMatchObject({ ready: 'True', revision: 1 });
    expect(status?.file['sluice']).toMatchObject({ source: 'apps/more/all.yaml:1' });
  });
});
