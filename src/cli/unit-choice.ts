// Which units a text means that people typed, and which they may have meant where it means none.
import { SluiceError } from '../model/sluice-error.ts';
import { parseUnitId } from '../model/unit-id.ts';
import type { UnitId } from '../model/unit-id.ts';
import { unitFilter } from './workspace.ts';

/**
 * The units that a text means, with or without the target.
 * @param ids all there are
 * @throws SluiceError UsageInvalid where it means none
 */
export function chooseUnits(text: string, ids: readonly UnitId[]): readonly UnitId[] {
  // A bare name is no id, and is answered with the ids that end in it.
  const only = parseUnitId(text, '') === undefined ? undefined : unitFilter(text);
  const found = only === undefined ? [] : ids.filter(only);
  if (found.length > 0) return found;
  const message = `no unit ${text} on the status branch${likelyUnits(text, ids)}`;
  throw new SluiceError('UsageInvalid', message);
}

/** `; did you mean local:Package.package-operator.run/web/shop?` for a bare name, else how ids are written. */
export function likelyUnits(text: string, ids: readonly UnitId[]): string {
  const alike = ids.filter((id) => id.endsWith(`/${text}`));
  if (alike.length > 0) return `; did you mean ${alike.join(' or ')}?`;
  return '; write it as Kind.group/namespace/name';
}
