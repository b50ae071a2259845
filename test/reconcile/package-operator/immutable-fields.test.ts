// Fields that the API calls immutable: an edit is refused with its place, and what was accepted stays in force.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import { cli } from '../../support/cli.ts';
import { cleanUpAfterwards, plainGit, temporaryFolder, tipOf } from '../../support/git-fixture.ts';
import { configMap, secret, yaml } from '../../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../../support/scenario.ts';
import { conditionsOf } from './read-status.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const SET = 'local:ObjectSet.package-operator.run/default/set';

function objectSet(object: JsonObject, spec: JsonObject = {}): string {
  return yaml({
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectSet',
    metadata: { name: 'set', namespace: 'default' },
    spec: { phases: [{ name: 'main', objects: [{ object }] }], ...spec },
  });
}

const ACCEPTED = objectSet(configMap('a', { version: '1' }));
const EDITED = objectSet(configMap('a', { version: '2' }));

describe('an edit of the phases of an ObjectSet', () => {
  test('is Invalid with file and line, and nothing changes on the target', async () => {
    const scenario = await createScenario({ files: { 'sets/set.yaml': ACCEPTED } });
    await scenario.settle();
    await scenario.apply({ 'sets/set.yaml': EDITED });
    const status = scenario.status(SET);
    expect(status).toMatchObject({ ready: 'False', reason: 'ImmutableField', revision: 1 });
    expect(status?.diagnostics).toEqual(['ImmutableField sets/set.yaml:9']);
    expect(conditionsOf(status?.file)).toMatchObject({
      Available: 'True/Available: Object is available and passes all probes.',
      Invalid:
        'True/ImmutableField: spec.phases: phases is immutable; the last accepted object stays in force (sets/set.yaml:9)',
    });
    expect((await scenario.object('ConfigMap/default/a'))?.['data']).toEqual({ version: '1' });
  });

  test('is still refused after a restart, and the accepted object is still kept in place', async () => {
    const scenario = await createScenario({ files: { 'set.yaml': ACCEPTED } });
    await scenario.settle();
    await scenario.stop();
    scenario.commit({ 'set.yaml': EDITED });
    await scenario.start({ freshDisk: true });
    await scenario.settle();
    expect(scenario.status(SET)?.reason).toBe('ImmutableField');
    await scenario.put(configMap('a', { version: '3' }, { namespace: 'default' }) as Manifest);
    await scenario.until('the repair', async () => {
      const live = await scenario.object('ConfigMap/default/a');
      return JSON.stringify(live?.['data']) === '{"version":"1"}';
    });
  });

  test.each([
    ['archives the set', { lifecycleState: 'Archived' }, 'True/Available', '1'],
    ['pauses the set: that alone counts', { lifecycleState: 'Paused' }, 'True/Available', '3'],
  ])('that also %s', async (_what, spec, available, version) => {
    const scenario = await createScenario({ files: { 'set.yaml': ACCEPTED }, status: 'folder' });
    await scenario.settle();
    await scenario.apply({ 'set.yaml': objectSet(configMap('a', { version: '2' }), spec) });
    expect(scenario.status(SET)?.reason).toBe('ImmutableField');
    const conditions = conditionsOf(scenario.status(SET)?.file);
    expect(conditions['Available']).toContain(available);
    expect(conditions).not.toHaveProperty('Archived');
    await scenario.put(configMap('a', { version: '3' }, { namespace: 'default' }) as Manifest);
    await scenario.until('it to be as expected', async () => {
      const live = await scenario.object('ConfigMap/default/a');
      return JSON.stringify(live?.['data']) === `{"version":"${version}"}`;
    });
  });

  test('of an archived set leaves it archived', async () => {
    const scenario = await createScenario({ files: { 'set.yaml': ACCEPTED }, status: 'folder' });
    await scenario.settle();
    const archived = { lifecycleState: 'Archived' };
    await scenario.apply({ 'set.yaml': objectSet(configMap('a', { version: '1' }), archived) });
    expect(await scenario.objects()).toEqual([]);
    await scenario.apply({ 'set.yaml': objectSet(configMap('a', { version: '2' }), archived) });
    const conditions = conditionsOf(scenario.status(SET)?.file);
    expect(conditions['Archived']).toMatch(/^True/u);
    expect(conditions['Invalid']).toMatch(/^True\/ImmutableField/u);
    expect(conditions).not.toHaveProperty('Available');
    expect(await scenario.objects()).toEqual([]);
  });

  test('that is taken back is forgotten', async () => {
    const scenario = await createScenario({ files: { 'set.yaml': ACCEPTED } });
    await scenario.settle();
    await scenario.apply({ 'set.yaml': EDITED });
    await scenario.apply({ 'set.yaml': ACCEPTED });
    expect(scenario.status(SET)).toMatchObject({ ready: 'True', revision: 1 });
    expect(conditionsOf(scenario.status(SET)?.file)).not.toHaveProperty('Invalid');
  });

  test('is no edit when the set goes and comes again', async () => {
    const files = {
      'set.yaml': ACCEPTED,
      'sluice.yaml': yaml({
        apiVersion: 'sluice.dev/v1alpha1',
        kind: 'Config',
        spec: { safety: { maxDeletions: '100%', maxUnitDeletions: '100%' } },
      }),
    };
    const scenario = await createScenario({ files });
    await scenario.settle();
    await scenario.apply({ 'set.yaml': null });
    await scenario.apply({ 'set.yaml': EDITED });
    expect(scenario.status(SET)).toMatchObject({ ready: 'True' });
    expect((await scenario.object('ConfigMap/default/a'))?.['data']).toEqual({ version: '2' });
  });
});

test('fields that may change do', async () => {
  const scenario = await createScenario({ files: { 'set.yaml': ACCEPTED } });
  await scenario.settle();
  const paused = objectSet(configMap('a', { version: '1' }), { lifecycleState: 'Paused' });
  await scenario.apply({ 'set.yaml': paused });
  expect(conditionsOf(scenario.status(SET)?.file)).toHaveProperty('Paused');
});

test('what is recorded of the fields tells nothing about a Secret in them', async () => {
  const first = await createScenario({
    files: { 'set.yaml': objectSet(secret('s', { password: 'one two three' })) },
  });
  await first.settle();
  const second = await createScenario({
    files: { 'set.yaml': objectSet(secret('s', { password: 'four five six' })) },
  });
  await second.settle();
  const digests = [first, second].map((scenario) => {
    const path = scenario.statusPaths().find((name) => name.endsWith('/revision.yaml')) ?? '';
    return /spec\.phases: (\w+)/.exec(scenario.statusFile(path) ?? '')?.[1];
  });
  expect(digests[0]).toMatch(/^[0-9a-f]{40}$/);
  expect(digests[0]).toBe(digests[1]);
});

test('`sluice validate --base` tells it before the merge', async () => {
  const scenario = await createScenario({ files: { 'set.yaml': ACCEPTED }, start: false });
  const base = tipOf(scenario.bare, 'main') ?? '';
  scenario.commit({ 'set.yaml': EDITED });
  const cwd = temporaryFolder();
  plainGit(cwd, ['clone', '--quiet', scenario.bare, 'clone']);
  const run = (...argv: string[]): ReturnType<typeof cli> =>
    cli(['validate', ...argv], { cwd: path.join(cwd, 'clone') });
  expect(await run()).toMatchObject({ code: 0 });
  const result = await run('--base', base);
  expect(result.code).toBe(1);
  expect(result.err).toContain('set.yaml:9');
  expect(result.err).toContain('ImmutableField');
});

test('`sluice validate --base` lets a set be corrected that could not be brought out', async () => {
  const set = (object: JsonObject): string =>
    yaml({
      apiVersion: 'package-operator.run/v1alpha1',
      kind: 'ClusterObjectSet',
      metadata: { name: 'set' },
      spec: { phases: [{ name: 'main', objects: [{ object }] }] },
    });
  const withoutNamespace = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  const scenario = await createScenario({ files: { 'set.yaml': set(withoutNamespace) } });
  await scenario.rest();
  const base = tipOf(scenario.bare, 'main') ?? '';
  scenario.commit({ 'set.yaml': set(configMap('a', {}, { namespace: 'default' })) });
  await scenario.settle();
  expect(scenario.status('local:ClusterObjectSet.package-operator.run/set')).toMatchObject({
    ready: 'True',
  });
  const cwd = temporaryFolder();
  plainGit(cwd, ['clone', '--quiet', scenario.bare, 'clone']);
  const run = (): ReturnType<typeof cli> =>
    cli(['validate', '--base', base], { cwd: path.join(cwd, 'clone') });
  expect(await run()).toMatchObject({ code: 0, err: '' });
});

describe('an edit of a slice', () => {
  const slice = (version: string): string =>
    yaml({
      apiVersion: 'package-operator.run/v1alpha1',
      kind: 'ObjectSlice',
      metadata: { name: 'cut.1', namespace: 'default' },
      objects: [{ object: configMap('a', { version }) }],
    });
  const phases = [{ name: 'main', slices: ['cut.1'] }];
  const set = yaml({
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectSet',
    metadata: { name: 'set', namespace: 'default' },
    spec: { phases },
  });

  test('under an ObjectSet is refused at the slice, also after a restart, and ends when taken back', async () => {
    const scenario = await createScenario({ files: { 'set.yaml': set, 'slice.yaml': slice('1') } });
    await scenario.settle();
    await scenario.apply({ 'slice.yaml': slice('2') });
    const refused = scenario.status(SET);
    expect(refused).toMatchObject({ ready: 'False', reason: 'ImmutableField', revision: 1 });
    expect(refused?.diagnostics).toEqual(['ImmutableField slice.yaml:8']);
    expect(refused?.message).toContain('ObjectSlice cut.1: objects is immutable');
    expect((await scenario.object('ConfigMap/default/a'))?.['data']).toEqual({ version: '1' });
    await scenario.restart({ freshDisk: true });
    await scenario.settle();
    expect(scenario.status(SET)?.reason).toBe('ImmutableField');
    await scenario.apply({ 'slice.yaml': slice('1') });
    expect(scenario.status(SET)).toMatchObject({ ready: 'True', revision: 1 });
  });

  test('under an ObjectDeployment is a new revision', async () => {
    const deployment = yaml({
      apiVersion: 'package-operator.run/v1alpha1',
      kind: 'ObjectDeployment',
      metadata: { name: 'd', namespace: 'default' },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { phases } },
      },
    });
    const scenario = await createScenario({
      status: 'folder',
      files: { 'd.yaml': deployment, 'slice.yaml': slice('1') },
    });
    await scenario.settle();
    await scenario.apply({ 'slice.yaml': slice('2') });
    const status = scenario.status('ObjectDeployment.package-operator.run/default/d');
    expect(status).toMatchObject({ ready: 'True', revision: 2 });
    expect((await scenario.object('ConfigMap/default/a'))?.['data']).toEqual({ version: '2' });
  });
});
