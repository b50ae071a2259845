// Fields of status that rest on what happened before: what a package was unpacked from, and how often names collided.
import { describe, expect, test } from 'vitest';
import { cleanUpAfterwards } from '../../support/git-fixture.ts';
import {
  config,
  configMap,
  documents,
  inPhase,
  objectDeployment,
  packageInstance,
  packageManifest,
  unitId,
  yaml,
} from '../../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../../support/scenario.ts';
import type { Scenario } from '../../support/scenario.ts';
import { fieldsOf, revisionsOf } from './read-status.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

describe('unpackedHash of a package', () => {
  const UNIT = unitId.package('app');
  const SCHEMA = { config: { openAPIV3Schema: { type: 'object', properties: {} } } };
  const FILES = {
    'packages/app/manifest.yaml': yaml(packageManifest(['main'], SCHEMA)),
    'packages/app/app.yaml': documents(inPhase('main', configMap('app'))),
    'app.yaml': yaml(packageInstance('app')),
  };
  const BROKEN = { 'packages/app/app.yaml': 'kind: [\n' };
  const seen = (scenario: Scenario): readonly [unknown, unknown] => {
    const fields = fieldsOf(scenario.status(UNIT)?.file);
    return [fields['unpackedHash'], fields['revision']];
  };

  test('moves with image, values and files, also where the objects stay the same', async () => {
    const scenario = await createScenario({ files: FILES });
    await scenario.settle();
    const [first, revision] = seen(scenario);
    expect(first).toMatch(/^[0-9a-f]{64}$/u);
    expect(revision).toBe(1);
    const hashes = new Set([first]);
    for (const files of [
      // Values that no schema asks for are pruned, and a text that nobody renders is no object.
      { 'app.yaml': yaml(packageInstance('app', { unused: 'x' })) },
      { 'packages/app/NOTES.txt': 'hello' },
      { 'app.yaml': yaml(packageInstance('app', {}, { image: './packages/app/' })) },
    ]) {
      await scenario.apply(files);
      await scenario.until('another hash', () => !hashes.has(seen(scenario)[0]));
      expect(seen(scenario)[1]).toBe(1);
      hashes.add(seen(scenario)[0]);
    }
    expect(hashes.size).toBe(4);
    await scenario.apply({ 'packages/app/NOTES.txt': null, 'app.yaml': FILES['app.yaml'] });
    await scenario.until('the first hash', () => seen(scenario)[0] === first);
  });

  test('stays while the package cannot be loaded, over a restart too', async () => {
    const scenario = await createScenario({ files: FILES });
    await scenario.settle();
    const before = seen(scenario);
    await scenario.apply({ ...BROKEN, 'app.yaml': yaml(packageInstance('app', { other: 'x' })) });
    expect(scenario.status(UNIT)).toMatchObject({ ready: 'False' });
    expect(seen(scenario)).toEqual(before);
    await scenario.restart({ freshDisk: true });
    await scenario.settle();
    expect(scenario.status(UNIT)).toMatchObject({ ready: 'False' });
    expect(seen(scenario)).toEqual(before);
    await scenario.apply({ 'packages/app/app.yaml': FILES['packages/app/app.yaml'] });
    await scenario.until('what is unpacked now', () => seen(scenario)[0] !== before[0]);
  });

  test('is not there before the package could be loaded once, and waits for nothing else', async () => {
    const scenario = await createScenario({ files: { ...FILES, ...BROKEN } });
    await scenario.settle();
    expect(seen(scenario)).toEqual([undefined, undefined]);
    const waits = packageInstance(
      'app',
      {},
      { annotations: { 'sluice.dev/depends-on': 'Folder/x' } },
    );
    await scenario.apply({
      'packages/app/app.yaml': FILES['packages/app/app.yaml'],
      'app.yaml': yaml(waits),
      'x/never.yaml': yaml(configMap('never', {}, { namespace: 'nowhere' })),
    });
    expect(scenario.status(UNIT)).toMatchObject({ reason: 'DependencyNotReady' });
    expect(seen(scenario)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/u), undefined]);
  });
});

describe('collisionCount of a deployment', () => {
  const UNIT = unitId.deployment('app');
  const app = (version: string): string =>
    yaml(
      objectDeployment(
        'app',
        { main: [configMap('app', { version })] },
        { probes: [], spec: { revisionHistoryLimit: 1 } },
      ),
    );

  test('counts ways back, and does not fall when old revisions are forgotten', async () => {
    const scenario = await createScenario({
      files: { 'sluice.yaml': config({ safety: { maxDeletions: '100%' } }), 'app.yaml': app('a') },
    });
    await scenario.settle();
    const seen: unknown[] = [];
    for (const version of ['b', 'a', 'c', 'd']) {
      await scenario.apply({ 'app.yaml': app(version) });
      seen.push(fieldsOf(scenario.status(UNIT)?.file)['collisionCount'] ?? 0);
    }
    expect(seen).toEqual([0, 1, 1, 1]);
    expect(revisionsOf(scenario.status(UNIT)?.file)).toEqual(['4 archived', '5 available']);
    await scenario.restart({ freshDisk: true });
    await scenario.apply({ 'app.yaml': app('c') });
    expect(fieldsOf(scenario.status(UNIT)?.file)).toMatchObject({ revision: 6, collisionCount: 2 });
  });
});
