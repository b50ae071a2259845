// `sluice validate`: every check that needs no target; all problems, not the first.
import { compareDiagnostics } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { editsBetween } from '../reconcile/immutable-fields.ts';
import { checkRepository, withoutRepetitions } from '../render/index.ts';
import { createSchemaValidator } from '../schema/index.ts';
import { diagnosticJson } from '../status/unit-files.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { jsonText } from './output/plan-json.ts';
import { formatDiagnostics } from './output/plan-text.ts';
import { checkSnapshotSchemas } from './package-schemas.ts';
import { readRepositoryParts } from './repository-parts.ts';
import { noTargets, openWorkspace } from './workspace.ts';
import type { WorkspaceFlags } from './workspace.ts';

export interface ValidateFlags extends WorkspaceFlags {
  /** An earlier state: edits of immutable fields since then are told. */
  readonly base?: string;
  readonly output?: string;
}

/** @returns the exit code: 1 where there are errors; warnings alone pass */
export async function validateCommand(
  directory: string | undefined,
  flags: ValidateFlags,
  io: CliIo,
): Promise<number> {
  const format = flags.output ?? 'text';
  if (format !== 'text' && format !== 'json')
    throw new SluiceError('UsageInvalid', `-o ${format}: text or json`);
  const workspace = await openWorkspace(directory, flags, io);
  const intake = await workspace.read(noTargets());
  const found: Diagnostic[] = [...intake.diagnostics];
  for (const { work } of intake.works.values())
    if (work.kind !== 'removed') found.push(...work.diagnostics);
  const validator = createSchemaValidator();
  const {
    config,
    packages,
    diagnostics: unread,
  } = await readRepositoryParts(workspace.snapshot, io.signal);
  const { units: discovered, schemaOf } = intake.discovery;
  found.push(
    ...unread,
    ...checkRepository({ config, units: discovered, packages }, { validator, schemaOf }),
    ...(await checkSnapshotSchemas(packages, workspace.snapshot, { validator, signal: io.signal })),
  );
  if (flags.base !== undefined) {
    const before = await workspace.readAt(flags.base, noTargets());
    // A set that could not be rendered was never brought out, so the daemon holds nobody to it.
    const units = before.discovery.units.filter(
      ({ id }) => before.works.get(id)?.work.kind !== 'broken',
    );
    const { slices } = before.discovery;
    found.push(...editsBetween({ units, slices }, intake.discovery, validator));
  }
  const diagnostics = withoutRepetitions(found).toSorted(compareDiagnostics);
  const errors = diagnostics.filter((item) => item.severity === 'error').length;
  const warnings = diagnostics.filter((item) => item.severity === 'warning').length;
  const units = intake.works.size;
  if (format === 'json') {
    const value = {
      apiVersion: 'sluice.dev/v1alpha1',
      kind: 'Validation',
      units,
      errors,
      warnings,
      diagnostics: diagnostics.map(diagnosticJson),
    };
    io.out(`${jsonText(value)}\n`);
  } else {
    if (diagnostics.length > 0) io.err(`${formatDiagnostics(diagnostics, io.errStyle)}\n`);
    io.out(`${units} units, ${errors} errors, ${warnings} warnings\n`);
  }
  return errors > 0 ? EXIT.failed : EXIT.done;
}
