// The shape of a package folder: manifest, lock, files, components (package-operator §1.1, §1.3).
import { isHidden } from '../repository-path.ts';
import { VIOLATION } from './violation.ts';
import type { Violation } from './violation.ts';

/** Contents by path inside the package. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

export interface PackageLayout {
  readonly manifestPath: string;
  readonly manifest: Uint8Array;
  readonly lock: { readonly path: string; readonly content: Uint8Array } | undefined;
  /** Everything but manifest and lock, sorted by path; dot files are gone. */
  readonly files: PackageFiles;
}

export type LayoutResult =
  | { readonly kind: 'ok'; readonly layout: PackageLayout }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] };

const COMPONENTS = 'components/';

/** A copy without dot files and what lies in dot folders (`.git`, `.test-fixtures`), sorted by path. */
export function withoutHidden(files: PackageFiles): PackageFiles {
  const visible = [...files].filter(([path]) => !isHidden(path));
  return new Map(visible.sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
}

/** The files below a folder, by their path inside it. */
export function filesBelow(files: PackageFiles, folder: string): PackageFiles {
  if (folder === '') return files;
  const prefix = `${folder}/`;
  const below = [...files].filter(([path]) => path.startsWith(prefix));
  return new Map(below.map(([path, content]) => [path.slice(prefix.length), content]));
}

/** Finds manifest and lock among the files of one package or component. */
export function readLayout(files: PackageFiles): LayoutResult {
  const visible = withoutHidden(files);
  if (visible.size === 0) return invalid({ reason: VIOLATION.emptyPackage });
  const manifests = ['manifest.yaml', 'manifest.yml'].filter((path) => visible.has(path));
  const locks = ['manifest.lock.yaml', 'manifest.lock.yml'].filter((path) => visible.has(path));
  if (manifests.length > 1) return invalid({ reason: VIOLATION.manifestDuplicated });
  if (locks.length > 1) return invalid({ reason: VIOLATION.lockDuplicated });
  const [manifestPath] = manifests;
  const manifest = manifestPath === undefined ? undefined : visible.get(manifestPath);
  if (manifestPath === undefined || manifest === undefined) {
    const details = 'searched at manifest.yaml and manifest.yml';
    return invalid({ reason: VIOLATION.manifestNotFound, details });
  }
  const [lockPath] = locks;
  const lock = lockPath === undefined ? undefined : visible.get(lockPath);
  const rest = [...visible].filter(([path]) => path !== manifestPath && path !== lockPath);
  return {
    kind: 'ok',
    layout: {
      manifestPath,
      manifest,
      lock: lockPath === undefined || !lock ? undefined : { path: lockPath, content: lock },
      files: new Map(rest),
    },
  };
}

export interface ComponentSplit {
  /** Files of the root package. */
  readonly files: PackageFiles;
  readonly components: ReadonlyMap<string, PackageFiles>;
  readonly violations: readonly Violation[];
}

/** Takes the components of a multi-component package apart. */
export function splitComponents(files: PackageFiles): ComponentSplit {
  const root = new Map<string, Uint8Array>();
  const components = new Map<string, Map<string, Uint8Array>>();
  const violations: Violation[] = [];
  for (const [path, content] of files) {
    if (!path.startsWith(COMPONENTS)) {
      root.set(path, content);
      continue;
    }
    const rest = path.slice(COMPONENTS.length);
    const slash = rest.indexOf('/');
    if (slash < 0) {
      violations.push({ reason: VIOLATION.fileInComponents, path });
      continue;
    }
    const name = rest.slice(0, slash);
    const members = components.get(name) ?? new Map<string, Uint8Array>();
    components.set(name, members.set(rest.slice(slash + 1), content));
  }
  return { files: root, components, violations };
}

function invalid(violation: Violation): LayoutResult {
  return { kind: 'invalid', violations: [violation] };
}
