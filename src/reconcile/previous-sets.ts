// `spec.previous` between sets of one repository: the newer set takes over what both want, and the older one goes on
// with it until the newer one gets there (package-operator §8). Pure.
import { formatUnitId } from '../model/unit-id.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';
import type { ClaimKey } from './ownership-index.ts';
import { claimsOf } from './yielding.ts';
import type { NamedWork, Works } from './unit-state.ts';
import type { Yields } from './yielding.ts';

/** What sets want that name others as previous: those give it up, as far as they have it. */
export function yieldsOfPrevious(entries: Works): Yields {
  const found = new Map<UnitId, Set<ClaimKey>>();
  for (const [id, { name, work }] of entries) {
    if (work.kind !== 'desired') continue;
    for (const older of previousUnits(name, work.desired.previous)) {
      const entry = entries.get(older);
      // A set that names itself, or names one that names it, is no successor.
      if (!entry || older === id || namesAsPrevious(entry, id)) continue;
      const claims = found.get(older) ?? new Set<ClaimKey>();
      for (const claim of claimsOf(name, work)) claims.add(claim);
      found.set(older, claims);
    }
  }
  return found;
}

/**
 * The units that names under `spec.previous` mean: sets of the same namespace, and for a phase also other phases,
 * since a set hands over what its phases had.
 */
export function previousUnits(
  name: UnitName,
  previous: readonly string[] | undefined,
): readonly UnitId[] {
  const set = name.kind.replace(/Phase$/u, '');
  const kinds = set === name.kind ? [set] : [set, name.kind];
  return (previous ?? []).flatMap((older) =>
    kinds.map((kind) => formatUnitId({ ...name, kind, name: older })),
  );
}

function namesAsPrevious({ name, work }: NamedWork, unit: UnitId): boolean {
  return work.kind === 'desired' && previousUnits(name, work.desired.previous).includes(unit);
}
