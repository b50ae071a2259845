// One ownership index per target: which unit's inventory names a key, and which unit wants it now. Pure bookkeeping.
import type { Inventory } from '../model/inventory.ts';
import { formatObjectKey } from '../model/object-key.ts';
import type { ObjectKey, ObjectRef } from '../model/object-key.ts';
import type { Place } from '../model/place.ts';
import type { UnitId } from '../model/unit-id.ts';

/** `<target>|<object key>` */
export type ClaimKey = string;

export function claimKey(target: string, key: string): ClaimKey {
  return `${target}|${key}`;
}

/** The claim on an object of a unit. @param target the unit's own */
export function claimOn(target: string, ref: ObjectKey & Pick<ObjectRef, 'place'>): ClaimKey {
  return claimKey(ref.place ?? target, formatObjectKey(ref));
}

/** Where a claim is, and the key under which a unit of a target has it in its inventory. */
export function keyOfClaim(
  claim: ClaimKey,
  target: string,
): { readonly key: string; readonly place: Place } {
  const bar = claim.indexOf('|');
  const where = claim.slice(0, bar);
  const place = where === target ? undefined : where;
  const key = claim.slice(bar + 1);
  return { key: place === undefined ? key : `${place}:${key}`, place };
}

export interface OwnershipIndex {
  /** The unit whose inventory names the key; the first that did, where several do. */
  holder(key: ClaimKey): UnitId | undefined;
  /** All of them: one that cannot be rendered keeps its claim while another already works on the object. */
  holders(key: ClaimKey): readonly UnitId[];
  /** Replaces everything the unit holds. */
  setHeld(unit: UnitId, target: string, inventory: Inventory): void;
  drop(unit: UnitId): void;
}

/** Builds an empty index. */
export function createOwnershipIndex(): OwnershipIndex {
  const holders = new Map<ClaimKey, readonly UnitId[]>();
  const held = new Map<UnitId, ReadonlySet<ClaimKey>>();
  const release = (unit: UnitId, key: ClaimKey): void => {
    const left = (holders.get(key) ?? []).filter((holder) => holder !== unit);
    if (left.length === 0) holders.delete(key);
    else holders.set(key, left);
  };
  const replace = (unit: UnitId, keys: ReadonlySet<ClaimKey>): void => {
    const before = held.get(unit);
    for (const key of before ?? []) if (!keys.has(key)) release(unit, key);
    for (const key of keys) {
      if (!before?.has(key)) holders.set(key, [...(holders.get(key) ?? []), unit]);
    }
    if (keys.size === 0) held.delete(unit);
    else held.set(unit, keys);
  };
  return {
    holder: (key) => holders.get(key)?.[0],
    holders: (key) => holders.get(key) ?? [],
    setHeld: (unit, target, inventory) => {
      replace(unit, new Set([...inventory.values()].map(({ ref }) => claimOn(target, ref))));
    },
    drop: (unit) => replace(unit, new Set()),
  };
}
