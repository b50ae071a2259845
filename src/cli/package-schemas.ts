// Packages against the schemas that their manifests name: in `test` with the network, in `validate` without.
import { pathInPackage } from '../render/repository-path.ts';
import path from 'node:path';
import { createSchemaDocuments, runSchemaCheck } from '../inputs/schema-documents.ts';
import type { SchemaDocuments } from '../inputs/schema-documents.ts';
import { createDiskFiles, createSnapshotFiles, repositoryRoot } from '../inputs/schema-files.ts';
import { createHttp } from '../inputs/registry/http.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { PackageSource } from '../render/index.ts';
import { formatUnknownKind, schemaChecks } from '../render/package/kubeconform/index.ts';
import type { SchemaReport } from '../render/package/kubeconform/index.ts';
import type { PackageFiles } from '../render/package/layout.ts';
import { loadPackage } from '../render/package/load-package.ts';
import { inComponent, violationDiagnostic } from '../render/package/violation.ts';
import type { SchemaValidator } from '../schema/index.ts';

/** Checks a package of a folder on disk; schemas come from its repository and from the web. */
export async function checkFolderSchemas(
  folder: { readonly root: string; readonly files: PackageFiles },
  validator: SchemaValidator,
  signal: AbortSignal,
): Promise<readonly SchemaReport[]> {
  const { root, files } = folder;
  const around = await repositoryRoot(root);
  const place = path.relative(around, root).split(path.sep).join('/');
  const documents = createSchemaDocuments({ files: createDiskFiles(around), http: createHttp() });
  return reports({ folder: place, files }, { documents, validator, signal });
}

/** Checks the packages of a snapshot, as far as its own files and the built-in schemas go. */
export async function checkSnapshotSchemas(
  packages: readonly PackageSource[],
  snapshot: Snapshot,
  options: { readonly validator: SchemaValidator; readonly signal: AbortSignal },
): Promise<readonly Diagnostic[]> {
  const documents = createSchemaDocuments({ files: createSnapshotFiles(snapshot) });
  const found: Diagnostic[] = [];
  for (const source of packages) {
    for (const report of await reports(source, { documents, ...options })) {
      found.push(...reportDiagnostics(report, source.folder));
    }
  }
  return found;
}

interface ReportOptions {
  readonly documents: SchemaDocuments;
  readonly validator: SchemaValidator;
  readonly signal: AbortSignal;
}

async function reports(
  { folder, files }: PackageSource,
  { documents, validator, signal }: ReportOptions,
): Promise<readonly SchemaReport[]> {
  const loaded = loadPackage(files, { validator, lock: false });
  if (loaded.kind === 'invalid') return [];
  const found: SchemaReport[] = [];
  for (const check of schemaChecks(loaded.package, folder, validator)) {
    found.push(await runSchemaCheck(check, documents, signal));
  }
  return found;
}

function reportDiagnostics(report: SchemaReport, folder: string): readonly Diagnostic[] {
  const { component, faults, groups, unknown, offline } = report;
  const violations = [...faults, ...groups.flatMap((group) => group.violations)];
  const file = pathInPackage({ folder, component }, report.manifest);
  const note = (text: string, hint?: string): Diagnostic =>
    diagnostic('SchemaUnchecked', inComponent(component, text), {
      file,
      ...(hint === undefined ? {} : { hint }),
    });
  return [
    ...violations.map((violation) => violationDiagnostic(violation, folder, component)),
    ...(offline.length === 0
      ? []
      : [note(`objects not checked: schemas of ${offline.join(', ')} are on the web`)]),
    ...unknown.map((kind) =>
      note(formatUnknownKind(kind), 'Add a location to test.kubeconform that has the schema.'),
    ),
  ];
}
