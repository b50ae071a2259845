// Packages of a repository as they stand, used or not: layout, manifest, templates, phases, and every expression.
import { fromBytes } from '../../lang/template/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Json } from '../../model/json.ts';
import { createSchemaLookup } from '../kind-schemas.ts';
import { isTemplateFile } from '../package/file-kind.ts';
import { loadPackage, membersOf } from '../package/load-package.ts';
import type { LoadedPackage } from '../package/load-package.ts';
import type { PackageFiles } from '../package/layout.ts';
import { parseObjects } from '../package/parse-objects.ts';
import type { RenderedObject } from '../package/rendered-object.ts';
import { phaseNameWarnings } from '../package/phase-names.ts';
import { parseTemplates } from '../package/templates.ts';
import { validatePackage } from '../package/validate-package.ts';
import { violationDiagnostic } from '../package/violation.ts';
import { checkProbes } from '../probe-check.ts';
import type { UnitDocument } from '../unit.ts';
import { manifestWarnings } from './manifest-warnings.ts';
import { checkObjectSetProbes } from './object-set-probes.ts';
import { checkFilters } from './package-filters.ts';
import { packagePlace } from './package-place.ts';
import type { CheckOptions } from './package-place.ts';

export interface PackageSource {
  /** Its folder in the repository; empty for the root. */
  readonly folder: string;
  /** By path inside the folder. */
  readonly files: PackageFiles;
}

/**
 * Checks packages without an instance.
 * @param options `schemaOf` as the repository has it; CRDs that packages hold are added
 * @returns everything that is wrong, not only the first; unlikely types in filters as warnings
 */
export function checkPackages(
  sources: readonly PackageSource[],
  options: CheckOptions,
): readonly Diagnostic[] {
  const { validator } = options;
  const loaded = sources.map(({ folder, files }) => {
    // A lock file that is behind says nothing against the expressions.
    const members = membersOf(loadPackage(files, { validator, lock: false }));
    return { folder, files, members: members.map(staticObjects) };
  });
  const manifests = loaded.flatMap(({ members }) => members.flatMap(({ objects }) => objects));
  const schemaOf = createSchemaLookup(
    manifests.map(({ manifest }) => manifest),
    options.schemaOf,
  );
  return loaded.flatMap(({ folder, files, members }) => [
    ...validatePackage(files, validator).map(({ violation, component }) =>
      violationDiagnostic(violation, folder, component),
    ),
    ...members.flatMap((member) => checkMember(member, folder, { validator, schemaOf })),
  ]);
}

interface Member {
  readonly member: LoadedPackage;
  readonly texts: ReadonlyMap<string, string>;
  /** Of files that are no templates. */
  readonly objects: readonly RenderedObject[];
}

function staticObjects(member: LoadedPackage): Member {
  const texts = new Map([...member.files].map(([path, bytes]) => [path, fromBytes(bytes)]));
  const files = [...texts].filter(([path]) => !isTemplateFile(path));
  const { objects } = parseObjects(
    new Map(files.map(([path, content]) => [path, { content, sourcePath: path }])),
    { packageName: member.manifest.name, instance: '' },
  );
  return { member, texts, objects };
}

function checkMember(
  { member, texts, objects }: Member,
  folder: string,
  options: CheckOptions,
): readonly Diagnostic[] {
  const place = packagePlace(folder, member.component);
  const parsed = parseTemplates(texts);
  const { manifest, manifestDocument } = member;
  const locateInManifest: UnitDocument['locate'] = (path, at) => {
    const { line, column } = manifestDocument.positionOf(path, at);
    return place.locate(manifestDocument.path, { line, column });
  };
  const probes = checkProbes(manifest.availabilityProbes as unknown as readonly Json[], {
    path: ['spec', 'availabilityProbes'],
    locate: locateInManifest,
    validator: options.validator,
    schemaOf: options.schemaOf,
  });
  return [
    ...manifestWarnings(member, place),
    ...parsed.violations.map(place.report),
    ...phaseNameWarnings(manifest, locateInManifest),
    ...checkFilters({ member, place, texts, parsed, objects }),
    ...probes.problems,
    ...objects.flatMap((object) => {
      const locate = (
        path: readonly (string | number)[],
        at?: Parameters<typeof object.locate>[1],
      ) => place.locate(object.sourcePath, object.locate(path, at));
      return checkObjectSetProbes({ manifest: object.manifest, locate }, options);
    }),
  ];
}
