// What cannot be read or rendered says so where the user looks, and everything else goes on.
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import type { Files, Scenario } from '../support/scenario.ts';
import {
  config,
  configMap,
  documents,
  inPhase,
  packageInstance,
  packageManifest,
  unitId,
  yaml,
} from '../support/manifests.ts';
import { cleanUpAfterwards } from '../support/git-fixture.ts';
import { createScenario, stopScenariosAfterwards } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

describe('a file that is no YAML', () => {
  test('is named with its line; the rest goes on and nothing is pruned until it is mended', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'a/one.yaml': yaml(configMap('one')),
        'b/two.yaml': documents(configMap('two'), configMap('three')),
      },
    });
    await scenario.settle();
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/one',
      'ConfigMap/default/three',
      'ConfigMap/default/two',
    ]);

    await scenario.apply({
      'a/one.yaml': 'apiVersion: v1\nkind: ConfigMap\n  metadata: [\n',
      'b/two.yaml': yaml(configMap('two', { key: 'new' })),
      'c/four.yaml': yaml(configMap('four')),
    });
    const broken = scenario.status(unitId.folder('a'));
    expect(broken).toMatchObject({ ready: 'False', reason: 'YamlInvalid' });
    expect(broken?.diagnostics).toEqual(['YamlInvalid a/one.yaml:3']);
    expect((await scenario.object('ConfigMap/default/two'))?.['data']).toEqual({ key: 'new' });
    expect(scenario.status(unitId.folder('b'))?.removals[0]).toContain(
      'ConfigMap/default/three held: a/one.yaml cannot be read',
    );
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/four',
      'ConfigMap/default/one',
      'ConfigMap/default/three',
      'ConfigMap/default/two',
    ]);

    await scenario.apply({
      'a/one.yaml': yaml(configMap('one')),
      'sluice.yaml': config({ safety: { maxDeletions: 5 } }),
    });
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/four',
      'ConfigMap/default/one',
      'ConfigMap/default/two',
    ]);
    expect(scenario.status(unitId.folder('b'))).toMatchObject({ ready: 'True', removals: [] });
  });
});

const SCHEMA: JsonObject = {
  type: 'object',
  required: ['color'],
  properties: {
    color: { type: 'string' },
    size: { type: 'integer', maximum: 9, default: 1 },
    extra: { type: 'boolean', default: false },
  },
};

function manifest(
  expression: string,
  phases: readonly string[] = ['first', 'second'],
  probe = 'true',
): string {
  const spec = {
    filter: { paths: [{ glob: 'extra.yaml', expression }] },
    config: { openAPIV3Schema: SCHEMA },
  };
  const probes = [
    {
      selector: { kind: { kind: 'ConfigMap' } },
      probes: [{ cel: { rule: probe, message: 'no' } }],
    },
  ];
  return yaml(packageManifest(phases, spec, probes));
}

const app: Files = {
  'sluice.yaml': config({ sync: [{ path: 'apps' }, { path: 'other' }] }),
  'packages/app/manifest.yaml': manifest('config.extra'),
  'packages/app/one.yaml.gotmpl': yaml(
    inPhase('first', configMap('one', { color: '{{ .config.color }}' })),
  ),
  'packages/app/two.yaml': yaml(inPhase('second', configMap('two'))),
  'packages/app/extra.yaml': yaml(inPhase('second', configMap('extra'))),
  'apps/shop.yaml': yaml(packageInstance('shop', { color: 'red' })),
  'other/fine.yaml': yaml(configMap('fine')),
};

interface Breakage {
  readonly what: string;
  readonly files: Files;
  /** `code file:line` */
  readonly diagnostic: string;
  /** Part of the unit's message. */
  readonly message: string;
}

const breakages: readonly Breakage[] = [
  {
    what: 'a package without a manifest',
    files: { 'packages/app/manifest.yaml': null },
    diagnostic: 'PackageNotFound apps/shop.yaml:9',
    message: 'PackageManifest not found',
  },
  {
    what: 'a package whose manifest is wrong',
    files: { 'packages/app/manifest.yaml': manifest('config.extra', []) },
    diagnostic: 'PackageInvalid packages/app/manifest.yaml:12',
    message: 'spec.phases: Required value',
  },
  {
    what: 'a template that fails',
    files: { 'packages/app/one.yaml.gotmpl': 'a: b\n{{ fail "no color today" }}\n' },
    diagnostic: 'TemplateFailed packages/app/one.yaml.gotmpl:2',
    message: 'no color today',
  },
  {
    what: 'a template that cannot be parsed',
    files: { 'packages/app/one.yaml.gotmpl': 'a: b\n{{ if .config.color }}\n' },
    diagnostic: 'TemplateInvalid packages/app/one.yaml.gotmpl:3',
    message: 'unexpected EOF',
  },
  {
    what: 'a configuration that violates the schema',
    files: { 'apps/shop.yaml': yaml(packageInstance('shop', { color: 'red', size: 12 })) },
    diagnostic: 'PackageConfigInvalid apps/shop.yaml:12',
    message: 'size',
  },
  {
    what: 'an expression that does not compile',
    files: { 'packages/app/manifest.yaml': manifest('config.extra &&') },
    diagnostic: 'CelInvalid packages/app/manifest.yaml:41',
    message: 'Syntax error',
  },
  {
    what: 'a probe that does not compile',
    files: { 'packages/app/manifest.yaml': manifest('true', ['first', 'second'], '1 +') },
    diagnostic: 'CelInvalid packages/app/manifest.yaml:30',
    message: 'Syntax error',
  },
  {
    what: 'an object in a phase that does not exist',
    files: { 'packages/app/two.yaml': yaml(inPhase('third', configMap('two'))) },
    diagnostic: 'PhaseUnknown packages/app/two.yaml:7',
    message: 'Phase name not found in manifest in two.yaml',
  },
  {
    what: 'an object that is there twice',
    files: { 'packages/app/three.yaml': yaml(inPhase('first', configMap('two'))) },
    diagnostic: 'ObjectDuplicate packages/app/two.yaml:1',
    message: 'Duplicate Object in two.yaml',
  },
  {
    what: 'an object whose name has 300 characters',
    files: { 'packages/app/two.yaml': yaml(inPhase('second', configMap('x'.repeat(300)))) },
    diagnostic: 'NameInvalid packages/app/two.yaml:5',
    message: 'must be no more than 253 characters, has 300',
  },
  {
    what: 'a dependency that does not exist',
    files: {
      'apps/shop.yaml': yaml(
        packageInstance(
          'shop',
          { color: 'red' },
          { annotations: { 'sluice.dev/depends-on': 'Folder/nowhere' } },
        ),
      ),
    },
    diagnostic: 'DependencyUnknown apps/shop.yaml:8',
    message: 'depends on Folder/nowhere, which does not exist',
  },
];

describe('a package unit that breaks', () => {
  // Every row has a package and an instance of its own, and all break with one commit.
  const own = (files: Files, index: number): Files =>
    Object.fromEntries(
      Object.entries(files).map(([file, text]) => [
        file.replace('packages/app', `packages/app${index}`).replace('shop', `shop${index}`),
        text
          ?.replaceAll('packages/app', `packages/app${index}`)
          .replaceAll(/"name": "(shop|one|two|extra)"/g, `"name": "$1${index}"`) ?? null,
      ]),
    );
  const all = (files: (row: Breakage) => Files): Files =>
    Object.assign({}, ...breakages.map((row, index) => own(files(row), index))) as Files;
  let scenario: Scenario;
  let before: readonly string[];

  beforeAll(async () => {
    scenario = await createScenario({ status: 'folder', files: all(() => app), shared: true });
    await scenario.settle();
    before = await scenario.objects();
    await scenario.apply({
      ...all((row) => row.files),
      'other/fine.yaml': yaml(configMap('fine', { key: 'new' })),
    });
  });

  test.each(breakages.map((row, index) => ({ ...row, index })))(
    '$what: is told with its place, and what runs is kept',
    ({ index, diagnostic, message }) => {
      const status = scenario.status(unitId.package(`shop${index}`));
      const [code = '', place = ''] = diagnostic.split(' ');
      expect(status).toMatchObject({ ready: 'False', reason: code, revision: 1 });
      expect(status?.diagnostics).toContain(
        `${code} ${Object.keys(own({ [place]: '' }, index))[0]}`,
      );
      expect(status?.message).toContain(message);
      // What runs is still what people use.
      expect(status?.conditions).toMatchObject({
        Available: 'True/Available',
        Stalled: `True/${code}`,
      });
    },
  );

  test('all the others go on, and nothing is removed', async () => {
    expect((await scenario.object('ConfigMap/default/fine'))?.['data']).toEqual({ key: 'new' });
    expect(await scenario.objects()).toEqual(before);
  });
});

test('the files of a package that has lost its manifest are not applied as they stand', async () => {
  const { 'sluice.yaml': _all, ...files } = app;
  const scenario = await createScenario({ status: 'folder', files });
  await scenario.settle();
  const before = await scenario.objects();
  await scenario.apply({ 'packages/app/manifest.yaml': null });
  expect(await scenario.objects()).toEqual(before);
  expect(scenario.status(unitId.folder('packages/app'))).toMatchObject({
    reason: 'PackageNotFound',
    diagnostics: [
      'PackageNotFound packages/app/extra.yaml:7',
      'PackageNotFound packages/app/two.yaml:7',
    ],
  });
  expect(scenario.status(unitId.package('shop'))).toMatchObject({ reason: 'PackageNotFound' });
  expect(scenario.status(unitId.folder('other'))).toMatchObject({ ready: 'True' });
});

describe("units that get in each other's way", () => {
  test('a cycle of dependencies stops everybody in it, and nobody else', async () => {
    const after = (path: string): string =>
      yaml(configMap(path, {}, { annotations: { 'sluice.dev/depends-on': `Folder/${path}` } }));
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'a/x.yaml': after('b'),
        'b/x.yaml': after('c'),
        'c/x.yaml': after('a'),
        'd/x.yaml': yaml(configMap('d')),
      },
    });
    await scenario.settle();
    for (const path of ['a', 'b', 'c']) {
      const status = scenario.status(unitId.folder(path));
      expect(status).toMatchObject({ ready: 'False', reason: 'DependencyCycle', revision: 0 });
      expect(status?.message).toContain('local:Folder/a');
    }
    expect(await scenario.objects()).toEqual(['ConfigMap/default/d']);
  });

  test('an object that two units want from the start is made by neither', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: {
        'a/x.yaml': yaml(configMap('x')),
        'b/x.yaml': yaml(configMap('x', { of: 'b' })),
        'c/x.yaml': yaml(configMap('c')),
      },
    });
    await scenario.settle();
    expect(await scenario.objects()).toEqual(['ConfigMap/default/c']);
    expect(scenario.status(unitId.folder('a'))).toMatchObject({
      reason: 'ObjectClaimed',
      message:
        'ConfigMap/default/x is also claimed by local:Folder/b (b/x.yaml:1); neither applies it',
      diagnostics: ['ObjectClaimed a/x.yaml:1'],
    });
    expect(scenario.status(unitId.folder('b'))?.message).toBe(
      'ConfigMap/default/x is also claimed by local:Folder/a (a/x.yaml:1); neither applies it',
    );
    await scenario.apply({ 'b/x.yaml': yaml(configMap('y')) });
    expect(await scenario.objects()).toEqual(
      ['c', 'x', 'y'].map((name) => `ConfigMap/default/${name}`),
    );
  });

  test('an object that a second unit wants later stays with the first', async () => {
    const scenario = await createScenario({
      status: 'folder',
      files: { 'b/x.yaml': yaml(configMap('x')) },
    });
    await scenario.settle();
    const { uid } = (await scenario.object('ConfigMap/default/x'))?.metadata ?? {};
    await scenario.apply({ 'a/x.yaml': documents(configMap('x', { of: 'a' }), configMap('y')) });
    expect(scenario.status(unitId.folder('b'))).toMatchObject({ ready: 'True' });
    expect(scenario.status(unitId.folder('a'))).toMatchObject({ reason: 'ObjectClaimed' });
    const live = await scenario.object('ConfigMap/default/x');
    expect([live?.metadata['uid'], live?.['data']]).toEqual([uid, { key: 'value' }]);
    expect(await scenario.objects()).toEqual(['ConfigMap/default/x']);
  });

  test('two documents of one unit id: neither counts, what runs is kept', async () => {
    const scenario = await createScenario({ status: 'folder', files: app });
    await scenario.settle();
    await scenario.apply({ 'apps/twin.yaml': yaml(packageInstance('shop', { color: 'blue' })) });
    expect(scenario.status(unitId.package('shop'))).toMatchObject({
      reason: 'UnitDuplicate',
      revision: 1,
    });
    expect((await scenario.object('ConfigMap/default/one'))?.['data']).toEqual({ color: 'red' });
  });
});

describe('names', () => {
  test('with slashes, newlines, dots and 300 characters find their place on the status branch', async () => {
    const long = 'n'.repeat(300);
    const folders = ['a b/c.d', 'x/y..z', `deep/${long}`, 'unit.yaml', 'line\nbreak', 'ü%2F'];
    const scenario = await createScenario({
      files: Object.fromEntries(
        folders.map((folder, index) => [`${folder}/x.yaml`, yaml(configMap(`x${index}`))]),
      ),
    });
    await scenario.settle();
    expect(await scenario.objects()).toHaveLength(folders.length);
    for (const path of scenario.statusPaths()) {
      expect(path).toMatch(/^[A-Za-z0-9._%~/-]+$/);
      for (const segment of path.split('/')) expect(segment.length).toBeLessThanOrEqual(200);
    }
    await scenario.rest();
    const tip = scenario.statusTip();
    await scenario.restart();
    await scenario.settle();
    await scenario.rest();
    expect(scenario.statusSubjects(tip)).toEqual(['Start epoch 2']);
    await scenario.apply({
      [`deep/${long}/x.yaml`]: null,
      'line\nbreak/x.yaml': null,
      'sluice.yaml': config({ safety: { maxUnitDeletions: 2 } }),
    });
    expect(await scenario.objects()).toHaveLength(folders.length - 2);
    expect(scenario.statusPaths().filter((path) => path.includes('nnn'))).toEqual([]);
  });

  test('of objects that the API refuses are refused with their place', async () => {
    const names = ['a/b', 'a\nb', '.a', 'A', ''];
    const scenario = await createScenario({
      status: 'folder',
      files: Object.fromEntries(
        names.map((name, index) => [`f${index}/x.yaml`, yaml(configMap(name))]),
      ),
    });
    await scenario.settle();
    expect(await scenario.objects()).toEqual([]);
    for (const index of names.keys()) {
      const status = scenario.status(unitId.folder(`f${index}`));
      expect(status?.ready).toBe('False');
      expect(status?.diagnostics[0]).toMatch(
        new RegExp(`^(NameInvalid|ManifestInvalid) f${index}/x.yaml:\\d`),
      );
    }
  });
});

describe('a unit that renders to nothing', () => {
  test('is held until allowEmpty says that it is meant', async () => {
    const files = { ...app, 'packages/app/extra.yaml': null };
    const scenario = await createScenario({ status: 'folder', files });
    await scenario.settle();
    const shop = unitId.package('shop');
    const nothing = '{{ if false }}{{ end }}\n';
    await scenario.apply({
      'packages/app/one.yaml.gotmpl': nothing,
      'packages/app/two.yaml': null,
      'packages/app/two.yaml.gotmpl': nothing,
    });
    const held = scenario.status(shop);
    expect(held?.removals).toHaveLength(2);
    expect(held?.removals[0]).toContain('allowEmpty: false');
    expect(await scenario.objects()).toContain('ConfigMap/default/one');
    await scenario.apply({
      'sluice.yaml': config({
        sync: [{ path: 'apps' }, { path: 'other' }],
        safety: { allowEmpty: true },
      }),
    });
    expect(await scenario.objects()).toEqual(['ConfigMap/default/fine']);
  });
});
