// From the files of a folder to a package that is known to be well formed, components included.
import type { PackageManifestLock } from '../../api/package-manifest-lock.ts';
import type { PackageManifest } from '../../api/package-manifest.ts';
import type { SchemaValidator } from '../../schema/index.ts';
import { readLayout, splitComponents } from './layout.ts';
import type { PackageFiles } from './layout.ts';
import { lockMismatches, readLock } from './lock.ts';
import type { LockResult } from './lock.ts';
import { readManifest } from './manifest.ts';
import { readPackageDocument } from './package-document.ts';
import type { PackageDocument } from './package-document.ts';
import { VIOLATION } from './violation.ts';
import type { Violation } from './violation.ts';

export interface LoadedPackage {
  /** Name of the component; empty for the root package. */
  readonly component: string;
  readonly manifest: PackageManifest;
  /** Of the manifest, to find lines. */
  readonly manifestDocument: PackageDocument;
  readonly lock: PackageManifestLock | undefined;
  /** Without manifest, lock, dot files and components. */
  readonly files: PackageFiles;
  /** Every component by name; empty where components are not enabled. */
  readonly components: ReadonlyMap<string, LoadedPackage>;
}

/** A violation with the component it lies in. */
export interface PlacedViolation {
  readonly component: string;
  readonly violation: Violation;
}

export type LoadResult =
  | { readonly kind: 'ok'; readonly package: LoadedPackage }
  | {
      readonly kind: 'invalid';
      readonly violations: readonly PlacedViolation[];
      /** The package and components whose manifests are sound: what else is wrong with them can still be said. */
      readonly sound: readonly LoadedPackage[];
    };

/** Loads a package with all of its components: what `validate` and `test` look at. */
export function loadPackage(files: PackageFiles, options: LoadOptions): LoadResult {
  return load(files, '', options);
}

/**
 * Loads the one package that an instance asks for; faults of other components do not matter to it.
 * @param component empty for the root package
 */
export function loadComponent(
  files: PackageFiles,
  component: string,
  options: LoadOptions,
): LoadResult {
  const root = load(files, '', { ...options, components: false });
  if (root.kind === 'invalid' || component === '') return root;
  if (!root.package.manifest.hasComponents) {
    return invalid('', [{ reason: VIOLATION.componentsNotEnabled, details: `"${component}"` }]);
  }
  const layout = readLayout(files);
  const { components } =
    layout.kind === 'ok'
      ? splitComponents(layout.layout.files)
      : { components: new Map<string, PackageFiles>() };
  const members = components.get(component);
  if (members !== undefined) return load(members, component, options);
  const names = [...components.keys()].join(', ');
  const details = names === '' ? 'the package has none' : `the package has ${names}`;
  return invalid('', [{ reason: VIOLATION.componentNotFound, component, details }]);
}

export interface LoadOptions {
  readonly validator: SchemaValidator;
  /** Whether components are loaded too. Default true. */
  readonly components?: boolean;
  /** Whether the lock file must be sound and agree with the manifest; template tests do without. Default true. */
  readonly lock?: boolean;
}

/** All members of a package as far as they can be read: a faulty one says nothing about the next. */
export function membersOf(result: LoadResult): readonly LoadedPackage[] {
  if (result.kind === 'invalid') return result.sound;
  return [result.package, ...result.package.components.values()];
}

function load(files: PackageFiles, component: string, options: LoadOptions): LoadResult {
  const { manifest, loaded, violations, files: rest } = readMember(files, component, options);
  if (manifest === undefined) return invalid(component, violations);
  if (manifest.hasComponents && component !== '') {
    const nested = { reason: VIOLATION.nestedComponents, component };
    return invalid(component, [...violations, nested]);
  }
  const split = manifest.hasComponents ? splitComponents(rest) : undefined;
  const found = [...violations, ...(split?.violations ?? [])];
  const broken: PlacedViolation[] = found.map((violation) => ({ component, violation }));
  const components = new Map<string, LoadedPackage>();
  const root = loaded && { ...loaded, files: split?.files ?? rest, components };
  const sound: LoadedPackage[] = root ? [root] : [];
  for (const [name, members] of options.components === false ? [] : (split?.components ?? [])) {
    const result = load(members, name, options);
    sound.push(...membersOf(result));
    if (result.kind === 'ok') components.set(name, result.package);
    else broken.push(...result.violations);
  }
  if (root === undefined || broken.length > 0)
    return { kind: 'invalid', violations: broken, sound };
  return { kind: 'ok', package: root };
}

interface Member {
  readonly violations: readonly Violation[];
  /** As far as its fields have the right types. */
  readonly manifest?: PackageManifest | undefined;
  /** Where the manifest keeps all of its rules. */
  readonly loaded?: Omit<LoadedPackage, 'files' | 'components'> | undefined;
  readonly files: PackageFiles;
}

/** Manifest and lock of one package or component, both looked at whatever is wrong with the other. */
function readMember(files: PackageFiles, component: string, options: LoadOptions): Member {
  const found = readLayout(files);
  if (found.kind === 'invalid') return { violations: found.violations, files };
  const { layout } = found;
  const read = readPackageDocument(layout.manifestPath, layout.manifest, 'PackageManifest');
  const locked = readLockOf(layout.lock);
  const lockFaults = options.lock === false ? [] : locked.violations;
  if (read.kind === 'invalid') {
    return { violations: [read.violation, ...lockFaults], files: layout.files };
  }
  const { document } = read;
  const { manifest, violations } = readManifest(document, component, options.validator);
  const { line } = document.positionOf(['spec', 'images']);
  const isComparable = options.lock !== false && manifest && locked.violations.length === 0;
  const mismatches = isComparable ? lockMismatches(manifest, locked.lock) : [];
  const placed = mismatches.map((item) => ({ ...item, place: layout.manifestPath, line }));
  return {
    violations: [...violations, ...lockFaults, ...placed],
    manifest,
    loaded:
      manifest === undefined || violations.length > 0
        ? undefined
        : { component, manifest, manifestDocument: document, lock: locked.lock },
    files: layout.files,
  };
}

function readLockOf(
  file: { readonly path: string; readonly content: Uint8Array } | undefined,
): LockResult {
  if (file === undefined) return { lock: undefined, violations: [] };
  const read = readPackageDocument(file.path, file.content, 'PackageManifestLock');
  if (read.kind === 'invalid') return { lock: undefined, violations: [read.violation] };
  return readLock(read.document);
}

function invalid(component: string, violations: readonly Violation[]): LoadResult {
  return {
    kind: 'invalid',
    violations: violations.map((violation) => ({ component, violation })),
    sound: [],
  };
}
