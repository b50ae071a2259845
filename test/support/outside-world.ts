// A reader of snapshots with packages from outside: its disk, its clock, and the next process over the same disk.
import path from 'node:path';
import { openPackages } from '../../src/inputs/open-packages.ts';
import { createDocumentCache } from '../../src/reconcile/document-cache.ts';
import { createIntakeReader } from '../../src/reconcile/create-intake.ts';
import type { IntakeReader, ReadIntake } from '../../src/reconcile/create-intake.ts';
import { temporaryFolder, testGit } from './git-fixture.ts';
import { createManualClock } from './manual-clock.ts';
import type { ManualClock } from './manual-clock.ts';
import { memorySnapshot } from './repository.ts';

export const SHOP_MANIFEST = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
`;

export const shopObject = (text: string): string => `apiVersion: v1
kind: ConfigMap
metadata: {name: shop, annotations: {package-operator.run/phase: deploy}}
data: {text: ${text}}
`;

/** An instance of a package, in the namespace `web` unless another is given. */
export const instanceOf = (
  image: string,
  name = 'shop',
  namespace = 'web',
): string => `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: ${name}, namespace: ${namespace}}
spec: {image: "${image}"}
`;

export interface OutsideWorld {
  readonly image: string;
  readonly clock: ManualClock;
  /** Where contents are kept. */
  readonly contents: string;
  /** Where repositories are fetched to. */
  readonly fetched: string;
  reader: IntakeReader;
  /** A new process over the same disk. */
  readonly restart: () => void;
  /** Reads `shop.yaml`, an instance of the image, and more files. */
  readonly take: (more?: Readonly<Record<string, string>>) => Promise<ReadIntake>;
}

export interface OutsideOptions {
  /** `spec.image` of shop.yaml. */
  readonly image: string;
  readonly hosts?: readonly string[];
  /** Bytes of contents, and of fetched repositories. */
  readonly maxBytes?: number;
  readonly cacheMaxBytes?: number;
}

/** Look-ups are good for 20 seconds; trouble with the disk fails the test. */
export function outsideWorld(options: OutsideOptions): OutsideWorld {
  const { image, hosts = [], maxBytes, cacheMaxBytes } = options;
  const clock = createManualClock();
  const folder = temporaryFolder();
  const contents = path.join(folder, 'contents');
  const fetched = path.join(folder, 'packages');
  const onTrouble = (message: string): never => {
    throw new Error(message);
  };
  const kept = { directory: contents, onTrouble, ...(maxBytes === undefined ? {} : { maxBytes }) };
  const open = (): IntakeReader =>
    createIntakeReader({
      documents: createDocumentCache(),
      targets: [],
      define: () => undefined,
      target: () => Promise.resolve(undefined),
      holder: () => undefined,
      memory: undefined,
      packages: openPackages({
        sources: { hosts },
        git: testGit(),
        clock,
        random: () => 0,
        environment: { HOME: folder },
        cacheDir: fetched,
        ...(cacheMaxBytes === undefined ? {} : { cacheMaxBytes }),
        onCacheTrouble: onTrouble,
        kept,
        freshMs: 20_000,
        localRepositories: true,
      }),
    });
  const state: OutsideWorld = {
    image,
    clock,
    contents,
    fetched,
    reader: open(),
    restart: () => {
      state.reader = open();
    },
    take: (more = {}) =>
      state.reader.take(memorySnapshot({ 'shop.yaml': instanceOf(image), ...more })),
  };
  return state;
}

/** Data of the unit's objects by phase, or the codes of what is wrong with it. */
export function outcomeOf(intake: ReadIntake, name = 'shop'): unknown {
  const [entry] = [...intake.works.values()].filter((unit) => unit.name.name === name);
  const work = entry?.work;
  if (work?.kind === 'broken') return work.diagnostics.map(({ code }) => code);
  if (work?.kind !== 'desired') return work?.kind;
  return work.desired.phases.map(({ objects }) => objects.map(({ manifest }) => manifest['data']));
}
