// The inventory of a unit: every key that an intent named and that has not since been observed absent.
import { compareObjectKeys } from './object-key.ts';
import type { ObjectKey, ObjectRef } from './object-key.ts';
import { placedKey } from './place.ts';
import type { UnitId } from './unit-id.ts';

/** A claim, not a fact: `planned` may exist, `applied` did exist with this uid. */
export type Claim =
  { readonly kind: 'planned' } | { readonly kind: 'applied'; readonly uid: string };

export interface InventoryEntry {
  readonly ref: ObjectRef;
  /** Identity of the target the entry was made for; entries of another identity are parked, not pruned. */
  readonly targetIdentity: string;
  readonly claim: Claim;
  /** The revision that controls the object. */
  readonly revision: number;
  readonly phase: string;
  /** Position of the phase in its revision; removal runs from the highest to the lowest. */
  readonly phaseIndex: number;
  /** Units that held it before and whose marker the live object may still carry; gone with our first write. */
  readonly from?: readonly UnitId[];
  /** Opaque handle of targets that find objects by more than their name. */
  readonly handle?: string;
  /** A replacement that has deleted the old object and not yet created the new one. */
  readonly step?: 'replacing';
  /** `sluice.dev/prune: disabled` when it was last desired: never deleted by us. */
  readonly keep?: boolean;
  /** Its removal was allowed once and does not count against the limits again, though it may take several passes. */
  readonly leaving?: boolean;
  /** How to delete it, as its annotations said when it was last desired. */
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
  readonly gracePeriodSeconds?: number;
}

/** Entries by `inventoryKey`. */
export type Inventory = ReadonlyMap<string, InventoryEntry>;

/** The map key of an object; the same key in two places is two objects. */
export function inventoryKey(key: ObjectKey & Pick<ObjectRef, 'place'>): string {
  return placedKey(key, key.place);
}

/** The entry of an object that is wanted (again). */
export function staying(entry: InventoryEntry): InventoryEntry {
  const { leaving: _leaving, ...rest } = entry;
  return rest;
}

/** Whether the removal of everything in it was allowed. */
export function isLeaving(inventory: Inventory): boolean {
  return inventory.size > 0 && [...inventory.values()].every((entry) => entry.leaving === true);
}

/** Entries sorted by key, for writing. */
export function sortedEntries(inventory: Inventory): readonly InventoryEntry[] {
  return [...inventory.values()].toSorted(
    (a, b) => compareObjectKeys(a.ref, b.ref) || compareText(a.ref.place ?? '', b.ref.place ?? ''),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
