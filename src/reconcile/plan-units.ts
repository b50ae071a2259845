// What a plan knows of units inside units: no registry runs beside a command, but a unit that has anything is there. Pure.
import type { DesiredState } from '../model/desired.ts';
import { inventoryKey } from '../model/inventory.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ObjectRef } from '../model/object-key.ts';
import { withMarkers } from '../model/owner-marker.ts';
import { targetOfUnits } from '../model/place.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { OwnerContext } from '../plan/situation.ts';
import type { Observation } from '../plan/unit-plan.ts';
import { unitOfObject } from './nesting.ts';

/**
 * Observations of objects that are units, by `inventoryKey`. One that is there counts as asked for already: what
 * changes inside it stands in the plan of the unit itself.
 */
export function observeUnits(
  desired: DesiredState | undefined,
  inventory: Inventory,
  facts: { readonly owner: OwnerContext; readonly exists: (unit: UnitId) => boolean },
): ReadonlyMap<string, Observation> {
  const found = new Map<string, Observation>();
  const note = (ref: ObjectRef, manifest: Manifest): void => {
    if (targetOfUnits(ref.place) === undefined) return;
    const id = unitOfObject(ref);
    const isThere = id !== undefined && facts.exists(id);
    found.set(inventoryKey(ref), isThere ? present(ref, manifest, facts.owner) : ABSENT);
  };
  for (const { ref } of inventory.values()) note(ref, stub(ref));
  for (const phase of desired?.phases ?? []) {
    for (const { ref, manifest } of phase.objects) note(ref, manifest);
  }
  return found;
}

const ABSENT: Observation = { read: { state: 'absent' } };

function present(ref: ObjectRef, manifest: Manifest, owner: OwnerContext): Observation {
  const marker = { instance: owner.instance, unit: owner.unit, key: ref };
  const object = withMarkers(manifest, marker, owner.revision);
  return {
    read: { state: 'live', object },
    predicted: { kind: 'done', uid: '', version: '', changed: false, object },
  };
}

function stub({ apiVersion, kind, namespace, name }: ObjectRef): Manifest {
  return { apiVersion, kind, metadata: { name, ...(namespace === '' ? {} : { namespace }) } };
}
