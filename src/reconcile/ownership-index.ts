// One ownership index per target: which unit's inventory names a key, and which unit wants it now. Pure bookkeeping.
import type { Inventory } from '../model/inventory.ts';
import type { UnitId } from '../model/unit-id.ts';

/** `<target>|<object key>` */
export type ClaimKey = string;

export function claimKey(target: string, key: string): ClaimKey {
  return `${target}|${key}`;
}

export interface OwnershipIndex {
  /** The unit whose inventory names the key. */
  holder(key: ClaimKey): UnitId | undefined;
  /** Replaces everything the unit holds. */
  setHeld(unit: UnitId, target: string, inventory: Inventory): void;
  drop(unit: UnitId): void;
}

/** Builds an empty index. */
export function createOwnershipIndex(): OwnershipIndex {
  const holders = new Map<ClaimKey, UnitId>();
  const held = new Map<UnitId, Set<ClaimKey>>();
  const drop = (unit: UnitId): void => {
    for (const key of held.get(unit) ?? []) if (holders.get(key) === unit) holders.delete(key);
    held.delete(unit);
  };
  return {
    holder: (key) => holders.get(key),
    setHeld: (unit, target, inventory) => {
      drop(unit);
      const keys = new Set<ClaimKey>();
      for (const key of inventory.keys()) {
        const claim = claimKey(target, key);
        keys.add(claim);
        holders.set(claim, unit);
      }
      held.set(unit, keys);
    },
    drop,
  };
}
