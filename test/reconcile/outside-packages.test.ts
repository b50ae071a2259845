// Packages from outside between snapshots: moved refs, places that are away, and what is not looked at again.
import { readdirSync, renameSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openPackages } from '../../src/inputs/open-packages.ts';
import { createDocumentCache } from '../../src/reconcile/document-cache.ts';
import { createIntakeReader } from '../../src/reconcile/create-intake.ts';
import type { IntakeReader, ReadIntake } from '../../src/reconcile/create-intake.ts';
import type { UnitWork } from '../../src/reconcile/unit-state.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  temporaryFolder,
  testGit,
} from '../support/git-fixture.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { memorySnapshot } from '../support/repository.ts';

cleanUpAfterwards();

const MANIFEST = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
`;

const object = (text: string): string => `apiVersion: v1
kind: ConfigMap
metadata: {name: shop, annotations: {package-operator.run/phase: deploy}}
data: {text: ${text}}
`;

interface World {
  readonly bare: string;
  readonly clock: ManualClock;
  /** Where contents are kept. */
  readonly contents: string;
  reader: IntakeReader;
  /** A new process over the same disk. */
  readonly restart: () => void;
  readonly take: (more?: Readonly<Record<string, string>>) => Promise<ReadIntake>;
}

function world(maxBytes?: number): World {
  const bare = bareRepository();
  commitFiles(bare, { files: { 'shop/manifest.yaml': MANIFEST, 'shop/a.yaml': object('one') } });
  const clock = createManualClock();
  const folder = temporaryFolder();
  const contents = path.join(folder, 'contents');
  const kept = {
    directory: contents,
    onTrouble: (message: string): never => {
      throw new Error(message);
    },
    ...(maxBytes === undefined ? {} : { maxBytes }),
  };
  const open = (): IntakeReader =>
    createIntakeReader({
      documents: createDocumentCache(),
      targets: [],
      define: () => undefined,
      target: () => Promise.resolve(undefined),
      holder: () => undefined,
      memory: undefined,
      packages: openPackages({
        sources: { hosts: [] },
        git: testGit(),
        clock,
        random: () => 0,
        environment: {},
        cacheDir: path.join(folder, 'packages'),
        kept,
        freshMs: 20_000,
        localRepositories: true,
      }),
    });
  const instance = `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: shop, namespace: web}
spec: {image: "git+file://${bare}//shop@main"}
`;
  const state: World = {
    bare,
    clock,
    contents,
    reader: open(),
    restart: () => {
      state.reader = open();
    },
    take: (more = {}) => state.reader.take(memorySnapshot({ 'shop.yaml': instance, ...more })),
  };
  return state;
}

function outcome(intake: ReadIntake): unknown {
  const [entry] = [...intake.works.values()].filter(({ name }) => name.name === 'shop');
  const work = entry?.work;
  if (work?.kind === 'broken') return work.diagnostics.map(({ code }) => code);
  if (work?.kind !== 'desired') return work?.kind;
  return work.desired.phases.map(({ objects }) => objects.map(({ manifest }) => manifest['data']));
}

const works = (intake: ReadIntake): UnitWork[] =>
  [...intake.works.values()].map(({ work }) => work);

describe('a package of another repository', () => {
  test('is rendered once, and not again while its ref stands still', async () => {
    const { take, clock, reader } = world();
    const first = await take();
    expect(outcome(first)).toEqual([[{ text: 'one' }]]);
    await clock.advance(60_000);
    expect(await reader.isOutdated()).toBe(false);
    expect(works(await take())[0]).toBe(works(first)[0]);
  });

  test('is rendered again when its ref has moved, without a new snapshot', async () => {
    const { take, clock, reader, bare } = world();
    await take();
    commitFiles(bare, { files: { 'shop/a.yaml': object('two') } });
    expect(await reader.isOutdated()).toBe(false);
    await clock.advance(21_000);
    expect(await reader.isOutdated()).toBe(true);
    expect(outcome(await take())).toEqual([[{ text: 'two' }]]);
    expect(await reader.isOutdated()).toBe(false);
  });

  test('whose ref has moved to the same files is another content to unpack, and the same revision', async () => {
    const { take, clock, reader, bare } = world();
    const [before] = works(await take());
    commitFiles(bare, { files: { 'elsewhere.txt': 'x' } });
    await clock.advance(21_000);
    expect(await reader.isOutdated()).toBe(true);
    const [after] = works(await take());
    const hashes = [before, after].map((work) => {
      if (work?.kind !== 'desired') throw new Error('it is broken');
      return [work.desired.templateHash, work.unpackedHash];
    });
    expect(hashes[0]?.[0]).toBe(hashes[1]?.[0]);
    expect(hashes[0]?.[1]).not.toBe(hashes[1]?.[1]);
  });

  test('that is away breaks the unit until it is back', async () => {
    const { take, clock, reader, bare } = world();
    renameSync(bare, `${bare}.away`);
    expect(outcome(await take())).toEqual(['AskUnanswered']);
    expect(await reader.isOutdated()).toBe(false);
    renameSync(`${bare}.away`, bare);
    await clock.advance(6_000);
    expect(await reader.isOutdated()).toBe(true);
    expect(outcome(await take())).toEqual([[{ text: 'one' }]]);
  });

  test('that goes away stays as it was, and that is said until it is back', async () => {
    const { take, clock, reader, bare } = world();
    const first = await take();
    renameSync(bare, `${bare}.away`);
    await clock.advance(21_000);
    expect(await reader.isOutdated()).toBe(true);
    const during = await take();
    expect(works(during)[0]).toBe(works(first)[0]);
    expect(during.diagnostics).toMatchObject([
      { severity: 'warning', file: 'shop.yaml', code: 'AskUnanswered' },
    ]);
    expect(during.diagnostics[0]?.message).toMatch(/what was loaded before stays in force$/u);
    expect(await reader.isOutdated()).toBe(false);
    renameSync(`${bare}.away`, bare);
    await clock.advance(21_000);
    expect(await reader.isOutdated()).toBe(true);
    expect((await take()).diagnostics).toEqual([]);
  });

  test('whose host is not allowed is not asked for again', async () => {
    const { reader, clock } = world();
    const text = `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: shop, namespace: web}
spec: {image: oci.example.test/shop}
`;
    const intake = await reader.take(memorySnapshot({ 'shop.yaml': text }));
    expect(outcome(intake)).toEqual(['AskUnanswered']);
    await clock.advance(600_000);
    expect(await reader.isOutdated()).toBe(false);
  });
});

describe('a package of another repository, after a restart while it is away', () => {
  const AWAY = { severity: 'warning', file: 'shop.yaml', code: 'AskUnanswered' };

  test('is what it was, which is said at once and until it is back', async () => {
    const state = world();
    await state.take();
    renameSync(state.bare, `${state.bare}.away`);
    state.restart();
    const during = await state.take();
    expect(outcome(during)).toEqual([[{ text: 'one' }]]);
    expect(during.diagnostics).toMatchObject([AWAY]);
    expect(during.diagnostics[0]?.message).toMatch(/what was loaded before stays in force$/u);
    expect(during.holds.size).toBe(0);
    expect(await state.reader.isOutdated()).toBe(false);
    renameSync(`${state.bare}.away`, state.bare);
    commitFiles(state.bare, { files: { 'shop/a.yaml': object('two') } });
    await state.clock.advance(21_000);
    expect(await state.reader.isOutdated()).toBe(true);
    const after = await state.take();
    expect(outcome(after)).toEqual([[{ text: 'two' }]]);
    expect(after.diagnostics).toEqual([]);
  });

  test('can be given other values', async () => {
    const state = world();
    await state.take();
    renameSync(state.bare, `${state.bare}.away`);
    state.restart();
    await state.take();
    const other = `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: shop, namespace: elsewhere}
spec: {image: "git+file://${state.bare}//shop@main"}
`;
    const changed = await state.take({ 'shop.yaml': other });
    expect([...changed.works.keys()]).toEqual([
      'local:Package.package-operator.run/elsewhere/shop',
    ]);
    expect(outcome(changed)).toEqual([[{ text: 'one' }]]);
    expect(changed.diagnostics).toMatchObject([AWAY]);
  });

  test('is broken where what was kept is damaged, and whole again when it is back', async () => {
    const state = world();
    await state.take();
    renameSync(state.bare, `${state.bare}.away`);
    const folder = path.join(state.contents, 'files');
    for (const name of readdirSync(folder)) truncateSync(path.join(folder, name), 90);
    state.restart();
    const broken = await state.take();
    expect(outcome(broken)).toEqual(['AskUnanswered']);
    expect(broken.holds.size).toBe(1);
    renameSync(`${state.bare}.away`, state.bare);
    await state.clock.advance(6_000);
    expect(await state.reader.isOutdated()).toBe(true);
    expect(outcome(await state.take())).toEqual([[{ text: 'one' }]]);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test.each([
    ['its file cannot be read', 'kind: [\n'],
    [
      'its unit is wrong',
      `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: shop, namespace: web}
spec: {image: 3}
`,
    ],
  ])('is still there when others have filled the disk while %s', async (_what, wrong) => {
    // Room for one package and a half.
    const state = world(1_000);
    await state.take();
    const broken = { 'shop.yaml': wrong };
    for (const name of ['b', 'c', 'd']) {
      commitFiles(state.bare, {
        files: { [`${name}/manifest.yaml`]: MANIFEST, [`${name}/a.yaml`]: object(name) },
      });
      const other = `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: other, namespace: web}
spec: {image: "git+file://${state.bare}//${name}@main"}
`;
      await state.take({ ...broken, 'other.yaml': other });
      await state.clock.advance(21_000);
    }
    expect(readdirSync(path.join(state.contents, 'files'))).toHaveLength(2);
    renameSync(state.bare, `${state.bare}.away`);
    state.restart();
    expect(outcome(await state.take())).toEqual([[{ text: 'one' }]]);
  });
});
