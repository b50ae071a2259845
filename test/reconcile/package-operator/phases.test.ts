// Phases: external objects, kinds that become known, mixes that cannot work, history, and the status branch that tells.
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import { cli } from '../../support/cli.ts';
import { cleanUpAfterwards, plainGit, temporaryFolder } from '../../support/git-fixture.ts';
import {
  config,
  configMap,
  deployment,
  objectDeployment,
  SAYS_READY,
  unitId,
  yaml,
} from '../../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../../support/scenario.ts';
import type { Scenario } from '../../support/scenario.ts';
import { conditionsOf, revisionsOf, untilCondition } from './read-status.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const UNIT = unitId.deployment('app');

function withPhases(phases: readonly JsonObject[], spec: JsonObject = {}): string {
  const made = objectDeployment('app', {}, { spec, probes: [SAYS_READY] });
  return yaml(made).replace('"phases": []', `"phases": ${JSON.stringify(phases)}`);
}

async function put(scenario: Scenario, object: JsonObject): Promise<void> {
  const metadata = { ...(object['metadata'] as JsonObject), namespace: 'default' };
  await scenario.put({ ...object, metadata } as Manifest);
}

describe('external objects', () => {
  const phases = withPhases([
    { name: 'wait', externalObjects: [{ object: configMap('theirs') }] },
    { name: 'then', objects: [{ object: configMap('ours') }] },
  ]);

  test('hold the gate until somebody makes them and they pass the probes, by events alone', async () => {
    const scenario = await createScenario({ files: { 'app.yaml': phases } });
    await untilCondition(scenario, UNIT, 'Progressing', 'True/LatestRevisionPendingSuccess');
    expect(await scenario.object('ConfigMap/default/ours')).toBeUndefined();
    await put(scenario, configMap('theirs', { ready: 'no' }));
    await scenario.untilStatus(UNIT, ({ message }) => message.includes('says not ready'));
    await put(scenario, configMap('theirs', { ready: 'yes' }));
    await untilCondition(scenario, UNIT, 'Progressing', 'False/Idle');
    expect(await scenario.objects()).toEqual(['ConfigMap/default/ours']);
  });

  test('are still watched afterwards, and never removed', async () => {
    const scenario = await createScenario({ start: false });
    await put(scenario, configMap('theirs', { ready: 'yes' }));
    scenario.commit({
      'app.yaml': phases,
      'sluice.yaml': config({ safety: { maxDeletions: '100%', maxUnitDeletions: '100%' } }),
    });
    await scenario.start();
    await scenario.settle();
    await put(scenario, configMap('theirs', { ready: 'no' }));
    await untilCondition(scenario, UNIT, 'Available', 'False/ObjectSetUnready');
    await put(scenario, configMap('theirs', { ready: 'yes' }));
    await untilCondition(scenario, UNIT, 'Available', 'True/Available');
    await scenario.apply({ 'app.yaml': null });
    expect(await scenario.object('ConfigMap/default/ours')).toBeUndefined();
    expect((await scenario.object('ConfigMap/default/theirs'))?.['data']).toEqual({ ready: 'yes' });
  });
});

describe('a kind that nobody knows yet', () => {
  const group = 'things.example.com';
  const definition: JsonObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `planets.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { kind: 'Planet', plural: 'planets', singular: 'planet' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          },
        },
      ],
    },
  };

  test('is rendered again when it is known, without a commit: the namespace was only a guess', async () => {
    const planet = { apiVersion: `${group}/v1`, kind: 'Planet', metadata: { name: 'mars' } };
    const scenario = await createScenario({ files: { 'space/mars.yaml': yaml(planet) } });
    const unit = unitId.folder('space');
    await scenario.untilStatus(
      unit,
      ({ reason }) =>
        reason === 'ProbeFailure' || reason === 'ApplyFailed' || reason === 'PreflightError',
    );
    await scenario.put(definition as Manifest);
    await scenario.until('the kind', () => scenario.target.describe(`${group}/v1`, 'Planet'));
    // Somebody else's definition is found out about at the next poll.
    await scenario.poll();
    await scenario.untilStatus(unit, ({ ready }) => ready === 'True');
    expect(await scenario.objects()).toEqual([`Planet.${group}/mars`]);
  });
});

describe('a phase that cannot be applied in one go', () => {
  const mixed = (): string =>
    yaml(
      objectDeployment('app', {
        all: [
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
          configMap('in-it', { a: '1' }, { namespace: 'shop' }),
        ],
      }),
    )
      .replace('"kind": "ObjectDeployment"', '"kind": "ClusterObjectDeployment"')
      .replace('"namespace": "default"', '"labels": {}');
  const CLUSTER_UNIT = 'local:ClusterObjectDeployment.package-operator.run/app';

  test('is warned of in the status and by validate', async () => {
    const scenario = await createScenario({ files: { 'app.yaml': mixed() } });
    const status = await scenario.untilStatus(CLUSTER_UNIT, ({ details }) => details.length > 0);
    const warning = status.details.find((item) => item['severity'] === 'warning');
    expect(warning).toMatchObject({ code: 'PreflightFailed', file: 'app.yaml' });
    expect(String(warning?.['message'])).toBe(
      'phase "all" holds Namespace/shop together with ConfigMap/shop/in-it, which needs it',
    );

    const cwd = temporaryFolder();
    plainGit(cwd, ['clone', '--quiet', scenario.bare, '.']);
    const result = await cli(['validate'], { cwd });
    expect(result.code).toBe(0);
    expect(result.err).toContain('phase "all" holds Namespace/shop together with');
  });
});

describe('history', () => {
  test('keeps as many archived revisions as it is asked to, and takes a lower limit at once', async () => {
    const app = (version: string, limit: number): string =>
      yaml(
        objectDeployment(
          'app',
          { main: [configMap('a', { version })] },
          {
            spec: { revisionHistoryLimit: limit },
            annotations: { 'kubernetes.io/change-cause': `v${version}` },
          },
        ),
      );
    const scenario = await createScenario({ files: { 'app.yaml': app('1', 2) } });
    for (const version of ['2', '3', '4', '5'])
      await scenario.apply({ 'app.yaml': app(version, 2) });
    expect(revisionsOf(scenario.status(UNIT)?.file)).toEqual([
      '3 archived',
      '4 archived',
      '5 available',
    ]);
    await scenario.apply({ 'app.yaml': app('5', 0) });
    expect(revisionsOf(scenario.status(UNIT)?.file)).toEqual(['5 available']);
    expect(scenario.statusPaths().filter((name) => name.endsWith('/revision.yaml'))).toHaveLength(
      1,
    );
  });
});

test('conditions of objects are mapped, and follow them', async () => {
  const scenario = await createScenario({
    files: {
      'app.yaml': withPhases([
        {
          name: 'main',
          objects: [
            {
              object: deployment('web'),
              conditionMappings: [
                { sourceType: 'Available', destinationType: 'shop.example.com/Web' },
              ],
            },
          ],
        },
      ]),
    },
  });
  await scenario.settle();
  await untilCondition(scenario, UNIT, 'shop.example.com/Web', 'True/MinimumReplicasAvailable');
  expect(conditionsOf(scenario.status(UNIT)?.file)).toHaveProperty('Available');
});

test('validate finds no fault in a template whose sources are on a target', async () => {
  const cwd = temporaryFolder();
  const scenario = await createScenario({
    start: false,
    files: {
      't.yaml': yaml({
        apiVersion: 'package-operator.run/v1alpha1',
        kind: 'ObjectTemplate',
        metadata: { name: 't', namespace: 'default' },
        spec: {
          template: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: t}\n',
          sources: [
            {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              name: 's',
              items: [{ key: '.a', destination: '.a' }],
            },
          ],
        },
      }),
    },
  });
  plainGit(cwd, ['clone', '--quiet', scenario.bare, '.']);
  const result = await cli(['validate'], { cwd });
  expect(result).toMatchObject({ code: 0, out: '1 units, 0 errors, 0 warnings\n' });
  expect(result.err).toContain('there is no target here');
});
