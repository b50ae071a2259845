// What a manifest says that is no mistake, and yet not what its author means everywhere.
import { diagnostic } from '../../model/diagnostic.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FieldPath } from '../package/field-error.ts';
import type { LoadedPackage } from '../package/load-package.ts';
import { LOSSY_HINT, lossyIntegers } from '../package/lossy-integers.ts';
import { parsePackageConstraint } from '../package/version-range.ts';
import type { PackagePlace } from './package-place.ts';

/** Version ranges that upstream's parser refuses, and integers that are changed on their way into templates. */
export function manifestWarnings(
  member: LoadedPackage,
  place: PackagePlace,
): readonly Diagnostic[] {
  const { manifest, manifestDocument } = member;
  const warn = (path: FieldPath, message: string, hint: string): Diagnostic => {
    const where = place.locate(manifestDocument.path, manifestDocument.positionOf(path));
    return diagnostic('PackageInvalid', message, { ...where, severity: 'warning', hint });
  };
  const ranges = manifest.constraints.flatMap(({ platformVersion }, index) => {
    const range = platformVersion?.range;
    if (range === undefined || parsePackageConstraint(range)?.isBare !== true) return [];
    const path = ['spec', 'constraints', index, 'platformVersion', 'range'];
    const message = `range "${range}" names a version without an operator, which Package Operator refuses`;
    return [warn(path, message, `Write an operator in front of each version: =1.2, >=1.2, ~1.2.`)];
  });
  const numbers = lossyIntegers(manifest.document, []).map(({ path, message }) =>
    warn(path, message, LOSSY_HINT),
  );
  return [...ranges, ...numbers];
}
