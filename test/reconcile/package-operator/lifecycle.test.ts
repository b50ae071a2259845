// Pausing and archiving: changes stop or go backwards, and the status keeps moving.
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { createIntakeReader } from '../../../src/reconcile/create-intake.ts';
import { createDocumentCache } from '../../../src/reconcile/document-cache.ts';
import { planSnapshot } from '../../../src/reconcile/plan-reader.ts';
import { createWorkingTreeSnapshot } from '../../../src/watcher/index.ts';
import { cleanUpAfterwards, plainGit, temporaryFolder } from '../../support/git-fixture.ts';
import {
  configMap,
  documents,
  inPhase,
  objectDeployment,
  packageInstance,
  packageManifest,
  SAYS_READY,
  unitId,
  yaml,
} from '../../support/manifests.ts';
import { createScenario, INSTANCE, stopScenariosAfterwards } from '../../support/scenario.ts';
import type { Scenario } from '../../support/scenario.ts';
import { conditionsOf, fieldsOf, untilCondition } from './read-status.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const PAUSE_MESSAGE = 'package-operator.run/pause-message';
const SET = 'local:ObjectSet.package-operator.run/default/set';

function objectSet(lifecycleState: string): string {
  const phase = (name: string, object: JsonObject): JsonObject => ({ name, objects: [{ object }] });
  return yaml({
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectSet',
    metadata: { name: 'set', namespace: 'default' },
    spec: {
      lifecycleState,
      availabilityProbes: [SAYS_READY],
      phases: [phase('first', configMap('a', { ready: 'yes' })), phase('second', configMap('b'))],
    },
  });
}

/** The files of the newest commit. */
async function checkedOut(scenario: Scenario): Promise<Snapshot> {
  const folder = temporaryFolder();
  plainGit(folder, ['clone', '--quiet', scenario.bare, '.']);
  return createWorkingTreeSnapshot(folder);
}

describe('an ObjectSet', () => {
  test('rolls out, and its status has the fields and words of the API', async () => {
    const scenario = await createScenario({ files: { 'set.yaml': objectSet('Active') } });
    await scenario.settle();
    const file = scenario.status(SET)?.file;
    expect(conditionsOf(file)).toMatchObject({
      Available: 'True/Available: Object is available and passes all probes.',
      Succeeded:
        'True/RolloutSuccess: ObjectSet rolled out all objects successfully and was Available at least once.',
    });
    expect(Object.keys(conditionsOf(file))).toEqual([
      'Available',
      'Ready',
      'Reconciling',
      'Stalled',
      'Succeeded',
    ]);
    expect(fieldsOf(file)).toEqual({
      phase: 'Available',
      revision: 1,
      controllerOf: [
        { kind: 'ConfigMap', group: '', name: 'a', namespace: 'default' },
        { kind: 'ConfigMap', group: '', name: 'b', namespace: 'default' },
      ],
    });
  });

  test('paused, it repairs nothing and still says what it sees', async () => {
    const scenario = await createScenario({ files: { 'set.yaml': objectSet('Active') } });
    await scenario.settle();
    await scenario.apply({ 'set.yaml': objectSet('Paused') });
    expect(conditionsOf(scenario.status(SET)?.file)).toMatchObject({
      Available: 'True/Available: Object is available and passes all probes.',
      Paused: 'True/Paused: Lifecycle state set to paused.',
    });
    expect(fieldsOf(scenario.status(SET)?.file)['phase']).toBe('Paused');

    const changed = configMap('a', { ready: 'no' }, { namespace: 'default' });
    await scenario.put(changed as Manifest);
    const file = await untilCondition(scenario, SET, 'Available', 'False/ProbeFailure');
    expect(conditionsOf(file)['Available']).toBe(
      'False/ProbeFailure: Phase "first" failed:  ConfigMap default/a: says not ready',
    );
    await scenario.remove('ConfigMap/default/b');

    await scenario.apply({ 'set.yaml': objectSet('Active') });
    expect(conditionsOf(scenario.status(SET)?.file)).not.toHaveProperty('Paused');
    expect(await scenario.objects()).toEqual(['ConfigMap/default/a', 'ConfigMap/default/b']);
  });

  test('archived, it removes its objects in reverse order and stays as a record', async () => {
    const scenario = await createScenario({ files: { 'set.yaml': objectSet('Active') } });
    await scenario.settle();
    scenario.forgetEvents();
    await scenario.apply({ 'set.yaml': objectSet('Archived') });
    expect(scenario.events).toEqual(['gone ConfigMap/default/b', 'gone ConfigMap/default/a']);
    expect(scenario.status(SET)).toMatchObject({ ready: 'True', reason: 'Archived' });
    const file = scenario.status(SET)?.file;
    expect(conditionsOf(file)).toMatchObject({ Archived: 'True/Archived: ' });
    expect(conditionsOf(file)).toHaveProperty('Succeeded');
    expect(conditionsOf(file)).not.toHaveProperty('Available');
    expect(fieldsOf(file)).toEqual({ phase: 'Archived', revision: 1, controllerOf: [] });
  });

  test('archived, the plan says what goes and that nothing holds it', async () => {
    const scenario = await createScenario({ files: { 'set.yaml': objectSet('Active') } });
    await scenario.settle();
    scenario.commit({ 'set.yaml': objectSet('Archived') });
    const intake = await createIntakeReader({
      documents: createDocumentCache(),
      targets: [{ name: 'local' }],
      define: () => undefined,
      target: () => Promise.resolve(scenario.target),
      holder: () => undefined,
      memory: undefined,
    }).take(await checkedOut(scenario));
    const { plans } = await planSnapshot(intake, {
      instance: INSTANCE,
      targets: [scenario.target],
    });
    const [plan] = plans;
    expect(plan?.removals.map(({ action }) => action)).toEqual(['prune', 'prune']);
    expect(plan?.safety.kind).toBe('allowed');
  });

  test('archived from the start, it makes nothing', async () => {
    const scenario = await createScenario({ files: { 'set.yaml': objectSet('Archived') } });
    await scenario.settle();
    expect(await scenario.objects()).toEqual([]);
    expect(conditionsOf(scenario.status(SET)?.file)).toMatchObject({ Archived: 'True/Archived: ' });
  });

  test('what is archived can be had back by going back in Git', async () => {
    const scenario = await createScenario({ files: { 'set.yaml': objectSet('Active') } });
    await scenario.settle();
    await scenario.apply({ 'set.yaml': objectSet('Archived') });
    await scenario.apply({ 'set.yaml': objectSet('Active') });
    expect(await scenario.objects()).toEqual(['ConfigMap/default/a', 'ConfigMap/default/b']);
    expect(scenario.status(SET)).toMatchObject({ ready: 'True', revision: 1 });
  });

  test('an archived set gives its objects to another unit that wants them, without a deletion', async () => {
    const scenario = await createScenario({ files: { 'set.yaml': objectSet('Active') } });
    await scenario.settle();
    const before = (await scenario.object('ConfigMap/default/a'))?.metadata['uid'];
    await scenario.apply({
      'set.yaml': objectSet('Archived'),
      'plain/a.yaml': yaml(configMap('a')),
    });
    expect((await scenario.object('ConfigMap/default/a'))?.metadata['uid']).toBe(before);
    expect(await scenario.objects()).toEqual(['ConfigMap/default/a']);
  });
});

describe('a paused deployment', () => {
  const app = (version: string, spec: JsonObject = {}): string =>
    yaml(
      objectDeployment(
        'app',
        { main: [configMap('app', { version })] },
        { spec, annotations: { [PAUSE_MESSAGE]: 'audit until Friday' } },
      ),
    );
  const UNIT = unitId.deployment('app');

  test('waits with a new template, says why, and goes on when it is resumed', async () => {
    const scenario = await createScenario({ files: { 'app.yaml': app('1') } });
    await scenario.settle();
    await scenario.apply({ 'app.yaml': app('2', { paused: true }) });
    expect(conditionsOf(scenario.status(UNIT)?.file)).toMatchObject({
      Paused: 'True/Paused: audit until Friday',
      Progressing: 'True/Progressing: Progressing to a new ObjectSet.',
    });
    expect(scenario.status(UNIT)).toMatchObject({ reason: 'Suspended', revision: 1 });
    expect((await scenario.object('ConfigMap/default/app'))?.['data']).toEqual({ version: '1' });

    await scenario.apply({ 'app.yaml': app('2') });
    expect(conditionsOf(scenario.status(UNIT)?.file)).not.toHaveProperty('Paused');
    expect(scenario.status(UNIT)).toMatchObject({ ready: 'True', revision: 2 });
    expect((await scenario.object('ConfigMap/default/app'))?.['data']).toEqual({ version: '2' });
  });

  test('while a new template waits, the running revision is still looked at and not touched', async () => {
    const scenario = await createScenario({ files: { 'app.yaml': app('1') } });
    await scenario.settle();
    await scenario.apply({ 'app.yaml': app('2', { paused: true }) });
    const live = configMap('app', { version: '1', ready: 'no' }, { namespace: 'default' });
    await scenario.put(live as Manifest);
    await untilCondition(scenario, UNIT, 'Available', 'False/ObjectSetUnready');
    await scenario.remove('ConfigMap/default/app');
    await scenario.rest();
    expect(await scenario.object('ConfigMap/default/app')).toBeUndefined();
  });
});

describe('a paused package', () => {
  const files = (version: string, paused: boolean): Record<string, string> => ({
    'packages/app/manifest.yaml': yaml(packageManifest(['main'])),
    'packages/app/app.yaml': documents(inPhase('main', configMap('app', { version }))),
    'app.yaml': yaml(
      packageInstance('app', {}, { paused, annotations: { [PAUSE_MESSAGE]: 'audit' } }),
    ),
  });
  const UNIT = unitId.package('app');

  test('keeps what it unpacked, with the message for people', async () => {
    const scenario = await createScenario({ files: files('1', false) });
    await scenario.settle();
    const { unpackedHash } = fieldsOf(scenario.status(UNIT)?.file);
    await scenario.apply(files('2', true));
    expect(conditionsOf(scenario.status(UNIT)?.file)).toMatchObject({
      Paused: 'True/Paused: audit',
      Unpacked: 'True/UnpackSuccess: Unpack job succeeded',
    });
    expect(fieldsOf(scenario.status(UNIT)?.file)['unpackedHash']).toBe(unpackedHash);
    expect((await scenario.object('ConfigMap/default/app'))?.['data']).toEqual({ version: '1' });
  });

  test('paused before its first rollout, it makes nothing', async () => {
    const scenario = await createScenario({ files: files('1', true) });
    await scenario.settle();
    expect(await scenario.objects()).toEqual([]);
    expect(conditionsOf(scenario.status(UNIT)?.file)).toMatchObject({
      Available: 'False/ObjectSetUnready: No ObjectSet is available.',
      Paused: 'True/Paused: audit',
    });
  });
});
