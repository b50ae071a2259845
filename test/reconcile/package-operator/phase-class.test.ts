// Phases with a class: run on the target that it names, or by whoever answers an ObjectSetPhase (package-operator §7.4).
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import { listAt, objectAt } from '../../../src/model/json.ts';
import type { LiveObject } from '../../../src/targets/target.ts';
import { refOf } from '../../../src/model/object-key.ts';
import { cleanUpAfterwards } from '../../support/git-fixture.ts';
import { PHASE_CRD } from '../../support/phase-controller.ts';
import {
  createScenario,
  expectationOf,
  openTarget,
  stopScenariosAfterwards,
} from '../../support/scenario.ts';
import type { Scenario } from '../../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const UNIT = 'ObjectDeployment.package-operator.run/default/shop';
const CONFIG = `apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  sync: [{path: clusters/local, target: local, namespace: default}]
  safety: {maxDeletions: 100%, maxUnitDeletions: 100%}
`;

const map = (name: string, data: Readonly<Record<string, string>>): JsonObject => ({
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { ...data } },
});

interface Phase {
  readonly name: string;
  readonly class?: string;
  readonly objects: readonly JsonObject[];
}

function deployment(...phases: readonly Phase[]): string {
  const labels = { app: 'shop' };
  return JSON.stringify({
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectDeployment',
    metadata: { name: 'shop', namespace: 'default' },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          phases,
          availabilityProbes: [
            {
              selector: { kind: { group: '', kind: 'ConfigMap' } },
              probes: [{ cel: { rule: 'self.data.ready == "yes"', message: 'not ready yet' } }],
            },
          ],
        },
      },
    },
  });
}

describe('a phase whose class names a target', () => {
  const files = (edge: string, last = 'yes'): Record<string, string> => ({
    'sluice.yaml': CONFIG,
    'clusters/local/shop.yaml': deployment(
      { name: 'here', objects: [map('first', { ready: 'yes' })] },
      { name: 'there', class: 'edge', objects: [map('second', { ready: edge })] },
      { name: 'last', class: 'default', objects: [map('third', { ready: last })] },
    ),
  });

  it('is applied, gated and torn down there', async () => {
    const edge = openTarget({ name: 'edge' });
    const scenario = await createScenario({ files: files('no'), others: [edge] });
    const closed = await scenario.untilStatus(UNIT, ({ reason }) => reason === 'ProbeFailure');
    expect(closed.phases).toEqual(['here open', 'there closed', 'last waiting']);
    expect(closed.message).toBe('Phase "there" failed:  ConfigMap default/second: not ready yet');
    expect(await scenario.objects()).toEqual(['ConfigMap/default/first']);
    expect(await names(edge)).toEqual(['second']);
    const inventory = scenario.statusFile(
      'units/local/default/ObjectDeployment.package-operator.run/shop/inventory.yaml',
    );
    expect(inventory).toContain(`place: edge\n`);
    expect(inventory).toContain(`target: ${await edge.identity()}`);

    await scenario.apply(files('yes'));
    const open = await scenario.untilStatus(UNIT, ({ ready }) => ready === 'True');
    expect(open.phases).toEqual(['here open', 'there open', 'last open']);
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/first',
      'ConfigMap/default/third',
    ]);

    // What somebody does to an object there is noticed there.
    const [live] = await edge.read([refOf(await only(edge))]);
    expect(live?.state).toBe('live');
    await edge.remove(refOf(await only(edge)), { uid: expectationOf(await only(edge)).uid });
    await scenario.until('the object to be back', async () => (await names(edge)).length === 1);

    await scenario.apply({ 'clusters/local/shop.yaml': null });
    await scenario.until('everything to be gone', async () => (await names(edge)).length === 0);
    await scenario.until(
      'the unit to be gone',
      () => scenario.status(UNIT) === undefined || flushed(scenario),
    );
    expect(await scenario.objects()).toEqual([]);
    await edge.close();
  });

  it('that a failing revision moves to another target keeps its objects until the new one is available', async () => {
    const edge = openTarget({ name: 'edge' });
    const moved = (where: string, ready: string): Record<string, string> => ({
      'sluice.yaml': CONFIG,
      'clusters/local/shop.yaml': deployment({
        name: 'only',
        class: where,
        objects: [map('moving', { ready })],
      }),
    });
    const scenario = await createScenario({ files: moved('edge', 'no'), others: [edge] });
    await scenario.untilStatus(UNIT, ({ reason }) => reason === 'ProbeFailure');
    scenario.commit(moved('default', 'no'));
    await scenario.poll();
    await scenario.untilStatus(
      UNIT,
      ({ reason, revision }) => reason === 'ProbeFailure' && revision === 2,
    );
    expect(await names(edge)).toEqual(['moving']);
    await scenario.apply(moved('default', 'yes'));
    await scenario.until('the first to go', async () => (await names(edge)).length === 0);
    expect(await scenario.objects()).toEqual(['ConfigMap/default/moving']);
    await scenario.stop();
    await edge.close();
  });

  it('refuses what somebody else has there', async () => {
    const edge = openTarget({ name: 'edge' });
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'second', namespace: 'default' },
      data: {},
    };
    await edge.write({ verb: 'create', object, manager: 'somebody' });
    const scenario = await createScenario({ files: files('yes'), others: [edge] });
    const status = await scenario.untilStatus(UNIT, ({ reason }) => reason === 'CollisionDetected');
    expect(status.message).toContain('refusing adoption, object v1, Kind=ConfigMap default/second');
    await edge.close();
  });

  it('leaves nothing behind when the class changes', async () => {
    const edge = openTarget({ name: 'edge' });
    const scenario = await createScenario({ files: files('yes'), others: [edge] });
    await scenario.untilStatus(UNIT, ({ ready }) => ready === 'True');
    await scenario.apply({
      'clusters/local/shop.yaml': deployment(
        { name: 'here', objects: [map('first', { ready: 'yes' })] },
        { name: 'there', objects: [map('second', { ready: 'yes' })] },
      ),
    });
    await scenario.until(
      'the other place to be empty',
      async () => (await names(edge)).length === 0,
    );
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/first',
      'ConfigMap/default/second',
    ]);
    await edge.close();
  });

  it('goes on after a restart', async () => {
    const edge = openTarget({ name: 'edge' });
    const scenario = await createScenario({ files: files('yes'), others: [edge] });
    await scenario.untilStatus(UNIT, ({ ready }) => ready === 'True');
    const uid = expectationOf(await only(edge)).uid;
    await scenario.restart({ freshDisk: true });
    await scenario.settle();
    expect(expectationOf(await only(edge)).uid).toBe(uid);
    await scenario.apply({ 'clusters/local/shop.yaml': null });
    await scenario.until('everything to be gone', async () => (await names(edge)).length === 0);
    await edge.close();
  });
});

describe('a phase of any other class', () => {
  const files = (ready = 'yes'): Record<string, string> => ({
    'sluice.yaml': CONFIG,
    'clusters/local/shop.yaml': deployment(
      { name: 'here', objects: [map('first', { ready: 'yes' })] },
      { name: 'hosted', class: 'hosted-cluster', objects: [map('second', { ready })] },
      { name: 'last', objects: [map('third', { ready: 'yes' })] },
    ),
  });

  it('waits for the kind, then for a status, and copies up what it says', async () => {
    const scenario = await createScenario({ files: files() });
    const unknown = await scenario.untilStatus(UNIT, ({ reason }) => reason === 'PreflightError');
    expect(unknown.message).toContain(
      'Phase "hosted": class "hosted-cluster" is no configured target, and the target does not serve ObjectSetPhase',
    );
    await define(scenario);
    const silent = await scenario.untilStatus(UNIT, ({ message }) => message.includes('no status'));
    expect(silent.message).toBe('Phase "hosted" failed: no status reported');
    expect(silent.phases).toEqual(['here open', 'hosted closed', 'last waiting']);

    const [phase] = await phases(scenario);
    expect(phase?.metadata.name).toMatch(/^shop-[0-9a-z]{10}-hosted$/u);
    expect(phase).toMatchObject({
      metadata: { labels: { 'package-operator.run/phase-class': 'hosted-cluster' } },
      spec: {
        revision: 1,
        objects: [
          {
            object: { kind: 'ConfigMap', metadata: { name: 'second', namespace: 'default' } },
            collisionProtection: 'Prevent',
          },
        ],
      },
    });
    expect(await scenario.object('ConfigMap/default/second')).toBeUndefined();

    await report(scenario, 'False', 'the hosted cluster sleeps');
    const asleep = await scenario.untilStatus(UNIT, ({ message }) => message.includes('sleeps'));
    expect(asleep.message).toBe('Phase "hosted" failed: the hosted cluster sleeps');

    await report(scenario, 'True', '');
    const done = await scenario.untilStatus(UNIT, ({ ready }) => ready === 'True');
    expect(done.conditions['example.com/Reached']).toBe('True/Because');
    expect(objectAt(done.file, 'status')['controllerOf']).toEqual([
      { kind: 'ConfigMap', group: '', name: 'first', namespace: 'default' },
      { kind: 'ConfigMap', group: '', name: 'third', namespace: 'default' },
      { kind: 'ConfigMap', group: '', name: 'second', namespace: 'far' },
    ]);
  });

  it('makes a phase per revision, and removes the old one when the new one is available', async () => {
    const scenario = await createScenario({
      files: { ...files(), 'clusters/local/crd.yaml': PHASE_CRD },
    });
    await scenario.untilStatus(UNIT, ({ message }) => message.includes('no status'));
    await report(scenario, 'True', '');
    await scenario.untilStatus(UNIT, ({ ready }) => ready === 'True');
    const [first] = await phases(scenario);
    scenario.commit(files('still'));
    await scenario.poll();
    await scenario.until('a second phase', async () => (await phases(scenario)).length === 2);
    const second = (await phases(scenario)).find(
      (live) => live.metadata.name !== first?.metadata.name,
    );
    expect(second).toMatchObject({
      spec: { revision: 2, previous: [{ name: first?.metadata.name?.replace(/-hosted$/u, '') }] },
    });
    await report(scenario, 'True', '', second);
    await scenario.untilStatus(UNIT, ({ ready, revision }) => ready === 'True' && revision === 2);
    await scenario.until('the old phase to go', async () => (await phases(scenario)).length === 1);
    expect((await phases(scenario))[0]?.metadata.name).toBe(second?.metadata.name);
    scenario.forgetEvents();
    await scenario.apply({ 'clusters/local/shop.yaml': null });
    await scenario.until('everything to go', async () => (await phases(scenario)).length === 0);
    await scenario.until(
      'the first phase to go',
      async () => (await scenario.object('ConfigMap/default/first')) === undefined,
    );
    const removed = scenario.events
      .filter((event) => event.startsWith('gone'))
      .map((event) => event.split('/').at(-1));
    expect(removed.indexOf('third')).toBeLessThan(
      removed.findIndex((name) => name?.endsWith('-hosted')),
    );
    expect(removed.findIndex((name) => name?.endsWith('-hosted'))).toBeLessThan(
      removed.indexOf('first'),
    );
  });

  it('tells whoever runs it to pause, and to go on', async () => {
    const scenario = await createScenario({
      files: { ...files(), 'clusters/local/crd.yaml': PHASE_CRD },
    });
    await scenario.untilStatus(UNIT, ({ message }) => message.includes('no status'));
    await report(scenario, 'True', '');
    await scenario.untilStatus(UNIT, ({ ready }) => ready === 'True');
    const text = files()['clusters/local/shop.yaml'] ?? '';
    scenario.commit({
      'clusters/local/shop.yaml': text.replace('"spec":{', '"spec":{"paused":true,'),
    });
    await scenario.poll();
    await scenario.until('the pause', async () => paused(await phases(scenario)) === true);
    scenario.commit({ 'clusters/local/shop.yaml': text });
    await scenario.poll();
    await scenario.until(
      'the end of the pause',
      async () => paused(await phases(scenario)) === undefined,
    );
  });

  it('never writes a Secret of the phase to the status branch', async () => {
    const secret = {
      object: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'key' },
        stringData: { token: 'hunter2hunter2' },
      },
    };
    const scenario = await createScenario({
      files: {
        'sluice.yaml': CONFIG,
        'clusters/local/crd.yaml': PHASE_CRD,
        'clusters/local/shop.yaml': deployment({
          name: 'hosted',
          class: 'hosted-cluster',
          objects: [secret],
        }),
      },
    });
    await scenario.untilStatus(UNIT, ({ message }) => message.includes('no status'));
    const everything = scenario
      .statusPaths()
      .map((file) => scenario.statusFile(file))
      .join('\n');
    expect(everything).toContain('(secret)');
    expect(everything).not.toContain('hunter2');
  });
});

function paused(live: readonly LiveObject[]): unknown {
  return objectAt(live[0] ?? {}, 'spec')['paused'];
}

async function define(scenario: Scenario): Promise<void> {
  await scenario.put(JSON.parse(PHASE_CRD));
}

async function phases(scenario: Scenario): Promise<readonly LiveObject[]> {
  const found: LiveObject[] = [];
  for await (const live of scenario.target.find('test')) {
    if (live.kind === 'ObjectSetPhase') found.push(live);
  }
  return found;
}

/** What the controller of the class would say. */
async function report(
  scenario: Scenario,
  status: string,
  message: string,
  of?: LiveObject,
): Promise<void> {
  const live = of ?? (await phases(scenario))[0];
  if (!live) throw new Error('there is no phase yet');
  const [now] = await scenario.target.read([refOf(live)]);
  if (now?.state !== 'live') throw new Error('the phase is gone');
  // The kind has no status subresource here, so that a test can write it, and that write counts too.
  const observedGeneration = Number(now.object.metadata['generation'] ?? 0) + 1;
  const condition = {
    reason: 'Because',
    message,
    observedGeneration,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  const patch = {
    status: {
      conditions: [
        { type: 'Available', status, ...condition },
        { type: 'example.com/Reached', status: 'True', ...condition },
      ],
      controllerOf: [{ kind: 'ConfigMap', group: '', name: 'second', namespace: 'far' }],
    },
  };
  const written = await scenario.target.write({
    verb: 'patch',
    ref: refOf(live),
    patch,
    manager: 'far',
    expect: expectationOf(now.object),
  });
  if (
    written.kind !== 'done' ||
    listAt(objectAt(written.object, 'status'), 'conditions').length === 0
  ) {
    throw new Error(`the status was not taken: ${JSON.stringify(written)}`);
  }
}

async function names(target: Scenario['target']): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const live of target.find('test')) found.push(live.metadata.name ?? '');
  return found.toSorted();
}

async function only(target: Scenario['target']): Promise<LiveObject> {
  for await (const live of target.find('test')) return live;
  throw new Error('nothing is there');
}

async function flushed(scenario: Scenario): Promise<boolean> {
  await scenario.session().committer.flush();
  return scenario.status(UNIT) === undefined;
}
