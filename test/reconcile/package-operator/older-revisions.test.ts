// An older revision keeps serving beside a broken new one, and is judged by its own probes all the time.
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../src/model/manifest.ts';
import { cleanUpAfterwards } from '../../support/git-fixture.ts';
import { config, configMap, objectDeployment, unitId, yaml } from '../../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../../support/scenario.ts';
import type { Scenario } from '../../support/scenario.ts';
import { conditionsOf, hashOf, untilCondition } from './read-status.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const UNIT = unitId.deployment('app');
const HEALTHY = {
  selector: { kind: { group: '', kind: 'ConfigMap' } },
  probes: [{ cel: { rule: '!has(self.data.sick)', message: 'is sick' } }],
};

/** Revision 1 is available, revision 2 stands before its first gate. */
async function brokenSecondRevision(): Promise<Scenario> {
  const scenario = await createScenario({
    files: {
      'sluice.yaml': config({ safety: { maxDeletions: '100%' } }),
      'app.yaml': app({
        main: [configMap('old', { version: '1' }), configMap('shared', { version: '1' })],
      }),
    },
  });
  await scenario.settle();
  scenario.commit({
    'app.yaml': app({
      gate: [configMap('new', { sick: 'yes' }), configMap('shared', { version: '2' })],
      main: [configMap('late'), configMap('old', { version: '2' })],
    }),
  });
  await scenario.poll();
  await untilCondition(scenario, UNIT, 'Progressing', 'True/LatestRevisionPendingSuccess');
  return scenario;
}

/** Somebody sets data of an object on the target. */
async function byHand(
  scenario: Scenario,
  name: string,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  await scenario.put(configMap(name, data, { namespace: 'default' }) as Manifest);
}

const app = (phases: Parameters<typeof objectDeployment>[1]): string =>
  yaml(objectDeployment('app', phases, { probes: [HEALTHY] }));

describe('a new revision that never opens its gate', () => {
  test('leaves the unit available by the revision before, and says by which', async () => {
    const scenario = await brokenSecondRevision();
    const { file } = scenario.status(UNIT) ?? {};
    expect(conditionsOf(file)).toMatchObject({
      Available: `True/Available: Previous Revision 'app-${hashOf(file, 1)}' is still Available.`,
      Progressing:
        'True/LatestRevisionPendingSuccess: Latest Revision is Unavailable: Phase "gate" failed:  ConfigMap default/new: is sick',
    });
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/new',
      'ConfigMap/default/old',
      'ConfigMap/default/shared',
    ]);
  });

  test('drift on what the older one still controls is repaired', async () => {
    const scenario = await brokenSecondRevision();
    await byHand(scenario, 'old', { version: 'changed by hand' });
    await scenario.until('the repair', async () => {
      const data = (await scenario.object('ConfigMap/default/old'))?.['data'];
      return JSON.stringify(data) === '{"version":"1"}';
    });
    await scenario.remove('ConfigMap/default/old');
    await scenario.until('the return', () => scenario.object('ConfigMap/default/old'));
  });

  test('its failing probes are noticed, and so is its recovery', async () => {
    const scenario = await brokenSecondRevision();
    await byHand(scenario, 'old', { sick: 'very' });
    await untilCondition(
      scenario,
      UNIT,
      'Available',
      'False/ObjectSetUnready: No ObjectSet is available.',
    );
    const live = await scenario.object('ConfigMap/default/old');
    await scenario.write({
      verb: 'patch',
      ref: {
        apiVersion: 'v1',
        group: '',
        kind: 'ConfigMap',
        namespace: 'default',
        name: 'old',
      },
      patch: { data: { sick: null } },
      manager: 'somebody',
      expect: {
        uid: String(live?.metadata['uid']),
        version: String(live?.metadata['resourceVersion']),
      },
    });
    await untilCondition(scenario, UNIT, 'Available', 'True/Available: Previous Revision');
  });

  test('what the new one took is judged by the probes of the older one as well', async () => {
    const scenario = await brokenSecondRevision();
    await byHand(scenario, 'shared', { sick: 'yes' });
    await untilCondition(scenario, UNIT, 'Available', 'False/ObjectSetUnready');
  });

  test('after a restart all of this goes on', async () => {
    const scenario = await brokenSecondRevision();
    await scenario.restart();
    await scenario.poll();
    await untilCondition(scenario, UNIT, 'Available', 'True/Available: Previous Revision');
    await byHand(scenario, 'old', { sick: 'very' });
    await untilCondition(scenario, UNIT, 'Available', 'False/ObjectSetUnready');
  });

  test('going back to the older template makes a third revision, and its name is told apart', async () => {
    const scenario = await brokenSecondRevision();
    await scenario.apply({
      'app.yaml': app({
        main: [configMap('old', { version: '1' }), configMap('shared', { version: '1' })],
      }),
    });
    const file = await untilCondition(scenario, UNIT, 'Progressing', 'False/Idle');
    expect(scenario.status(UNIT)).toMatchObject({ ready: 'True', revision: 3 });
    expect(hashOf(file, 3)).toBe(hashOf(file, 1));
    expect((file['status'] as never)['collisionCount']).toBe(1);
    expect(await scenario.objects()).toEqual(['ConfigMap/default/old', 'ConfigMap/default/shared']);
  });
});
