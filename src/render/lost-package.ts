// Objects of a package whose manifest is empty or a link: that is what is wrong, and it is said once.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { SnapshotFile } from '../model/snapshot.ts';
import type { ClassifiedDocument } from './document.ts';
import type { ParsedFile } from './load.ts';
import { formatViolation, VIOLATION, violationHint } from './package/violation.ts';
import type { Violation } from './package/violation.ts';
import { baseNameOf, folderOf, pathInPackage } from './repository-path.ts';

export interface LostPackages {
  /** The documents of a file, those of a package with the fault of its manifest where there is one. */
  readonly explain: (file: ParsedFile) => readonly ClassifiedDocument[];
}

/** @param files the snapshot; links are in it too */
export function createLostPackages(
  parsed: readonly ParsedFile[],
  files: { readonly file: (path: string) => SnapshotFile | undefined },
): LostPackages {
  const byPath = new Map(parsed.map((file) => [file.path, file]));
  const known = new Map<string, Diagnostic | undefined>();
  const faultAbove = (folder: string): Diagnostic | undefined => {
    if (known.has(folder)) return known.get(folder);
    const paths = ['manifest.yaml', 'manifest.yml'].map((name) =>
      pathInPackage({ folder, component: '' }, name),
    );
    const manifest = paths.map((path) => files.file(path)).find(Boolean);
    const above = folder === '' ? undefined : faultAbove(folderOf(folder));
    const found = manifest ? manifestFault(manifest, byPath.get(manifest.path)) : above;
    known.set(folder, found);
    return found;
  };
  return {
    explain: ({ path, contents }) => {
      if (!contents.some(isPackaged)) return contents;
      const fault = faultAbove(folderOf(path));
      if (fault === undefined) return contents;
      return contents.map((item) => (isPackaged(item) ? { ...item, diagnostic: fault } : item));
    },
  };
}

function isPackaged(item: ClassifiedDocument): boolean {
  return item.kind === 'invalid' && item.isPackaged === true;
}

function manifestFault(
  { path, mode }: SnapshotFile,
  parsed: ParsedFile | undefined,
): Diagnostic | undefined {
  const name = baseNameOf(path);
  if (mode === 'symlink' || mode === 'submodule') {
    const details = `${name} is a ${mode}, which is not followed`;
    const hint = 'Commit the content itself.';
    return report({ reason: VIOLATION.manifestNotFound, details, hint }, path);
  }
  // A file that could not be read says so itself, and one of other objects is no manifest of a package.
  if (parsed === undefined || parsed.diagnostics.some(({ severity }) => severity === 'error')) {
    return undefined;
  }
  if (parsed.documents.length > 0) return undefined;
  return report({ reason: VIOLATION.manifestNotFound, details: `${name} is empty` }, path);
}

function report(violation: Violation, file: string): Diagnostic {
  const hint = violationHint(violation, folderOf(file));
  return diagnostic('PackageInvalid', formatViolation(violation), {
    file,
    ...(hint === undefined ? {} : { hint }),
  });
}
