// Levers on objects inside phases: a typo is told where it stands and deletes nothing, whatever holds the object.
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { cleanUpAfterwards, plainGit, temporaryFolder } from '../support/git-fixture.ts';
import { configMap, yaml } from '../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../support/scenario.ts';
import type { Files } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const API = 'package-operator.run/v1alpha1';
const KEPT = 'ConfigMap/default/kept';

function levered(levers: JsonObject, phase?: string): JsonObject {
  const annotations = {
    ...levers,
    ...(phase === undefined ? {} : { 'package-operator.run/phase': phase }),
  };
  return configMap('kept', {}, { annotations });
}

function unit(kind: string, spec: JsonObject): string {
  return yaml({ apiVersion: API, kind, metadata: { name: 'u', namespace: 'default' }, spec });
}

const phases = (...objects: readonly JsonObject[]): JsonObject => ({
  phases: [{ name: 'main', objects: objects.map((object) => ({ object })) }],
});

interface Holder {
  readonly name: string;
  readonly unit: string;
  /** The files with one object `kept` that has these levers. */
  readonly files: (levers: JsonObject) => Files;
  /** Where the levers stand. */
  readonly place: string;
}

const HOLDERS: readonly Holder[] = [
  {
    name: 'an ObjectSet',
    unit: `ObjectSet.package-operator.run/default/u`,
    files: (levers) => ({ 'c/u.yaml': unit('ObjectSet', phases(levered(levers))) }),
    place: 'c/u.yaml:20',
  },
  {
    name: 'an ObjectDeployment',
    unit: `ObjectDeployment.package-operator.run/default/u`,
    files: (levers) => ({
      'c/u.yaml': unit('ObjectDeployment', {
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: phases(levered(levers)) },
      }),
    }),
    place: 'c/u.yaml:32',
  },
  {
    name: 'an ObjectSetPhase',
    unit: `ObjectSetPhase.package-operator.run/default/u`,
    files: (levers) => ({
      'c/u.yaml': unit('ObjectSetPhase', { revision: 1, objects: [{ object: levered(levers) }] }),
    }),
    place: 'c/u.yaml:18',
  },
  {
    name: 'an ObjectSlice',
    unit: `ObjectDeployment.package-operator.run/default/u`,
    files: (levers) => ({
      'c/slice.yaml': yaml({
        apiVersion: API,
        kind: 'ObjectSlice',
        metadata: { name: 'cut', namespace: 'default' },
        objects: [{ object: levered(levers) }],
      }),
      'c/u.yaml': unit('ObjectDeployment', {
        selector: { matchLabels: { a: 'b' } },
        template: {
          metadata: { labels: { a: 'b' } },
          spec: { phases: [{ name: 'main', slices: ['cut'] }] },
        },
      }),
    }),
    place: 'c/slice.yaml:16',
  },
  {
    name: 'a package',
    unit: `Package.package-operator.run/default/u`,
    files: (levers) => ({
      'c/u.yaml': unit('Package', { image: './p' }),
      'p/manifest.yaml': yaml({
        apiVersion: 'manifests.package-operator.run/v1alpha1',
        kind: 'PackageManifest',
        metadata: { name: 'p' },
        spec: { scopes: ['Namespaced'], phases: [{ name: 'main' }], availabilityProbes: [] },
      }),
      'p/kept.yaml': yaml(levered(levers, 'main')),
    }),
    place: 'p/kept.yaml:7',
  },
  {
    name: 'an ObjectTemplate',
    unit: `ObjectTemplate.package-operator.run/default/u`,
    files: (levers) => ({
      'c/u.yaml': unit('ObjectTemplate', { sources: [], template: yaml(levered(levers)) }),
    }),
    place: 'c/u.yaml:10',
  },
];

const CONFIG = yaml({
  apiVersion: 'sluice.dev/v1alpha1',
  kind: 'Config',
  spec: {
    sync: [{ path: 'c', target: 'local', namespace: 'default' }],
    safety: { maxDeletions: '100%', maxUnitDeletions: '100%' },
  },
});

describe.each(HOLDERS)('levers on an object of $name', (holder) => {
  test('a wrong value is an error with its place; corrected, it keeps the object', async () => {
    const wrong = holder.files({ 'sluice.dev/prune': 'Disabled' });
    const scenario = await createScenario({
      status: 'folder',
      files: { 'sluice.yaml': CONFIG, ...wrong },
    });
    await scenario.settle();
    const status = scenario.status(holder.unit);
    expect(status).toMatchObject({ ready: 'False', reason: 'SchemaInvalid' });
    expect(status?.diagnostics).toEqual([`SchemaInvalid ${holder.place}`]);
    expect(await scenario.object(KEPT)).toBeUndefined();

    await scenario.apply(holder.files({ 'sluice.dev/prune': 'disabled' }));
    expect(scenario.status(holder.unit)).toMatchObject({ ready: 'True', details: [] });
    await scenario.apply({ 'c/u.yaml': null });
    expect(scenario.status(holder.unit)).toBeUndefined();
    expect(await scenario.object(KEPT)).toBeDefined();
  });

  test('an unknown lever and one of units are warnings, and the object is applied', async () => {
    const files = holder.files({ 'sluice.dev/prunee': 'disabled', 'sluice.dev/suspend': 'true' });
    const scenario = await createScenario({
      status: 'folder',
      files: { 'sluice.yaml': CONFIG, ...files },
    });
    await scenario.settle();
    const status = scenario.status(holder.unit);
    expect(status?.ready).toBe('True');
    expect(await scenario.object(KEPT)).toBeDefined();
    const said = status?.details.map(({ code, severity, message }) => ({
      code,
      severity,
      message,
    }));
    expect(said).toEqual([
      {
        code: 'SchemaInvalid',
        severity: 'warning',
        message: expect.stringMatching(
          holder.name === 'an ObjectTemplate'
            ? /^an annotation with the prefix sluice.dev\/ is not known$/
            : /^the annotation sluice.dev\/prunee is not known$/,
        ),
      },
      {
        code: 'SchemaInvalid',
        severity: 'warning',
        message: 'the annotation sluice.dev/suspend has no effect on a ConfigMap inside a phase',
      },
    ]);
  });
});

describe('levers of units', () => {
  test('count on an object that is a unit itself', async () => {
    const nested = {
      apiVersion: API,
      kind: 'ObjectSet',
      metadata: { name: 'inner', annotations: { 'sluice.dev/suspend': 'true' } },
      spec: phases(configMap('kept')),
    };
    const scenario = await createScenario({
      status: 'folder',
      files: { 'sluice.yaml': CONFIG, 'c/u.yaml': unit('ObjectSet', phases(nested)) },
    });
    await scenario.settle();
    const paused = await scenario.untilStatus(
      'ObjectSet.package-operator.run/default/inner',
      ({ reason }) => reason === 'Suspended',
    );
    expect(paused.details).toEqual([]);
    expect(scenario.status('ObjectSet.package-operator.run/default/u')?.details).toEqual([]);
  });
});

test('`validate` tells a wrong lever on an object before the merge', async () => {
  const folder = temporaryFolder();
  plainGit(folder, ['init', '--quiet']);
  const files = {
    'sluice.yaml': CONFIG,
    ...HOLDERS[0]?.files({ 'sluice.dev/prune': 'Disabled', 'sluice.dev/drift': 'off' }),
  };
  mkdirSync(`${folder}/c`);
  for (const [path, text] of Object.entries(files)) writeFileSync(`${folder}/${path}`, text ?? '');
  const { code, out, err } = await cli(['validate'], { cwd: folder });
  expect(code).toBe(1);
  expect(out + err).toContain('c/u.yaml:20');
  expect(out + err).toContain('the annotation sluice.dev/prune is "Disabled"');
  expect(out + err).toContain('the annotation sluice.dev/drift is "off"');
});
