// Who owns which object of a target, over all rendered units of a snapshot, and who must not.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isOurs } from '../model/desired.ts';
import type { DesiredObject, DesiredState } from '../model/desired.ts';
import { formatObjectKey, keyOf } from '../model/object-key.ts';
import type { UnitId } from '../model/unit-id.ts';

export interface UnitClaims {
  readonly unit: UnitId;
  readonly target: string;
  readonly desired: DesiredState;
}

/** `<target>|<object key>` */
export type ClaimKey = string;

export interface OwnershipConflict {
  readonly key: ClaimKey;
  /** All claimants, sorted. */
  readonly units: readonly UnitId[];
  /** Who keeps the object: the one that already had it; undefined when it was nobody of them. */
  readonly keeper: UnitId | undefined;
}

export interface Ownership {
  /** Who wants a key; keys in conflict belong to their keeper, or to nobody. */
  readonly owners: ReadonlyMap<ClaimKey, UnitId>;
  readonly conflicts: readonly OwnershipConflict[];
  /** An ObjectClaimed for every unit of a conflict. */
  readonly diagnostics: ReadonlyMap<UnitId, readonly Diagnostic[]>;
}

interface Claim {
  readonly unit: UnitId;
  readonly object: DesiredObject;
}

/**
 * The ownership index of a snapshot. Objects that live elsewhere than on the unit's target are claimed there;
 * external objects are nobody's, and yielded ones belong to whoever takes them.
 * @param holder the unit whose inventory names the key already
 */
export function claimOwnership(
  claims: readonly UnitClaims[],
  holder: (key: ClaimKey) => UnitId | undefined,
): Ownership {
  const byKey = new Map<ClaimKey, Claim | Claim[]>();
  for (const { unit, target, desired } of claims) {
    for (const phase of desired.phases) {
      // Its objects are the business of whoever runs the phase.
      if (phase.remote === true) continue;
      for (const object of phase.objects) {
        if (!isOurs(object)) continue;
        const key = `${object.ref.place ?? target}|${formatObjectKey(object.ref)}`;
        const known = byKey.get(key);
        if (known === undefined) byKey.set(key, { unit, object });
        else if (Array.isArray(known)) known.push({ unit, object });
        else byKey.set(key, [known, { unit, object }]);
      }
    }
  }
  const owners = new Map<ClaimKey, UnitId>();
  const conflicts: OwnershipConflict[] = [];
  const diagnostics = new Map<UnitId, Diagnostic[]>();
  for (const [key, found] of byKey) {
    if (!Array.isArray(found)) {
      owners.set(key, found.unit);
      continue;
    }
    const units = [...new Set(found.map(({ unit }) => unit))].sort();
    const before = holder(key);
    const keeper = before !== undefined && units.includes(before) ? before : undefined;
    if (keeper !== undefined) owners.set(key, keeper);
    conflicts.push({ key, units, keeper });
    for (const claim of found) {
      const list = diagnostics.get(claim.unit) ?? [];
      diagnostics.set(claim.unit, list);
      list.push(conflictDiagnostic(claim, found, keeper));
    }
  }
  conflicts.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  return { owners, conflicts, diagnostics };
}

function conflictDiagnostic(
  claim: Claim,
  claims: readonly Claim[],
  keeper: UnitId | undefined,
): Diagnostic {
  const others = claims
    .filter((other) => other.unit !== claim.unit)
    .map(({ unit, object }) => `${unit} (${object.source.file}:${object.source.line ?? 1})`)
    .sort();
  const outcome =
    keeper === undefined
      ? 'neither applies it'
      : keeper === claim.unit
        ? 'this unit had it before and keeps it'
        : `${keeper} had it before and keeps it`;
  const message = `${formatObjectKey(claim.object.ref)} is also claimed by ${others.join(', ')}; ${outcome}`;
  return diagnostic('ObjectClaimed', message, {
    ...claim.object.source,
    object: keyOf(claim.object.ref),
  });
}
