// Objects that phases look at without a claim of their own (`externalObjects`, and what another unit takes): who is
// woken when one of them changes. Pure.
import { isOurs } from '../model/desired.ts';
import { inventoryKey } from '../model/inventory.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { Intake } from './intake.ts';
import { claimOn } from './ownership-index.ts';
import type { ClaimKey } from './ownership-index.ts';

export interface WaitedObject {
  readonly unit: UnitId;
  /** Where it lives. */
  readonly target: string;
  readonly ref: ObjectRef;
  /** The unit's name for it. */
  readonly key: string;
}

/** By the claim on the object that nobody of them makes. */
export function waitedObjects(intake: Intake): ReadonlyMap<ClaimKey, readonly WaitedObject[]> {
  const found = new Map<ClaimKey, WaitedObject[]>();
  for (const [unit, { name, work }] of intake.works) {
    if (work.kind !== 'desired') continue;
    for (const object of work.desired.phases.flatMap(({ objects }) => objects)) {
      if (isOurs(object)) continue;
      const { ref } = object;
      const claim = claimOn(name.target, ref);
      const waited = { unit, target: ref.place ?? name.target, ref, key: inventoryKey(ref) };
      const list = found.get(claim);
      if (list) list.push(waited);
      else found.set(claim, [waited]);
    }
  }
  return found;
}
