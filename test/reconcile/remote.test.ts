// The server away, the branch moved, deleted, rewritten or lost, two daemons: nothing is forgotten, nothing done twice.
import { describe, expect, test } from 'vitest';
import { cleanUpAfterwards, commitFiles, deleteBranch, plainGit } from '../support/git-fixture.ts';
import { config, configMap, deployment, documents, unitId, yaml } from '../support/manifests.ts';
import {
  closeForGood,
  createScenario,
  openTarget,
  STATUS_BRANCH,
  stopScenariosAfterwards,
} from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const FREE = { safety: { maxDeletions: 9, maxUnitDeletions: 9 } };
const LATE = { annotations: { 'embedded.sluice.dev/ready-after': '1200ms' } };
const HELD = { annotations: { 'embedded.sluice.dev/hold': 'true' } };

function keys(...names: readonly string[]): readonly string[] {
  return names.map((name) => `ConfigMap/default/${name}`);
}

describe('a status commit', () => {
  test('is not made when nothing has changed, and never wakes a reconcile', async () => {
    const scenario = await createScenario({
      files: { 'a/x.yaml': yaml(configMap('a')), 'b/x.yaml': yaml(deployment('web')) },
    });
    await scenario.settle();
    await scenario.rest();
    const tip = scenario.statusTip();
    scenario.forgetEvents();
    // Polls see the daemon's own status commits and nothing else.
    for (let times = 0; times < 3; times += 1) expect(await scenario.poll()).toBe('unchanged');
    await scenario.apply({ 'README.md': 'Nothing that anybody reads.\n' });
    await scenario.rest();
    expect(scenario.events).toEqual([]);
    expect(scenario.statusTip()).toBe(tip);
  });

  test('of one unit leaves the files of the others alone', async () => {
    const scenario = await createScenario({
      files: { 'a/x.yaml': yaml(configMap('a')), 'b/x.yaml': yaml(configMap('b')) },
    });
    await scenario.settle();
    await scenario.rest();
    const tip = scenario.statusTip() ?? '';
    await scenario.apply({ 'a/x.yaml': yaml(configMap('a', { key: 'new' })) });
    await scenario.rest();
    const changed = plainGit(scenario.bare, [
      'diff',
      '--name-only',
      tip,
      `refs/heads/${STATUS_BRANCH}`,
    ]).split('\n');
    expect(changed.filter((path) => path.startsWith('units/'))).toSatisfy(
      (paths: readonly string[]) =>
        paths.length > 0 && paths.every((path) => path.startsWith('units/local/_folders/a/')),
    );
  });
});

describe('a server that is away', () => {
  test('stops no rollout whose intent is safe, keeps new ones waiting, and everything catches up', async () => {
    const scenario = await createScenario({
      files: {
        'a/x.yaml': documents(deployment('web', HELD), {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'later' },
          spec: { podSelector: {} },
        }),
        'b/x.yaml': documents(deployment('gate', LATE), {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata: { name: 'after' },
          spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } } },
        }),
        'c/x.yaml': yaml(configMap('c')),
      },
    });
    await scenario.poll();
    await scenario.untilStatus(unitId.folder('b'), ({ phases }) =>
      phases.includes('routes waiting'),
    );
    const back = scenario.unplug();
    expect(await scenario.poll()).toBe('unreachable');
    expect(scenario.troubles.at(-1)).toMatchObject({ code: 'SourceUnreachable' });
    // The gate opens while nobody can be told: the rollout goes on.
    await scenario.until('the next phase', () =>
      scenario.object('Ingress.networking.k8s.io/default/after'),
    );
    // Drift is repaired.
    await scenario.remove('ConfigMap/default/c');
    await scenario.until('repair', () => scenario.object('ConfigMap/default/c'));
    back();
    expect(await scenario.poll()).toBe('unchanged');
    await scenario.untilStatus(unitId.folder('b'), ({ ready }) => ready === 'True');
  });

  test('between poll and push: a new intent waits as StatusUnpushed, then goes on', async () => {
    const scenario = await createScenario({
      files: { 'a/x.yaml': yaml(configMap('a')) },
    });
    await scenario.settle();
    await scenario.rest();
    // The source can still be read, the status branch cannot be written.
    const allowAgain = scenario.refusePushes();
    scenario.commit({ 'b/x.yaml': yaml(configMap('b')) });
    await scenario.poll();
    await scenario.until('the failed push', () =>
      scenario
        .session()
        .diagnostics()
        .some(({ code }) => code === 'StatusUnpushed'),
    );
    expect(await scenario.objects()).toEqual(keys('a'));
    allowAgain();
    await scenario.until('the intent', async () => (await scenario.objects()).length === 2);
    await scenario.settle();
    expect(scenario.status(unitId.folder('b'))).toMatchObject({ ready: 'True' });
    expect(scenario.session().diagnostics()).toEqual([]);
  });
});

describe('a status branch', () => {
  test('that somebody commits to keeps their commit below ours', async () => {
    const scenario = await createScenario({
      files: { 'a/x.yaml': yaml(configMap('a')) },
    });
    await scenario.settle();
    await scenario.rest();
    const theirs = commitFiles(scenario.bare, {
      branch: STATUS_BRANCH,
      files: { 'units/local/_folders/a/unit.yaml': 'lies\n', 'note.txt': 'hello\n' },
      message: 'A stranger was here',
    });
    await scenario.apply({ 'b/x.yaml': yaml(configMap('b')) });
    await scenario.rest();
    expect(await scenario.objects()).toEqual(keys('a', 'b'));
    expect(scenario.fenced()).toBeUndefined();
    expect(() =>
      plainGit(scenario.bare, [
        'merge-base',
        '--is-ancestor',
        theirs,
        `refs/heads/${STATUS_BRANCH}`,
      ]),
    ).not.toThrow();
    expect(scenario.status(unitId.folder('a'))).toMatchObject({ ready: 'True' });
    expect(scenario.statusFile('note.txt')).toBeUndefined();
  });

  test('that is deleted is restored from the local one', async () => {
    const scenario = await createScenario({
      files: { 'a/x.yaml': yaml(configMap('a')) },
    });
    await scenario.settle();
    await scenario.rest();
    const tip = scenario.statusTip() ?? '';
    deleteBranch(scenario.bare, STATUS_BRANCH);
    await scenario.settle();
    await scenario.until('the branch', () => scenario.statusTip() !== undefined);
    expect(() =>
      plainGit(scenario.bare, ['merge-base', '--is-ancestor', tip, `refs/heads/${STATUS_BRANCH}`]),
    ).not.toThrow();
    await scenario.apply({ 'b/x.yaml': yaml(configMap('b')) });
    expect(scenario.status(unitId.folder('a'))).toMatchObject({ ready: 'True' });
    expect(scenario.status(unitId.folder('b'))).toMatchObject({ ready: 'True' });
  });

  test('that is deleted while no daemon runs is restored at the next start', async () => {
    const scenario = await createScenario({
      files: { 'a/x.yaml': yaml(configMap('a')) },
    });
    await scenario.settle();
    await scenario.stop();
    deleteBranch(scenario.bare, STATUS_BRANCH);
    expect(await scenario.start()).toBe('started');
    await scenario.settle();
    expect(scenario.status(unitId.folder('a'))).toMatchObject({ ready: 'True', revision: 1 });
  });

  test('that is rewritten stops everything until somebody takes it over', async () => {
    const scenario = await createScenario({
      files: {
        'sluice.yaml': config(FREE),
        'a/x.yaml': yaml(configMap('a')),
        'b/x.yaml': yaml(configMap('b')),
      },
    });
    await scenario.settle();
    await scenario.rest();
    const other = { 'README.md': 'Another history.\n' };
    commitFiles(scenario.bare, { branch: STATUS_BRANCH, files: other, onto: 'none' });
    scenario.commit({ 'a/x.yaml': null, 'c/x.yaml': yaml(configMap('c')) });
    scenario.ring();
    await scenario.until('the fence', () => scenario.fenced());
    expect(scenario.fenced()).toMatchObject({ code: 'StatusRewritten' });
    await scenario.stop();
    expect(await scenario.objects()).toEqual(keys('a', 'b'));
    expect(await scenario.start()).toMatchObject({ code: 'StatusRewritten' });
    expect(await scenario.start({ takeover: true })).toBe('started');
    await scenario.settle();
    expect(await scenario.objects()).toEqual(keys('b', 'c'));
  });

  test('and a disk that are both lost: what is owned is found on the target before anything is removed', async () => {
    const scenario = await createScenario({
      files: {
        'sluice.yaml': config(FREE),
        'a/x.yaml': documents(configMap('a'), configMap('old')),
        'b/x.yaml': yaml(configMap('b')),
      },
    });
    await scenario.settle();
    const before = (await scenario.object('ConfigMap/default/a'))?.metadata['uid'];
    await scenario.stop();
    deleteBranch(scenario.bare, STATUS_BRANCH);
    scenario.commit({
      'a/x.yaml': yaml(configMap('a')),
      'b/x.yaml': null,
      'c/x.yaml': yaml(configMap('c')),
    });
    expect(await scenario.start({ freshDisk: true })).toBe('started');
    await scenario.settle();
    await scenario.until('the removals', async () => (await scenario.objects()).length === 2);
    expect(await scenario.objects()).toEqual(keys('a', 'c'));
    expect((await scenario.object('ConfigMap/default/a'))?.metadata['uid']).toBe(before);
    await scenario.settle();
    // Revision 1 is on the live objects, so what differs from it is revision 2.
    expect(scenario.status(unitId.folder('a'))).toMatchObject({ ready: 'True', revision: 2 });
    expect(scenario.status(unitId.folder('b'))).toBeUndefined();
  });

  test('that is lost with the disk keeps the revision of what has not changed, and the limits hold', async () => {
    const scenario = await createScenario({
      files: {
        'a/x.yaml': documents(configMap('a'), configMap('b')),
        'c/x.yaml': yaml(configMap('c')),
        'd/x.yaml': yaml(configMap('d')),
        'e/x.yaml': yaml(configMap('e')),
      },
    });
    await scenario.settle();
    await scenario.apply({ 'a/x.yaml': documents(configMap('a', { key: 'two' }), configMap('b')) });
    expect(scenario.status(unitId.folder('a'))).toMatchObject({ revision: 2 });
    await scenario.stop();
    deleteBranch(scenario.bare, STATUS_BRANCH);
    scenario.commit({ 'c/x.yaml': null, 'd/x.yaml': null });
    await scenario.start({ freshDisk: true });
    scenario.forgetEvents();
    await scenario.settle();
    expect(scenario.status(unitId.folder('a'))).toMatchObject({ ready: 'True', revision: 2 });
    expect(scenario.events.filter((event) => !event.startsWith('held'))).toEqual([]);
    expect(await scenario.objects()).toEqual(keys('a', 'b', 'c', 'd', 'e'));
    expect(scenario.status(unitId.folder('c'))?.message).toContain('maxUnitDeletions');
  });

  test('alone on a lost disk is the memory: nothing is created twice, nothing is forgotten', async () => {
    const scenario = await createScenario({
      files: {
        'sluice.yaml': config(FREE),
        'a/x.yaml': yaml(configMap('a')),
        'b/x.yaml': yaml(configMap('b')),
      },
    });
    await scenario.settle();
    await scenario.stop();
    scenario.commit({ 'b/x.yaml': null });
    expect(await scenario.start({ freshDisk: true })).toBe('started');
    await scenario.settle();
    expect(await scenario.objects()).toEqual(keys('a'));
    expect(scenario.status(unitId.folder('a'))).toMatchObject({ ready: 'True', revision: 1 });
  });
});

describe('two daemons on one repository', () => {
  test('one of another instance is refused', async () => {
    const target = openTarget();
    const first = await createScenario({
      files: { 'a/x.yaml': yaml(configMap('a')) },
      target,
    });
    await first.settle();
    const second = await createScenario({
      bare: first.bare,
      target,
      instance: 'other',
      start: false,
    });
    expect(await second.start()).toMatchObject({ code: 'StatusForeign' });
    expect(first.fenced()).toBeUndefined();
    await closeForGood(target);
  });

  test('a copy of the instance: the first one stops changing things as soon as it looks', async () => {
    const target = openTarget();
    const first = await createScenario({
      files: { 'a/x.yaml': yaml(configMap('a')) },
      target,
    });
    await first.settle();
    await first.rest();
    const second = await createScenario({
      bare: first.bare,
      target,
      start: false,
    });
    expect(await second.start({ takeover: true })).toBe('started');
    await second.settle();
    first.commit({ 'b/x.yaml': yaml(configMap('b')) });
    first.forgetEvents();
    first.ring();
    await first.until('the fence', () => first.fenced());
    expect(first.fenced()).toMatchObject({ code: 'Fenced' });
    expect(first.events).toEqual([]);
    await second.settle();
    expect(await second.objects()).toEqual(keys('a', 'b'));
    // The first one, started again, sees that it has lost the branch.
    await first.stop();
    expect(await first.start()).toMatchObject({ code: 'Fenced' });
    await second.stop();
    await closeForGood(target);
  });
});
