// Phase names of a manifest that other engines would not take: the package works, its author should know.
import type { PackageManifest } from '../../api/package-manifest.ts';
import { unusualPhaseName } from '../../api/phase-names.ts';
import { diagnostic } from '../../model/diagnostic.ts';
import type { Diagnostic, Location } from '../../model/diagnostic.ts';

/** @param locate a place in the manifest */
export function phaseNameWarnings(
  manifest: PackageManifest,
  locate: (path: readonly (string | number)[]) => Location,
): readonly Diagnostic[] {
  return manifest.phases.flatMap(({ name }, index) => {
    const unusual = unusualPhaseName(name);
    if (unusual === undefined) return [];
    const message = `spec.phases[${index}].name: ${unusual}`;
    const where = locate(['spec', 'phases', index, 'name']);
    return [diagnostic('PackageInvalid', message, { ...where, severity: 'warning' })];
  });
}
