// `sluice render`: the rendered objects, in phase order.
import path from 'node:path';
import { writeManifest } from '../lang/yaml/index.ts';
import { compareDiagnostics, hasErrors } from '../model/diagnostic.ts';
import { withoutSluiceKeys } from '../model/owner-marker.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { UnitWork } from '../reconcile/unit-state.ts';
import { unitDirectory } from '../status/paths.ts';
import { escapeSegment } from '../status/paths.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { writeOutput } from './output-file.ts';
import { jsonText } from './output/plan-json.ts';
import { formatDiagnostics } from './output/plan-text.ts';
import { chooseUnits } from './unit-choice.ts';
import { noTargets, openWorkspace } from './workspace.ts';
import type { WorkspaceFlags } from './workspace.ts';

export interface RenderFlags extends WorkspaceFlags {
  readonly unit?: string;
  readonly output?: string;
  readonly out?: string;
}

type Desired = Extract<UnitWork, { kind: 'desired' }>['desired'];

/** @returns the exit code */
export async function renderCommand(
  directory: string | undefined,
  flags: RenderFlags,
  io: CliIo,
): Promise<number> {
  const format = flags.output ?? 'yaml';
  if (format !== 'yaml' && format !== 'json')
    throw new SluiceError('UsageInvalid', `-o ${format}: yaml or json`);
  const workspace = await openWorkspace(directory, flags, io);
  const intake = await workspace.read(noTargets());
  const { unit } = flags;
  const ids = [...intake.works.keys()];
  const wanted = new Set(unit === undefined ? ids : chooseUnits(unit, ids));
  const chosen = [...intake.works].filter(([id]) => wanted.has(id));
  const diagnostics = [...(unit === undefined ? intake.diagnostics : [])];
  const rendered: { readonly id: string; readonly directory: string; readonly desired: Desired }[] =
    [];
  for (const [id, { name, work }] of chosen) {
    if (work.kind === 'removed') continue;
    diagnostics.push(...work.diagnostics);
    if (work.kind === 'desired')
      rendered.push({ id, directory: unitDirectory(name), desired: work.desired });
  }
  if (flags.out === undefined) {
    io.out(
      format === 'json'
        ? jsonOf(rendered)
        : rendered.map(({ id, desired }) => yamlOf(id, desired)).join(''),
    );
  } else {
    await writeOut({ base: path.resolve(io.cwd, flags.out), shown: flags.out }, rendered, format);
  }
  if (diagnostics.length > 0) {
    io.err(`${formatDiagnostics(diagnostics.toSorted(compareDiagnostics), io.errStyle)}\n`);
  }
  return hasErrors(diagnostics) ? EXIT.failed : EXIT.done;
}

function yamlOf(id: string, desired: Desired): string {
  return desired.phases
    .flatMap((phase) =>
      phase.objects.map(
        (object) =>
          `---\n# ${id}, phase ${phase.name}, from ${object.source.file}\n${writeManifest(withoutSluiceKeys(object.secrecy?.shown ?? object.manifest))}`,
      ),
    )
    .join('');
}

function jsonOf(rendered: readonly { readonly id: string; readonly desired: Desired }[]): string {
  const value = {
    apiVersion: 'sluice.dev/v1alpha1',
    kind: 'Rendered',
    units: rendered.map(({ id, desired }) => ({
      unit: id,
      hash: desired.templateHash,
      phases: desired.phases.map((phase) => ({
        name: phase.name,
        objects: phase.objects.map((object) =>
          withoutSluiceKeys(object.secrecy?.shown ?? object.manifest),
        ),
      })),
    })),
  };
  return `${jsonText(value)}\n`;
}

async function writeOut(
  to: { readonly base: string; readonly shown: string },
  rendered: readonly { readonly directory: string; readonly desired: Desired }[],
  format: 'yaml' | 'json',
): Promise<void> {
  for (const { directory, desired } of rendered) {
    const folder = path.join(to.base, directory);
    for (const [index, phase] of desired.phases.entries()) {
      const name = `${String(index).padStart(2, '0')}-${escapeSegment(phase.name)}.${format}`;
      const objects = phase.objects.map((object) =>
        withoutSluiceKeys(object.secrecy?.shown ?? object.manifest),
      );
      const text =
        format === 'json'
          ? `${jsonText(objects)}\n`
          : objects.map((object) => writeManifest(object)).join('---\n');
      await writeOutput(path.join(folder, name), text, `--out ${to.shown}`);
    }
  }
}
