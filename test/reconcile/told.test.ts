// What status says where it used to say nothing, or too much: findings, refusals, inner units, teardown, faulty conditions.
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { readText } from '../docs/pages.ts';
import { cleanUpAfterwards } from '../support/git-fixture.ts';
import { configMap, SAYS_READY, yaml } from '../support/manifests.ts';
import { runSluice } from '../support/run-cli.ts';
import { createScenario, stopScenariosAfterwards } from '../support/scenario.ts';
import { conditionsOf, fieldsOf } from './package-operator/read-status.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const API = 'package-operator.run/v1alpha1';
const SET = 'ObjectSet.package-operator.run/default/set';

function config(safety: JsonObject = { maxDeletions: '100%', maxUnitDeletions: '100%' }): string {
  return yaml({
    apiVersion: 'sluice.dev/v1alpha1',
    kind: 'Config',
    spec: { sync: [{ path: 'c', target: 'local', namespace: 'default' }], safety },
  });
}

function unit(kind: string, name: string, spec: JsonObject, metadata: JsonObject = {}): string {
  return yaml({
    apiVersion: API,
    kind,
    metadata: { name, namespace: 'default', ...metadata },
    spec,
  });
}

function phase(name: string, ...objects: readonly Json[]): JsonObject {
  return { name, objects: objects.map((object) => ({ object })) };
}

function deployment(name: string, phases: readonly Json[], spec: JsonObject = {}): string {
  return unit('ObjectDeployment', name, {
    ...spec,
    selector: { matchLabels: { a: 'b' } },
    template: {
      metadata: { labels: { a: 'b' } },
      spec: { phases, availabilityProbes: [SAYS_READY] },
    },
  });
}

describe('findings of the repository', () => {
  test('are in findings.json, in `status` and in its exit code, until they are mended', async () => {
    const scenario = await createScenario({
      files: { 'sluice.yaml': config(), 'c/a/a.yaml': yaml(configMap('a')) },
    });
    await scenario.settle();
    expect(await runSluice(scenario.bare, ['status'])).toMatchObject({ code: 0 });
    expect(scenario.statusFile('findings.json')).toBeUndefined();

    await scenario.apply({ 'sluice.yaml': 'nonsense: [' });
    await scenario.rest();
    const text = scenario.statusFile('findings.json') ?? '';
    const validate = new Ajv({ strict: false }).compile(
      JSON.parse(readText('docs/reference/schemas/findings.schema.json')) as object,
    );
    expect(validate(JSON.parse(text))).toBe(true);
    const said = await runSluice(scenario.bare, ['status']);
    expect(said.code).toBe(1);
    expect(said.out).toContain('1 of 1 units are ready.');
    expect(said.out).toMatch(/Findings\n {2}error YamlInvalid sluice\.yaml:1 /);
    const json = await runSluice(scenario.bare, ['status', '-o', 'json']);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      findings: [{ code: 'YamlInvalid', severity: 'error', file: 'sluice.yaml' }],
    });

    await scenario.restart();
    await scenario.apply({ 'sluice.yaml': config() });
    await scenario.rest();
    expect(scenario.statusFile('findings.json')).toBeUndefined();
    expect(await runSluice(scenario.bare, ['status'])).toMatchObject({ code: 0 });
  });
});

test('removals that are held are told with the count of the reason only', async () => {
  const scenario = await createScenario({
    status: 'folder',
    files: {
      'sluice.yaml': config({ maxDeletions: 0 }),
      'c/d.yaml': deployment('d', [
        phase('one', configMap('a', { ready: 'yes' })),
        phase('two', configMap('b', { ready: 'yes' }), configMap('k', { ready: 'yes' })),
      ]),
    },
  });
  await scenario.settle();
  await scenario.apply({
    'c/d.yaml': deployment('d', [phase('two', configMap('k', { ready: 'yes' }))]),
  });
  const status = scenario.status('ObjectDeployment.package-operator.run/default/d');
  expect(status?.message).toMatch(
    /^Revision 2 is available; removals are held: .*2 .*would be deleted/,
  );
});

test('a shut gate over an inner unit names what that unit says; its API condition keeps upstream’s words', async () => {
  const inner = {
    apiVersion: API,
    kind: 'ObjectSet',
    metadata: { name: 'inner' },
    spec: {
      phases: [phase('p', configMap('i', { ready: 'no' }))],
      availabilityProbes: [SAYS_READY],
    },
  };
  const probe = {
    selector: { kind: { group: 'package-operator.run', kind: 'ObjectSet' } },
    probes: [{ condition: { type: 'Available', status: 'True' } }],
  };
  const scenario = await createScenario({
    files: {
      'sluice.yaml': config(),
      'c/set.yaml': unit('ObjectSet', 'set', {
        phases: [phase('main', inner)],
        availabilityProbes: [probe],
      }),
    },
  });
  await scenario.poll();
  const status = await scenario.untilStatus(SET, ({ message }) => message.includes('ProbeFailure'));
  expect(status.message).toMatch(
    /ObjectSet default\/inner: .+ \(ProbeFailure: Phase "p" failed: {2}ConfigMap default\/i: .+\)$/,
  );
  expect(conditionsOf(status.file)['Available']).not.toContain('ProbeFailure: Phase "p"');
  await scenario.rest();
  expect(scenario.statusFile('README.md')).toContain('ConfigMap default/i');
  expect((await runSluice(scenario.bare, ['status', SET])).out).toContain(
    '(ProbeFailure: Phase "p"',
  );
});

test('a write that only a person can make possible is Stalled, not Reconciling', async () => {
  const job = (image: string): JsonObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j' },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image }] } },
    },
  });
  const scenario = await createScenario({
    status: 'folder',
    files: { 'sluice.yaml': config(), 'c/d.yaml': deployment('d', [phase('main', job('one'))]) },
  });
  await scenario.settle();
  await scenario.apply({ 'c/d.yaml': deployment('d', [phase('main', job('two'))]) });
  const status = scenario.status('ObjectDeployment.package-operator.run/default/d');
  expect(status).toMatchObject({ ready: 'False', reason: 'ApplyFailed' });
  const conditions = conditionsOf(status?.file);
  expect(conditions['Reconciling']).toMatch(/^False/);
  expect(conditions['Stalled']).toMatch(/^True\/ApplyFailed: /);
  expect(status?.diagnostics).toEqual([expect.stringContaining('ReplaceRequired')]);
});

describe('a unit on its way out', () => {
  test('does not claim to be available, archived before or not', async () => {
    const held = (name: string): JsonObject => ({
      ...configMap(name, { ready: 'yes' }),
      metadata: { name, finalizers: ['example.com/hold'] },
    });
    const set = (lifecycleState: string): string =>
      unit('ObjectSet', 'set', {
        lifecycleState,
        phases: [phase('one', held('a')), phase('two', configMap('b', { ready: 'yes' }))],
        availabilityProbes: [SAYS_READY],
      });
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'sluice.yaml': config(),
        'c/set.yaml': set('Active'),
        'c/d.yaml': deployment('d', [phase('one', held('d'))]),
      },
    });
    await scenario.settle();
    scenario.commit({ 'c/set.yaml': set('Archived') });
    await scenario.poll();
    await scenario.untilStatus(SET, ({ file }) => !('Available' in conditionsOf(file)));
    scenario.commit({ 'c/set.yaml': null, 'c/d.yaml': null });
    await scenario.poll();
    for (const id of [SET, 'ObjectDeployment.package-operator.run/default/d']) {
      const status = await scenario.untilStatus(id, ({ reason }) => reason === 'Removing');
      expect(conditionsOf(status.file)).not.toHaveProperty('Available');
      expect(conditionsOf(status.file)['Ready']).toMatch(/^False/);
      expect(fieldsOf(status.file)['phase']).toBe('NotReady');
    }
  });

  test('is not called ready when it has gone after a restart', async () => {
    const scenario = await createScenario({
      files: {
        'sluice.yaml': config(),
        'c/d.yaml': deployment('d', [phase('one', configMap('a', { ready: 'yes' }))]),
      },
    });
    await scenario.settle();
    await scenario.rest();
    await scenario.stop();
    const before = scenario.said.length;
    scenario.commit({ 'c/d.yaml': null });
    await scenario.start();
    await scenario.settle();
    expect(
      scenario.said.slice(before).filter((line) => line.includes('/default/d')),
    ).not.toContainEqual(expect.stringContaining('is available'));
  });
});

test('after a restart objects of a paused unit with waiting content still name their file', async () => {
  const content = (version: string, paused: boolean): string =>
    deployment('d', [phase('one', configMap('a', { ready: 'yes', version }))], { paused });
  const scenario = await createScenario({
    files: { 'sluice.yaml': config(), 'c/d.yaml': content('1', false) },
  });
  await scenario.settle();
  await scenario.apply({ 'c/d.yaml': content('2', true) });
  await scenario.rest();
  await scenario.restart();
  await scenario.settle();
  await scenario.rest();
  const file = scenario.statusFile(
    'units/local/default/ObjectDeployment.package-operator.run/d/unit.yaml',
  );
  expect(file).toContain('source: c/d.yaml:');
  expect(file).not.toContain('source: units/');
});

test('a phase in Git that carries somebody else’s class is run here, and says that the label has no effect', async () => {
  const labels = { 'package-operator.run/phase-class': 'hosted' };
  const spec = { revision: 1, objects: [{ object: configMap('a') }] };
  const scenario = await createScenario({
    status: 'folder',
    files: { 'sluice.yaml': config(), 'c/p.yaml': unit('ObjectSetPhase', 'p', spec, { labels }) },
  });
  await scenario.settle();
  const status = scenario.status('ObjectSetPhase.package-operator.run/default/p');
  expect(status?.ready).toBe('True');
  expect(status?.diagnostics).toEqual(['SchemaInvalid c/p.yaml:8']);
  expect(String(status?.details[0]?.['message'])).toContain('phase-class: hosted has no effect');
});

describe('conditions that are mapped to the unit', () => {
  const malformed: readonly (readonly [what: string, conditions: Json, fault: string])[] = [
    ['a list that is none', 'none', 'status.conditions is no list'],
    ['an entry that is text', ['x'], 'status.conditions[0] is no map'],
    [
      'a status of another word',
      [{ type: 'A', status: 'Yes' }],
      'status.conditions[0].status is neither',
    ],
    [
      'a message that is a number',
      [{ type: 'A', status: 'True', message: 5 }],
      'status.conditions[0].message is no text',
    ],
  ];
  test.each(malformed)(
    '%s is a warning that names the object',
    async (_what, conditions, fault) => {
      const gadget = { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { name: 'g' } };
      const mapped = {
        name: 'two',
        objects: [
          {
            object: gadget,
            conditionMappings: [{ sourceType: 'A', destinationType: 'example.com/A' }],
          },
        ],
      };
      const crd = {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'gadgets.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { kind: 'Gadget', plural: 'gadgets' },
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
      const scenario = await createScenario({
        status: 'folder',
        files: {
          'sluice.yaml': config(),
          'c/crd/crd.yaml': yaml(crd),
          'c/set.yaml': unit(
            'ObjectSet',
            'set',
            { phases: [mapped] },
            {
              annotations: { 'sluice.dev/depends-on': 'Folder/c/crd' },
            },
          ),
        },
      });
      await scenario.settle();
      const metadata = { name: 'g', namespace: 'default' };
      await scenario.put({ ...gadget, metadata, status: { conditions } } as unknown as Manifest);
      const status = await scenario.untilStatus(SET, ({ details }) => details.length > 0);
      expect(status.details).toHaveLength(1);
      expect(status.details[0]).toMatchObject({ code: 'ConditionMalformed', severity: 'warning' });
      expect(String(status.details[0]?.['message'])).toContain(
        `Gadget.example.com/default/g: ${fault}`,
      );
      expect(status.ready).toBe('True');
    },
  );
});
