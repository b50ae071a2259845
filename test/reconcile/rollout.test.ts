// How a rollout goes: gates, hand-over, supersede, deadlines, drift, collisions, levers.
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import type { Manifest } from '../../src/model/manifest.ts';
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
import { createScenario, openTarget, stopScenariosAfterwards } from '../support/scenario.ts';
import type { Scenario } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const FREE = { safety: { maxDeletions: 9, maxUnitDeletions: 9 } };
const HOLD = { annotations: { 'embedded.sluice.dev/hold': 'true' } };
const shopId = unitId.deployment('shop');

function live(object: JsonObject): Manifest {
  return {
    ...object,
    metadata: { namespace: 'default', ...(object['metadata'] as object) },
  } as Manifest;
}

async function dataOf(scenario: Scenario, name: string): Promise<unknown> {
  return (await scenario.object(`ConfigMap/default/${name}`))?.['data'];
}

/** A closed gate that opens by a commit, or when somebody writes `ready: "yes"` to the object. */
function gate(name: string, ready = 'no'): JsonObject {
  return configMap(name, { ready });
}

/** A Deployment that every API server refuses: its selector misses its own pods. */
function mismatch(): JsonObject {
  const made = deployment('wrong');
  return {
    ...made,
    spec: { ...(made['spec'] as object), selector: { matchLabels: { app: 'other' } } },
  };
}

describe('phases', () => {
  test('of a namespace that is not there say where to create it, rehearsed or written', async () => {
    const made = configMap('one');
    const apart = { ...made, metadata: { ...(made['metadata'] as object), namespace: 'web' } };
    const files = {
      'x.yaml': yaml(apart),
      'y.yaml': yaml(objectDeployment('shop', { first: [configMap('two')] }, { namespace: 'web' })),
    };
    const scenario = await createScenario({ status: 'folder', files });
    const hint =
      'Create Namespace web in a unit of its own and let this one depend on it, or in an earlier phase.';
    for (const [unit, code] of [
      [unitId.folder('.'), 'ObjectRejected'],
      [unitId.deployment('shop', 'web'), 'PreflightFailed'],
    ] as const) {
      const { details } = await scenario.untilStatus(unit, (status) =>
        status.diagnostics.some((item) => item.startsWith(code)),
      );
      expect(details).toMatchObject([{ code, hint }]);
    }
  });

  test('open one after another, and what waits is untouched and says for what', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'x.yaml': yaml(
          objectDeployment('shop', { first: [gate('one')], second: [configMap('two')] }),
        ),
      },
    });
    const waiting = await scenario.untilStatus(shopId, ({ phases }) => phases.length === 2);
    expect(waiting.phases).toEqual(['first closed', 'second waiting']);
    expect(waiting.message).toBe('Phase "first" failed:  ConfigMap default/one: says not ready');
    expect(waiting.conditions).toMatchObject({
      Available: expect.stringContaining('False/') as string,
    });
    expect(await scenario.objects()).toEqual(['ConfigMap/default/one']);
    scenario.commit({
      'x.yaml': yaml(
        objectDeployment('shop', { first: [gate('one', 'yes')], second: [configMap('two')] }),
      ),
    });
    await scenario.settle();
    expect(scenario.status(shopId)).toMatchObject({
      ready: 'True',
      revision: 2,
      phases: ['first open', 'second open'],
    });
  });

  test('open on events that come while the rest of the phase is still being written', async () => {
    const fast = openTarget({ readyAfterMs: 0 });
    // A target that takes its time to answer, so that readiness overtakes the pass.
    const target = {
      ...fast,
      write: async (...args: Parameters<typeof fast.write>) => {
        const result = await fast.write(...args);
        const late = args[0].verb === 'create' && JSON.stringify(args[0]).includes('"slow"');
        if (late) await new Promise((resolve) => setTimeout(resolve, 150));
        return result;
      },
    };
    const scenario = await createScenario({
      status: 'folder',
      files: { 'a/x.yaml': documents(deployment('quick'), deployment('slow')) },
      target,
    });
    await scenario.settle();
    expect(scenario.status(unitId.folder('a'))).toMatchObject({ ready: 'True' });
    await scenario.stop();
    await fast.close();
  });

  test('of a new revision take over one by one while the old one goes on serving', async () => {
    const old = {
      first: [configMap('a', { v: '1' })],
      second: [configMap('b', { v: '1' }), configMap('gone')],
    };
    const next = {
      first: [configMap('a', { v: '2' }), gate('door')],
      second: [configMap('b', { v: '2' }), configMap('new')],
    };
    const scenario = await createScenario({
      status: 'folder',
      files: { 'sluice.yaml': config(FREE), 'x.yaml': yaml(objectDeployment('shop', old)) },
    });
    await scenario.settle();
    scenario.commit({ 'x.yaml': yaml(objectDeployment('shop', next)) });
    await scenario.poll();
    const between = await scenario.untilStatus(shopId, ({ revision }) => revision === 2);
    expect(between.phases).toEqual(['first closed', 'second waiting']);
    expect(between.conditions['Available']).toBe('True/Available');
    expect(between.removals).toEqual([
      'ConfigMap/default/gone pending: goes when the new revision is available',
    ]);
    expect(await dataOf(scenario, 'a')).toEqual({ v: '2' });
    expect(await dataOf(scenario, 'b')).toEqual({ v: '1' });
    // What the old revision still has, it still repairs.
    await scenario.put(live(configMap('b', { v: 'changed' })));
    await scenario.until(
      'repair',
      async () => JSON.stringify(await dataOf(scenario, 'b')) === '{"v":"1"}',
    );
    await scenario.remove('ConfigMap/default/gone');
    await scenario.until('repair', () => scenario.object('ConfigMap/default/gone'));

    next.first = [configMap('a', { v: '2' }), gate('door', 'yes')];
    await scenario.apply({ 'x.yaml': yaml(objectDeployment('shop', next)) });
    expect(scenario.status(shopId)).toMatchObject({ ready: 'True', revision: 3, removals: [] });
    expect(await scenario.objects()).toEqual(
      ['a', 'b', 'door', 'new'].map((name) => `ConfigMap/default/${name}`),
    );
    expect(await dataOf(scenario, 'b')).toEqual({ v: '2' });
  });
});

describe('commits that come while a rollout waits', () => {
  const revision = (v: number, ready: string): string =>
    yaml(
      objectDeployment('shop', {
        first: [configMap('a', { v: String(v), ready })],
        second: [configMap('b', { v: String(v) })],
      }),
    );

  test('take its place at once', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: { 'x.yaml': revision(1, 'no') },
    });
    await scenario.untilStatus(shopId, ({ phases }) => phases[0] === 'first closed');
    const begun = Date.now();
    scenario.commit({ 'x.yaml': revision(2, 'yes') });
    await scenario.settle();
    // No tick, no deadline: well below any waiting time there is.
    expect(Date.now() - begun).toBeLessThan(5_000);
    expect(scenario.status(shopId)).toMatchObject({ ready: 'True', revision: 2 });
    expect(await dataOf(scenario, 'b')).toEqual({ v: '2' });
  });

  test('that were skipped on the way get no revision', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: { 'x.yaml': revision(1, 'yes') },
    });
    await scenario.settle();
    for (const v of [2, 3, 4]) scenario.commit({ 'x.yaml': revision(v, 'yes') });
    await scenario.settle();
    expect(scenario.status(shopId)).toMatchObject({ revision: 2 });
    expect(await dataOf(scenario, 'b')).toEqual({ v: '4' });
  });

  test('five in a row let one phase reach its gate before the sixth goes on', async () => {
    const opened = "has(self.metadata.annotations) && 'door' in self.metadata.annotations";
    const probes = [
      {
        selector: { kind: { kind: 'ConfigMap' } },
        probes: [{ cel: { rule: opened, message: 'the door is shut' } }],
      },
    ];
    const closed = (v: number): string => {
      const first = [configMap('a', { v: String(v) })];
      return yaml(objectDeployment('shop', { first, second: [configMap('b')] }, { probes }));
    };
    const open = async (name: string): Promise<void> => {
      const metadata = { name, namespace: 'default', annotations: { door: 'open' } };
      await scenario.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    };
    const scenario = await createScenario({ status: 'folder', files: { 'x.yaml': closed(1) } });
    for (const v of [2, 3, 4, 5, 6, 7]) {
      await scenario.untilStatus(shopId, (status) => status.revision === Math.min(v - 1, 6));
      scenario.commit({ 'x.yaml': closed(v) });
      await scenario.poll();
    }
    await scenario.rest();
    // The sixth stays until its gate opens: nothing of the seventh is there.
    expect(await dataOf(scenario, 'a')).toEqual({ v: '6' });
    expect(scenario.status(shopId)).toMatchObject({ ready: 'False', revision: 6 });
    await open('a');
    await scenario.untilStatus(shopId, ({ revision }) => revision === 7);
    expect(await dataOf(scenario, 'a')).toEqual({ v: '7' });
    await scenario.until('the second phase', () => scenario.object('ConfigMap/default/b'));
    await open('b');
    await scenario.settle();
    expect(scenario.status(shopId)).toMatchObject({ ready: 'True', revision: 7 });
  });
});

describe('a deadline', () => {
  test('that passes stalls the unit, with the reason; what comes later goes on', async () => {
    const slow = { annotations: { 'sluice.dev/timeout': '300ms' } };
    const of = (ready: string): string =>
      yaml(
        objectDeployment('shop', { first: [gate('one', ready)], second: [configMap('two')] }, slow),
      );
    const scenario = await createScenario({ status: 'folder', files: { 'x.yaml': of('no') } });
    await scenario.settle();
    const late = scenario.status(shopId);
    expect(late?.conditions).toMatchObject({
      Ready: 'False/ProgressDeadlineExceeded',
      Stalled: 'True/ProgressDeadlineExceeded',
      Reconciling: 'False/Idle',
    });
    expect(late?.message).toContain('Phase "first" did not open in time');
    expect(late?.message).toContain('says not ready');
    await scenario.apply({ 'x.yaml': of('yes') });
    expect(scenario.status(shopId)).toMatchObject({ ready: 'True', revision: 2 });
  });

  test('is not set back by a restart', async () => {
    const slow = { annotations: { 'sluice.dev/timeout': '3s' } };
    const file = yaml(objectDeployment('shop', { first: [gate('one', 'no')] }, slow));
    const scenario = await createScenario({ status: 'folder', files: { 'x.yaml': file } });
    const path = 'units/local/default/ObjectDeployment.package-operator.run/shop/unit.yaml';
    await scenario.untilStatus(shopId, ({ reason }) => reason === 'ProbeFailure');
    await scenario.restart();
    await scenario.settle();
    expect(scenario.status(shopId)?.reason).toBe('ProgressDeadlineExceeded');
    const before = scenario.statusFile(path);
    await scenario.restart();
    await scenario.settle();
    // The conditions have not moved in between: that would show in their transition times.
    expect(scenario.statusFile(path)).toBe(before);
  });

  test('that has passed does not close the gate for ever', async () => {
    const slow = { annotations: { 'sluice.dev/timeout': '200ms', ...HOLD.annotations } };
    const scenario = await createScenario({
      status: 'folder',
      files: { 'a/x.yaml': yaml(deployment('web', slow)) },
    });
    await scenario.settle();
    const id = unitId.folder('a');
    expect(scenario.status(id)).toMatchObject({ reason: 'ProgressDeadlineExceeded' });
    await scenario.apply({
      'a/x.yaml': yaml(deployment('web', { annotations: { 'sluice.dev/timeout': '5s' } })),
    });
    expect(scenario.status(id)).toMatchObject({ ready: 'True' });
  });
});

describe('units do not wait for each other', () => {
  test('one that is held, one that fails and one that is slow delay nobody', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'held/x.yaml': yaml(deployment('held', HOLD)),
        'broken/x.yaml': 'a: [\n',
        'wrong/x.yaml': yaml(mismatch()),
        'fine/x.yaml': documents(configMap('fine'), deployment('fine')),
      },
    });
    const fine = await scenario.untilStatus(unitId.folder('fine'), ({ ready }) => ready === 'True');
    expect(fine).toMatchObject({ ready: 'True', revision: 1 });
    const held = await scenario.untilStatus(
      unitId.folder('held'),
      ({ phases }) => phases.length > 0,
    );
    expect(held).toMatchObject({
      ready: 'False',
      conditions: { Reconciling: 'True/ProbeFailure' },
    });
    // And the next commit of the good one is not held up either.
    scenario.commit({
      'fine/x.yaml': documents(configMap('fine', { key: 'two' }), deployment('fine')),
    });
    await scenario.poll();
    await scenario.untilStatus(
      unitId.folder('fine'),
      ({ ready, revision }) => ready === 'True' && revision === 2,
    );
  });

  test('an object that the target refuses for good is said, and nothing waits for it', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'a/x.yaml': yaml(mismatch()),
        'sluice.yaml': config({ defaults: { timeout: '0s' } }),
      },
    });
    await scenario.settle();
    const status = scenario.status(unitId.folder('a'));
    expect(status).toMatchObject({ ready: 'False' });
    expect(status?.diagnostics[0]).toMatch(/ a\/x.yaml:\d/);
  });
});

describe('dependencies', () => {
  test('start when what they need is ready at the same commit', async () => {
    const after = { annotations: { 'sluice.dev/depends-on': 'Folder/db' } };
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'db/x.yaml': yaml(deployment('db', HOLD)),
        'web/x.yaml': yaml(deployment('web', after)),
      },
    });
    const waiting = await scenario.untilStatus(
      unitId.folder('web'),
      ({ reason }) => reason === 'DependencyNotReady',
    );
    expect(waiting).toMatchObject({ ready: 'False', revision: 0 });
    expect(waiting.message).toMatch(/^Waiting for local:Folder\/db/);
    expect(await scenario.object('Deployment.apps/default/web')).toBeUndefined();
    scenario.commit({ 'db/x.yaml': yaml(deployment('db')) });
    await scenario.settle();
    expect(scenario.status(unitId.folder('web'))).toMatchObject({ ready: 'True' });

    // A new input of the dependency is waited for as well, and what runs goes on meanwhile.
    scenario.commit({
      'db/x.yaml': yaml(deployment('db', { ...HOLD, image: 'nginx:2' })),
      'web/x.yaml': yaml(deployment('web', { ...after, image: 'nginx:2' })),
    });
    await scenario.poll();
    const again = await scenario.untilStatus(
      unitId.folder('web'),
      ({ reason }) => reason === 'DependencyNotReady',
    );
    expect(again).toMatchObject({ revision: 1, conditions: { Available: 'True/Available' } });
    expect(JSON.stringify(await scenario.object('Deployment.apps/default/web'))).toContain(
      'nginx:1',
    );
  });
});

describe("somebody else's objects", () => {
  test('of a planned name are never overwritten; the unit goes on when they are gone', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: { 'b/x.yaml': yaml(configMap('b')) },
    });
    await scenario.put(live(configMap('a', { of: 'somebody' })));
    scenario.commit({ 'a/x.yaml': documents(configMap('a'), configMap('also')) });
    await scenario.poll();
    const id = unitId.folder('a');
    const status = await scenario.untilStatus(id, ({ reason }) => reason === 'CollisionDetected');
    expect(status.diagnostics).toEqual(['CollisionDetected a/x.yaml:1']);
    expect(status.message).toContain('refusing adoption, object v1, Kind=ConfigMap default/a');
    expect(await dataOf(scenario, 'a')).toEqual({ of: 'somebody' });
    await scenario.remove('ConfigMap/default/a');
    await scenario.untilStatus(id, ({ ready }) => ready === 'True');
    expect(await dataOf(scenario, 'a')).toEqual({ key: 'value' });
  });

  test('that have no owner are taken where the unit says IfNoController', async () => {
    const take = {
      annotations: { 'package-operator.run/collision-protection': 'IfNoController' },
    };
    const scenario = await createScenario({
      status: 'folder',
      files: { 'b/x.yaml': yaml(configMap('b')) },
    });
    await scenario.put(live(configMap('a', { of: 'somebody' })));
    scenario.commit({
      'packages/app/manifest.yaml': yaml(packageManifest(['all'])),
      'packages/app/a.yaml': yaml(inPhase('all', configMap('a', { key: 'ours' }, take))),
      'apps/shop.yaml': yaml(packageInstance('shop')),
    });
    await scenario.settle();
    expect(scenario.status(unitId.package('shop'))).toMatchObject({ ready: 'True' });
    expect(await dataOf(scenario, 'a')).toMatchObject({ key: 'ours' });
    expect(scenario.events).toContain('adopted ConfigMap/default/a');
  });

  test('that took our name after ours was deleted are not removed with the unit', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'sluice.yaml': config(FREE),
        'a/x.yaml': yaml(configMap('a')),
        'b/x.yaml': yaml(configMap('b')),
      },
    });
    await scenario.settle();
    await scenario.stop();
    await scenario.remove('ConfigMap/default/a');
    await scenario.put(live(configMap('a', { of: 'somebody' })));
    scenario.commit({ 'a/x.yaml': null });
    await scenario.start();
    await scenario.settle();
    expect(await dataOf(scenario, 'a')).toEqual({ of: 'somebody' });
  });
});

describe('levers', () => {
  test('suspend: what comes new waits, nothing is repaired, nothing removed; resume catches up', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'sluice.yaml': config(FREE),
        'a/x.yaml': documents(configMap('a'), configMap('b')),
        'c/x.yaml': yaml(configMap('c')),
      },
    });
    await scenario.settle();
    const suspended = { annotations: { 'sluice.dev/suspend': 'true' } };
    await scenario.apply({
      'a/x.yaml': documents(configMap('a', { key: 'new' }, suspended)),
      'c/x.yaml': yaml(configMap('c', { key: 'value' }, suspended)),
    });
    const id = unitId.folder('a');
    expect(scenario.status(id)).toMatchObject({ reason: 'Suspended', revision: 1 });
    expect(scenario.status(unitId.folder('c'))).toMatchObject({ reason: 'Suspended', revision: 1 });
    await scenario.put(live(configMap('c', { key: 'changed' })));
    await scenario.settle();
    expect(await scenario.objects()).toEqual(
      ['a', 'b', 'c'].map((name) => `ConfigMap/default/${name}`),
    );
    expect(await dataOf(scenario, 'a')).toEqual({ key: 'value' });
    expect(await dataOf(scenario, 'c')).toEqual({ key: 'changed' });
    await scenario.apply({
      'a/x.yaml': documents(configMap('a', { key: 'new' })),
      'c/x.yaml': yaml(configMap('c')),
    });
    expect(scenario.status(id)).toMatchObject({ ready: 'True', revision: 2 });
    expect(await scenario.objects()).toEqual(['a', 'c'].map((name) => `ConfigMap/default/${name}`));
    expect(await dataOf(scenario, 'c')).toEqual({ key: 'value' });
  });

  test('spec.paused of a Package is the same', async () => {
    const files = {
      'packages/app/manifest.yaml': yaml(packageManifest(['all'])),
      'packages/app/a.yaml': yaml(inPhase('all', configMap('a', { v: '1' }))),
    };
    const scenario = await createScenario({
      status: 'folder',
      files: { ...files, 'apps/shop.yaml': yaml(packageInstance('shop')) },
    });
    await scenario.settle();
    await scenario.apply({
      'packages/app/a.yaml': yaml(inPhase('all', configMap('a', { v: '2' }))),
      'apps/shop.yaml': yaml(packageInstance('shop', {}, { paused: true })),
    });
    expect(scenario.status(unitId.package('shop'))).toMatchObject({
      reason: 'Suspended',
      revision: 1,
    });
    expect(await dataOf(scenario, 'a')).toEqual({ v: '1' });
    await scenario.apply({ 'apps/shop.yaml': yaml(packageInstance('shop')) });
    expect(await dataOf(scenario, 'a')).toEqual({ v: '2' });
  });

  test('drift is fixed, reported or ignored as the object says', async () => {
    const drift = (how: string): JsonObject =>
      configMap(how, { key: 'value' }, { annotations: { 'sluice.dev/drift': how } });
    const scenario = await createScenario({
      status: 'folder',
      files: { 'a/x.yaml': documents(drift('fix'), drift('report'), drift('ignore')) },
    });
    await scenario.settle();
    for (const how of ['fix', 'report', 'ignore'])
      await scenario.put(live(configMap(how, { key: 'changed' })));
    await scenario.until(
      'repair',
      async () => JSON.stringify(await dataOf(scenario, 'fix')) === '{"key":"value"}',
    );
    const id = unitId.folder('a');
    const reported = await scenario.untilStatus(id, ({ file }) =>
      JSON.stringify(file).includes('drift'),
    );
    expect(JSON.stringify(reported.file)).toContain('ConfigMap/default/report');
    expect(await dataOf(scenario, 'report')).toEqual({ key: 'changed' });
    expect(await dataOf(scenario, 'ignore')).toEqual({ key: 'changed' });
    expect(reported.ready).toBe('True');
  });

  test('an immutable change is refused, and deletes and creates anew only where that is allowed', async () => {
    const job = (image: string, annotations?: Readonly<Record<string, string>>): string =>
      yaml({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'once', ...(annotations ? { annotations } : {}) },
        spec: {
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image }] } },
        },
      });
    const scenario = await createScenario({
      status: 'folder',
      files: { 'a/x.yaml': job('one'), 'sluice.yaml': config({ defaults: { timeout: '0s' } }) },
    });
    await scenario.settle();
    const key = 'Job.batch/default/once';
    const uid = (await scenario.object(key))?.metadata['uid'];
    await scenario.apply({ 'a/x.yaml': job('two') });
    const id = unitId.folder('a');
    expect(scenario.status(id)?.diagnostics).toEqual(['ReplaceRequired a/x.yaml:1']);
    expect((await scenario.object(key))?.metadata['uid']).toBe(uid);

    await scenario.apply({ 'a/x.yaml': job('two', { 'sluice.dev/replace': 'allowed' }) });
    const after = await scenario.object(key);
    expect(after?.metadata['uid']).not.toBe(uid);
    expect(JSON.stringify(after?.['spec'])).toContain('"two"');
    expect(scenario.status(id)).toMatchObject({ ready: 'True' });
  });

  test('reconcile-at looks at everything again, whatever the hashes say', async () => {
    const at = (time: string): string =>
      yaml(configMap('a', { key: 'value' }, { annotations: { 'sluice.dev/reconcile-at': time } }));
    const scenario = await createScenario({ status: 'folder', files: { 'a/x.yaml': at('1') } });
    await scenario.settle();
    await scenario.rest();
    await scenario.apply({ 'a/x.yaml': at('2') });
    expect(scenario.status(unitId.folder('a'))).toMatchObject({ ready: 'True', revision: 1 });
  });
});
