// sluice.yaml and the repository itself: what is not known to be wanted is never taken for not wanted.
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/model/manifest.ts';
import {
  cleanUpAfterwards,
  commitFiles,
  deleteBranch,
  moveBranch,
  tipOf,
} from '../support/git-fixture.ts';
import {
  config,
  configMap,
  documents,
  objectDeployment,
  unitId,
  yaml,
} from '../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const FREE = { safety: { maxDeletions: 9, maxUnitDeletions: 9 } };

function keys(...names: readonly string[]): readonly string[] {
  return names.map((name) => `ConfigMap/default/${name}`);
}

describe('sluice.yaml', () => {
  test('that disappears holds every removal until it is back', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'sluice.yaml': config({ ...FREE, sync: [{ path: 'a' }, { path: 'b' }] }),
        'a/x.yaml': documents(configMap('one'), configMap('two')),
        'b/x.yaml': yaml(configMap('b')),
        'c/x.yaml': yaml(configMap('never')),
      },
    });
    await scenario.settle();
    await scenario.apply({
      'sluice.yaml': null,
      'a/x.yaml': documents(configMap('one', { key: 'new' })),
      'b/x.yaml': null,
    });
    // The last one stays in force: what it names goes on, what it leaves out stays out.
    expect(await scenario.objects()).toEqual(keys('b', 'one', 'two'));
    expect((await scenario.object('ConfigMap/default/one'))?.['data']).toEqual({ key: 'new' });
    expect(scenario.status(unitId.folder('a'))?.removals).toEqual([
      'ConfigMap/default/two held: ConfigMissing: sluice.yaml is gone; restore it (an empty spec is enough)',
    ]);
    expect(scenario.status(unitId.folder('b'))?.message).toContain('ConfigMissing');
    await scenario.rest();
    expect(scenario.statusFile('README.md')).toContain('ConfigMissing');

    await scenario.restart();
    await scenario.settle();
    expect(await scenario.objects()).toEqual(keys('b', 'one', 'two'));

    await scenario.apply({ 'sluice.yaml': config({ ...FREE, sync: [{ path: 'a' }] }) });
    expect(await scenario.objects()).toEqual(keys('one'));
    await scenario.rest();
    expect(scenario.statusFile('README.md')).not.toContain('ConfigMissing');
  });

  test('that is wrong leaves the last good one in force, also over a restart', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'sluice.yaml': config({ ...FREE, sync: [{ path: 'a' }] }),
        'a/x.yaml': yaml(configMap('a')),
        'c/x.yaml': yaml(configMap('never')),
      },
    });
    await scenario.settle();
    await scenario.apply({
      'sluice.yaml':
        'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec:\n  sync: [{path: a, tagret: x}]\n',
      'a/y.yaml': yaml(configMap('more')),
    });
    expect(await scenario.objects()).toEqual(keys('a', 'more'));
    await scenario.rest();
    expect(scenario.statusFile('README.md')).toContain('ConfigInvalid');
    expect(scenario.statusFile('README.md')).toContain('sluice.yaml:4');
    await scenario.restart();
    await scenario.settle();
    expect(await scenario.objects()).toEqual(keys('a', 'more'));
  });

  test('that is wrong holds every removal until it is right', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'sluice.yaml': config({ ...FREE, sync: [{ path: 'a' }, { path: 'b' }] }),
        'a/x.yaml': documents(configMap('one'), configMap('two')),
        'b/x.yaml': yaml(configMap('b')),
      },
    });
    await scenario.settle();
    const uid = (await scenario.object('ConfigMap/default/b'))?.metadata['uid'];
    // A folder moves, and the file that names it gets a misspelt field: the old name is what is in force.
    await scenario.apply({
      'sluice.yaml': 'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec:\n  safty: {}\n',
      'a/x.yaml': yaml(configMap('one')),
      'b/x.yaml': null,
      'c/x.yaml': yaml(configMap('b')),
    });
    const hold = 'ConfigInvalid: sluice.yaml:4 is wrong, so what is wanted is not known';
    expect(await scenario.objects()).toEqual(keys('b', 'one', 'two'));
    expect(scenario.status(unitId.folder('a'))?.removals).toEqual([
      `ConfigMap/default/two held: ${hold}`,
    ]);
    expect(scenario.status(unitId.folder('b'))?.message).toBe(hold);
    await scenario.apply({ 'sluice.yaml': 'nonsense: [\n' });
    await scenario.restart();
    await scenario.settle();
    expect(await scenario.objects()).toEqual(keys('b', 'one', 'two'));
    await scenario.apply({
      'sluice.yaml': config({ ...FREE, sync: [{ path: 'a' }, { path: 'c' }] }),
    });
    expect(await scenario.objects()).toEqual(keys('b', 'one'));
    expect((await scenario.object('ConfigMap/default/b'))?.metadata['uid']).toBe(uid);
  });

  test('that was never good lets nothing be applied', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'sluice.yaml': 'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec: {sink: []}\n',
        'a/x.yaml': yaml(configMap('a')),
      },
    });
    await scenario.settle();
    expect(await scenario.objects()).toEqual([]);
    await scenario.apply({ 'sluice.yaml': config({}) });
    expect(await scenario.objects()).toEqual(keys('a'));
  });

  test('that comes new and wrong where there was none changes nothing', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: { 'a/x.yaml': yaml(configMap('a')) },
    });
    await scenario.settle();
    await scenario.apply({ 'sluice.yaml': 'kind: [\n' });
    await scenario.restart();
    await scenario.settle();
    expect(await scenario.objects()).toEqual(keys('a'));
  });
});

describe('the source', () => {
  test('that is another repository all of a sudden prunes nothing', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'sluice.yaml': config(FREE),
        'a/x.yaml': yaml(configMap('a')),
        'b/x.yaml': yaml(configMap('b')),
      },
    });
    await scenario.settle();
    const ours = tipOf(scenario.bare, 'main') ?? '';
    commitFiles(scenario.bare, {
      files: { 'sluice.yaml': config(FREE), 'b/x.yaml': yaml(configMap('b')) },
      onto: 'none',
      message: 'Another history',
    });
    await scenario.settle();
    expect(await scenario.objects()).toEqual(keys('a', 'b'));
    expect(scenario.status(unitId.folder('a'))?.message).toContain('SourceReplaced');
    await scenario.rest();
    expect(scenario.statusFile('README.md')).toContain('SourceReplaced');
    await scenario.restart();
    await scenario.settle();
    expect(await scenario.objects()).toEqual(keys('a', 'b'));
    // What has the old root again is trusted again.
    moveBranch(scenario.bare, 'main', ours);
    await scenario.apply({ 'a/x.yaml': null });
    expect(await scenario.objects()).toEqual(keys('b'));
  });

  test('that was force-pushed within its history is in force, and says so', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: { 'sluice.yaml': config(FREE), 'a/x.yaml': yaml(configMap('a')) },
    });
    await scenario.settle();
    const first = tipOf(scenario.bare, 'main') ?? '';
    await scenario.apply({ 'b/x.yaml': yaml(configMap('b')) });
    moveBranch(scenario.bare, 'main', first);
    await scenario.apply({ 'c/x.yaml': yaml(configMap('c')) });
    expect(await scenario.objects()).toEqual(keys('a', 'c'));
    expect(scenario.troubles.map(({ code }) => code)).toContain('SourceRewritten');
  });

  test('whose branch is gone holds removals, repairs drift, and goes on when it is back as it was', async () => {
    const shop = objectDeployment('shop', { first: [configMap('a')], second: [configMap('b')] });
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'sluice.yaml': config(FREE),
        'x.yaml': yaml(shop),
        'c/x.yaml': yaml(configMap('c')),
      },
    });
    await scenario.settle();
    const hold = (finalizers: readonly string[]): Promise<unknown> =>
      scenario.put({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'b', namespace: 'default', finalizers },
      });
    await hold(['test/stay']);
    scenario.commit({ 'x.yaml': null });
    await scenario.poll();
    const id = unitId.deployment('shop');
    await scenario.untilStatus(id, ({ removals }) => removals.length === 2);
    const tip = tipOf(scenario.bare, 'main') ?? '';
    deleteBranch(scenario.bare, 'main');
    expect(await scenario.poll()).toBe('missing');
    await hold([]);
    await scenario.untilStatus(id, ({ message }) => message.includes('was deleted in'));
    expect(await scenario.objects()).toEqual(keys('a', 'c'));
    await scenario.rest();
    expect(scenario.statusFile('README.md')).toContain('SourceBranchMissing');
    await scenario.put({
      ...configMap('c', { key: 'changed' }, { namespace: 'default' }),
    } as Manifest);
    await scenario.until('repair', async () =>
      JSON.stringify(await scenario.object('ConfigMap/default/c')).includes('"key":"value"'),
    );

    moveBranch(scenario.bare, 'main', tip);
    expect(await scenario.poll()).toBe('unchanged');
    await scenario.until('the removal', async () => (await scenario.objects()).length === 1);
    await scenario.rest();
    expect(scenario.statusFile('README.md')).not.toContain('SourceBranchMissing');
  });
});
