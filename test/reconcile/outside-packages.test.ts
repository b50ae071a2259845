// Packages from outside between snapshots: moved refs, places that are away, and what is not looked at again.
import { renameSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openPackages } from '../../src/inputs/open-packages.ts';
import { createDocumentCache } from '../../src/reconcile/document-cache.ts';
import { createIntakeReader } from '../../src/reconcile/create-intake.ts';
import type { IntakeReader, ReadIntake } from '../../src/reconcile/create-intake.ts';
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
  readonly reader: IntakeReader;
  readonly take: (more?: Readonly<Record<string, string>>) => Promise<ReadIntake>;
}

function world(): World {
  const bare = bareRepository();
  commitFiles(bare, { files: { 'shop/manifest.yaml': MANIFEST, 'shop/a.yaml': object('one') } });
  const clock = createManualClock();
  const reader = createIntakeReader({
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
      cacheDir: path.join(temporaryFolder(), 'packages'),
      freshMs: 20_000,
      localRepositories: true,
    }),
  });
  const instance = `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: shop, namespace: web}
spec: {image: "git+file://${bare}//shop@main"}
`;
  return {
    bare,
    clock,
    reader,
    take: (more = {}) => reader.take(memorySnapshot({ 'shop.yaml': instance, ...more })),
  };
}

function outcome(intake: ReadIntake): unknown {
  const [entry] = [...intake.works.values()].filter(({ name }) => name.name === 'shop');
  const work = entry?.work;
  if (work?.kind === 'broken') return work.diagnostics.map(({ code }) => code);
  if (work?.kind !== 'desired') return work?.kind;
  return work.desired.phases.map(({ objects }) => objects.map(({ manifest }) => manifest['data']));
}

const works = (intake: ReadIntake): unknown[] => [...intake.works.values()].map(({ work }) => work);

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
