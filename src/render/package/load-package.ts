// From the files of a folder to a package that is known to be well formed, components included.
import type { PackageManifestLock } from '../../api/package-manifest-lock.ts';
import type { PackageManifest } from '../../api/package-manifest.ts';
import type { SchemaValidator } from '../../schema/index.ts';
import { readLayout, splitComponents } from './layout.ts';
import type { PackageFiles } from './layout.ts';
import { lockMismatches, readLock } from './lock.ts';
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
  | { readonly kind: 'invalid'; readonly violations: readonly PlacedViolation[] };

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
  const members =
    layout.kind === 'ok'
      ? splitComponents(layout.layout.files).components.get(component)
      : undefined;
  if (members === undefined) {
    return invalid('', [{ reason: VIOLATION.componentNotFound, component }]);
  }
  return load(members, component, options);
}

export interface LoadOptions {
  readonly validator: SchemaValidator;
  /** Whether components are loaded too. Default true. */
  readonly components?: boolean;
  /** Whether the lock file must agree with the manifest; template tests do without. Default true. */
  readonly lock?: boolean;
}

function load(files: PackageFiles, component: string, options: LoadOptions): LoadResult {
  const found = readLayout(files);
  if (found.kind === 'invalid') return invalid(component, found.violations);
  const { layout } = found;
  const read = readPackageDocument(layout.manifestPath, layout.manifest, 'PackageManifest');
  if (read.kind === 'invalid') return invalid(component, [read.violation]);
  const typed = readManifest(read.document, component, options.validator);
  if (typed.kind === 'invalid') return invalid(component, typed.violations);
  const { manifest } = typed;
  const locked = readLockOf(layout.lock);
  if (locked.kind === 'invalid') return invalid(component, locked.violations);
  const mismatches = options.lock === false ? [] : lockMismatches(manifest, locked.lock);
  if (mismatches.length > 0) {
    const { line } = read.document.positionOf(['spec', 'images']);
    const placed = mismatches.map((item) => ({ ...item, place: layout.manifestPath, line }));
    return invalid(component, placed);
  }
  const loaded = {
    component,
    manifest,
    manifestDocument: read.document,
    lock: locked.lock,
  };
  if (!manifest.hasComponents) {
    return { kind: 'ok', package: { ...loaded, files: layout.files, components: new Map() } };
  }
  if (component !== '') {
    return invalid(component, [{ reason: VIOLATION.nestedComponents, component }]);
  }
  const split = splitComponents(layout.files);
  if (split.violations.length > 0) return invalid('', split.violations);
  if (options.components === false) {
    return { kind: 'ok', package: { ...loaded, files: split.files, components: new Map() } };
  }
  const components = new Map<string, LoadedPackage>();
  const violations: PlacedViolation[] = [];
  for (const [name, members] of split.components) {
    const result = load(members, name, options);
    if (result.kind === 'ok') components.set(name, result.package);
    else violations.push(...result.violations);
  }
  if (violations.length > 0) return { kind: 'invalid', violations };
  return { kind: 'ok', package: { ...loaded, files: split.files, components } };
}

type LockOutcome =
  | { readonly kind: 'ok'; readonly lock: PackageManifestLock | undefined }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] };

function readLockOf(
  file: { readonly path: string; readonly content: Uint8Array } | undefined,
): LockOutcome {
  if (file === undefined) return { kind: 'ok', lock: undefined };
  const read = readPackageDocument(file.path, file.content, 'PackageManifestLock');
  if (read.kind === 'invalid') return { kind: 'invalid', violations: [read.violation] };
  return readLock(read.document);
}

function invalid(component: string, violations: readonly Violation[]): LoadResult {
  return {
    kind: 'invalid',
    violations: violations.map((violation) => ({ component, violation })),
  };
}
