// ObjectTemplates end to end: sources come, change and go on the target, and the object follows without a commit.
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { objectAt } from '../../../src/model/json.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import { cleanUpAfterwards, plainGit } from '../../support/git-fixture.ts';
import { configMap, secret, yaml } from '../../support/manifests.ts';
import { runSluice } from '../../support/run-cli.ts';
import { createScenario, STATUS_BRANCH, stopScenariosAfterwards } from '../../support/scenario.ts';
import type { Scenario } from '../../support/scenario.ts';
import { conditionsOf, fieldsOf, untilCondition } from './read-status.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const UNIT = 'local:ObjectTemplate.package-operator.run/default/made';
const INVALID = 'package-operator.run/Invalid';

interface Source {
  readonly kind?: string;
  readonly name?: string;
  readonly optional?: boolean;
  readonly items: Readonly<Record<string, string>>;
}

function template(text: string, ...sources: readonly Source[]): string {
  return yaml({
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectTemplate',
    metadata: { name: 'made', namespace: 'default' },
    spec: {
      template: text,
      sources: sources.map(({ kind = 'ConfigMap', name = 'source', optional, items }) => ({
        apiVersion: 'v1',
        kind,
        name,
        ...(optional === undefined ? {} : { optional }),
        items: Object.entries(items).map(([destination, key]) => ({ destination, key })),
      })),
    },
  });
}

const MAP_OF = (value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made}\ndata: {value: ${value}}\n`;

async function put(scenario: Scenario, object: JsonObject): Promise<void> {
  const metadata = objectAt(object, 'metadata');
  await scenario.put({ ...object, metadata: { ...metadata, namespace: 'default' } } as Manifest);
}

async function untilMade(scenario: Scenario, data: JsonObject): Promise<void> {
  await scenario.until(`data ${JSON.stringify(data)}`, async () => {
    const made = await scenario.object('ConfigMap/default/made');
    return made !== undefined && isDeepStrictEqual({ ...objectAt(made, 'data') }, data);
  });
}

describe('a source', () => {
  test('gives what a path finds at any depth, and an index outside of a list is told', async () => {
    const files = (key: string): Record<string, string> => ({
      'made.yaml': template(MAP_OF('{{ .config.value | toJson | quote }}'), {
        kind: 'Service',
        items: { '.value': key },
      }),
    });
    const scenario = await createScenario({ start: false });
    await scenario.start();
    const ports = [{ name: 'web', port: 80 }];
    const metadata = { name: 'source' };
    await put(scenario, { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports } });
    await scenario.apply(files('{..name}'));
    await untilMade(scenario, { value: '["source","web"]' });
    await scenario.apply(files('.spec.ports[5].port'));
    const refused = await untilCondition(scenario, UNIT, INVALID, 'True/SourceError');
    expect(conditionsOf(refused)[INVALID]).toBe(
      'True/SourceError: for source Service default/source: path .spec.ports[5].port: array index out of bounds: index 5, length 1 (made.yaml:16)',
    );
  });

  test('that is missing is waited for, and its arrival needs no commit', async () => {
    const text = MAP_OF('{{ .config.value | quote }}');
    const scenario = await createScenario({
      files: { 'made.yaml': template(text, { items: { '.value': '.data.key' } }) },
    });
    await scenario.settle();
    const file = scenario.status(UNIT)?.file;
    expect(conditionsOf(file)[INVALID]).toBe(
      'True/SourceError: for source ConfigMap default/source: not found (made.yaml:11)',
    );
    expect(fieldsOf(file)['phase']).toBe('Error');

    await put(scenario, configMap('source', { key: 'one' }));
    await untilMade(scenario, { value: 'one' });
    const active = await untilCondition(scenario, UNIT, INVALID, undefined);
    expect(fieldsOf(active)).toEqual({
      phase: 'Active',
      controllerOf: [{ kind: 'ConfigMap', group: '', name: 'made', namespace: 'default' }],
    });
  });

  test('that changes changes the object; one that changes elsewhere does not', async () => {
    const text = MAP_OF('{{ .config.value | quote }}');
    const scenario = await createScenario({ start: false });
    await put(scenario, configMap('source', { key: 'one', other: '1' }));
    scenario.commit({ 'made.yaml': template(text, { items: { '.value': '.data.key' } }) });
    await scenario.start();
    await scenario.settle();
    await untilMade(scenario, { value: 'one' });

    await put(scenario, configMap('source', { key: 'two', other: '1' }));
    await untilMade(scenario, { value: 'two' });

    scenario.forgetEvents();
    await put(scenario, configMap('source', { key: 'two', other: '2' }));
    await scenario.rest();
    await scenario.rest();
    expect(scenario.events).toEqual([]);
  });

  test('that goes leaves the object as it was, and says so', async () => {
    const text = MAP_OF('{{ .config.value | quote }}');
    const scenario = await createScenario({ start: false });
    await put(scenario, configMap('source', { key: 'one' }));
    scenario.commit({ 'made.yaml': template(text, { items: { '.value': '.data.key' } }) });
    await scenario.start();
    await scenario.settle();
    await scenario.remove('ConfigMap/default/source');
    await untilCondition(scenario, UNIT, INVALID, 'True/SourceError');
    await untilMade(scenario, { value: 'one' });
    // Drift is still repaired.
    await put(scenario, configMap('made', { value: 'by hand' }));
    await untilMade(scenario, { value: 'one' });
  });

  test('that is optional may be missing, and is picked up when it comes', async () => {
    const text = MAP_OF('{{ dig "value" "none" .config | quote }}');
    const source = { optional: true, items: { '.value': '.data.key' } };
    const scenario = await createScenario({ files: { 'made.yaml': template(text, source) } });
    await scenario.settle();
    await untilMade(scenario, { value: 'none' });
    await put(scenario, configMap('source', { key: 'late' }));
    await untilMade(scenario, { value: 'late' });
    await scenario.remove('ConfigMap/default/source');
    await untilMade(scenario, { value: 'none' });
  });

  test('without the key that is asked for is an error that names the key', async () => {
    const text = MAP_OF('x');
    const scenario = await createScenario({ start: false });
    await put(scenario, configMap('source', { key: 'one' }));
    const source = { optional: true, items: { '.value': '.data.absent' } };
    scenario.commit({ 'made.yaml': template(text, source) });
    await scenario.start();
    await scenario.settle();
    expect(conditionsOf(scenario.status(UNIT)?.file)[INVALID]).toMatch(
      /^True\/SourceError: for source ConfigMap default\/source: absent is not found/,
    );
    await put(scenario, configMap('source', { key: 'one', absent: 'no more' }));
    await untilMade(scenario, { value: 'x' });
  });

  test('is read by paths of all forms', async () => {
    const scenario = await createScenario({ start: false });
    await put(scenario, configMap('source', { 'some.thing': 'dotted', plain: 'p' }));
    const text = MAP_OF(
      '{{ list .config.a .config.b.c .config.d .config.e .config.f | join "," | quote }}',
    );
    scenario.commit({
      'made.yaml': template(text, {
        items: {
          '.a': 'data.plain',
          '.b.c': '.data.plain',
          '.d': '{data.plain}',
          '.e': '{.data.plain}',
          '.f': ".data['some\\.thing']",
        },
      }),
    });
    await scenario.start();
    await scenario.settle();
    await untilMade(scenario, { value: 'p,p,p,p,dotted' });
  });

  test('made by another unit of the same commit is enough', async () => {
    const scenario = await createScenario({
      files: {
        'made.yaml': template(MAP_OF('{{ .config.value | quote }}'), {
          items: { '.value': '.data.key' },
        }),
        'plain/source.yaml': yaml(configMap('source', { key: 'from Git' })),
      },
    });
    await untilMade(scenario, { value: 'from Git' });
    await untilCondition(scenario, UNIT, 'Ready', 'True');
  });
});

describe('the object', () => {
  test('of somebody else is not taken', async () => {
    const scenario = await createScenario({ start: false });
    const annotations = {
      'sluice.dev/owner': 'another/local:Folder/x#/ConfigMap/default/made',
    };
    await put(scenario, configMap('made', { value: 'theirs' }, { annotations }));
    scenario.commit({ 'made.yaml': template(MAP_OF('ours')) });
    await scenario.start();
    await scenario.poll();
    await scenario.untilStatus(UNIT, ({ reason }) => reason === 'CollisionDetected');
    await untilMade(scenario, { value: 'theirs' });
  });

  test('hands its conditions up as they are', async () => {
    const text =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: made}\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: made}}\n  template:\n    metadata: {labels: {app: made}}\n    spec: {containers: [{name: c, image: "nginx:1"}]}\n';
    const scenario = await createScenario({ files: { 'made.yaml': template(text) } });
    await scenario.settle();
    await untilCondition(scenario, UNIT, 'Available', 'True/MinimumReplicasAvailable');
  });

  test('stands in the tree, and its revision in the table, though the API has none', async () => {
    const scenario = await createScenario({ files: { 'made.yaml': template(MAP_OF('one')) } });
    await scenario.settle();
    const tree = await runSluice(scenario.bare, ['tree', UNIT]);
    expect(tree.out.replace(/[0-9a-f]{12}/u, '<commit>')).toBe(`${UNIT}  ready
└── Revision 1  available  <commit>
    └── Phase object  open
        └── ConfigMap/default/made  ready
`);
    const table = await runSluice(scenario.bare, ['status']);
    expect(table.out).toMatch(/ObjectTemplate\S+ +True +Available +1 +Revision 1 is available\./);
  });

  test('that fails to render says where, and the last one stays', async () => {
    const scenario = await createScenario({ files: { 'made.yaml': template(MAP_OF('one')) } });
    await scenario.settle();
    await scenario.apply({ 'made.yaml': template(MAP_OF('{{ .config.nothing }}')) });
    expect(conditionsOf(scenario.status(UNIT)?.file)[INVALID]).toMatch(/^True\/TemplateError: /);
    await untilMade(scenario, { value: 'one' });
  });
});

describe('values of a Secret', () => {
  const items = { '.password': '.data.password' };
  const source: Source = { kind: 'Secret', items };
  const SECRET = 'correct horse battery staple';

  async function withSecret(text: string, value = SECRET): Promise<Scenario> {
    const scenario = await createScenario({ start: false });
    await put(scenario, secret('source', { password: value }));
    scenario.commit({ 'made.yaml': template(text, source) });
    await scenario.start();
    await scenario.poll();
    return scenario;
  }

  /** Everything that was ever written to the status branch. */
  function history(scenario: Scenario): string {
    return plainGit(scenario.bare, ['log', '-p', '--no-color', `refs/heads/${STATUS_BRANCH}`]);
  }

  function expectNoSecret(scenario: Scenario): void {
    const written = history(scenario);
    expect(written).toContain('kind: ConfigMap');
    expect(written).not.toContain(SECRET);
    expect(written).not.toContain(Buffer.from(SECRET).toString('base64'));
  }

  test('reach the object and no status file, only the leaves that rest on them are masked', async () => {
    const scenario = await withSecret(
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made}\ndata: {url: "db://{{ .config.password | b64dec }}@host", plain: seen}\n`,
    );
    await untilMade(scenario, { plain: 'seen', url: `db://${SECRET}@host` });
    await scenario.settle();
    expectNoSecret(scenario);
    const phase = scenario.statusPaths().find((path) => path.includes('/phases/')) ?? '';
    expect(scenario.statusFile(phase)).toContain('plain: seen');
    expect(scenario.statusFile(phase)).toContain('url: (secret)');
  });

  test('that no placeholder can stand for hide the whole object', async () => {
    const json = `{"word": "${SECRET}"}`;
    const scenario = await withSecret(
      MAP_OF('{{ (.config.password | b64dec | fromJson).word | quote }}'),
      json,
    );
    await untilMade(scenario, { value: SECRET });
    await scenario.settle();
    expectNoSecret(scenario);
  });

  test('are cut out of messages of the template', async () => {
    const scenario = await withSecret('{{ fail (.config.password | b64dec) }}');
    const file = await untilCondition(scenario, UNIT, INVALID, 'True/TemplateError');
    expect(conditionsOf(file)[INVALID]).toContain('(secret)');
    expect(history(scenario)).not.toContain(SECRET);
  });

  test('are no part of a name', async () => {
    const scenario = await withSecret(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .config.password | b64dec }}"}\n',
      'secretname',
    );
    const file = await untilCondition(scenario, UNIT, INVALID, 'True/TemplateError');
    expect(conditionsOf(file)[INVALID]).toContain('rests on a value of a Secret');
    expect(history(scenario)).not.toContain('secretname');
  });

  test('that change are followed, and a restart does not write a mask to the target', async () => {
    const scenario = await withSecret(MAP_OF('{{ .config.password | b64dec | quote }}'));
    await untilMade(scenario, { value: SECRET });
    await scenario.settle();
    await put(scenario, secret('source', { password: 'another long password' }));
    await untilMade(scenario, { value: 'another long password' });
    await scenario.settle();

    await scenario.remove('Secret/default/source');
    await untilCondition(scenario, UNIT, INVALID, 'True/SourceError');
    await scenario.restart();
    await scenario.poll();
    await scenario.rest();
    await put(scenario, configMap('made', { value: 'by hand' }));
    await scenario.rest();
    await untilMade(scenario, { value: 'by hand' });
    expect(history(scenario)).not.toContain('another long password');
  });
});
