// Claims that change hands: a key that leaves one unit and is wanted by another in the same snapshot is never pruned.
import { isOurs } from '../model/desired.ts';
import { inventoryKey, staying } from '../model/inventory.ts';
import type { Inventory, InventoryEntry } from '../model/inventory.ts';
import type { Place } from '../model/place.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { UnitMemory } from '../model/unit-memory.ts';
import type { StatusChange } from '../status/store.ts';
import { claimOn, keyOfClaim } from './ownership-index.ts';
import type { ClaimKey, OwnershipIndex } from './ownership-index.ts';
import { inventoryChange } from './unit-publish.ts';
import type { UnitState, UnitWork } from './unit-state.ts';

export interface Transfer {
  /** Units that gained or lost a key. */
  readonly touched: ReadonlySet<UnitId>;
  /** Who took something from whom. */
  readonly moves: readonly { readonly from: UnitId; readonly to: UnitId }[];
  /** The inventories of all of them, to be written in one commit: at no moment is a key in none. */
  readonly changes: readonly StatusChange[];
}

/**
 * Moves the entries of all keys that their holder does not want any more to the units that want them now.
 * @param wanted which unit wants which key
 */
export function transferClaims(
  states: ReadonlyMap<UnitId, UnitState>,
  ownership: OwnershipIndex,
  wanted: ReadonlyMap<ClaimKey, UnitId>,
): Transfer {
  const givers = new Set<UnitState>();
  const takers = new Set<UnitState>();
  const moves: Transfer['moves'][number][] = [];
  for (const [claim, unit] of wanted) {
    for (const holder of ownership.holders(claim)) {
      if (holder === unit) continue;
      const from = states.get(holder);
      const to = states.get(unit);
      if (!from || !to) continue;
      const { key } = keyOfClaim(claim, from.name.target);
      const entry = from.memory.inventory.get(key);
      if (!entry || wants(from.work, key)) continue;
      from.memory = { ...from.memory, inventory: without(from.memory.inventory, key) };
      const there = keyOfClaim(claim, to.name.target);
      const given = { entry: placed(entry, there.place), holder };
      to.memory = { ...to.memory, inventory: taken(to.memory.inventory, there.key, given) };
      givers.add(from);
      takers.add(to);
      moves.push({ from: holder, to: unit });
    }
  }
  // Takers first, for stores that write file by file: a key in two inventories is told by `from`, one in none is lost.
  const touched = [...new Set([...takers, ...givers])];
  for (const state of touched) {
    ownership.setHeld(state.id, state.name.target, state.memory.inventory);
  }
  return {
    touched: new Set(touched.map((state) => state.id)),
    moves,
    changes: touched.flatMap(inventoryChange),
  };
}

/**
 * Units that are about to take an object away, each with a running pass that may still write it: the pass began while
 * the object was lent to it.
 */
export function endedLoans(
  states: ReadonlyMap<UnitId, UnitState>,
  ownership: OwnershipIndex,
  lent: readonly (readonly [UnitId, readonly ClaimKey[]])[],
): Transfer['moves'] {
  return lent.flatMap(([from, claims]) =>
    claims.flatMap((claim) =>
      ownership
        .holders(claim)
        .filter((holder) => holder !== from && isGivingUp(states.get(holder), claim))
        .map((to) => ({ from, to })),
    ),
  );
}

/** Undoes a transfer that was written by half: the key stays with the unit that it had come to. */
export function settleRestored(memories: readonly UnitMemory[]): readonly UnitMemory[] {
  const claimed = new Map<string, Set<UnitId>>();
  for (const { name, inventory } of memories) {
    for (const { ref, from } of inventory.values()) {
      if (from) claimed.set(claimOn(name.target, ref), new Set(from));
    }
  }
  if (claimed.size === 0) return memories;
  return memories.map((memory) => {
    const kept = [...memory.inventory].filter(
      ([, entry]) =>
        entry.from !== undefined ||
        !claimed.get(claimOn(memory.name.target, entry.ref))?.has(memory.id),
    );
    return kept.length === memory.inventory.size ? memory : { ...memory, inventory: new Map(kept) };
  });
}

/** The entry as a unit of another target has it. */
function placed(entry: InventoryEntry, place: Place): InventoryEntry {
  const { place: _before, ...ref } = entry.ref;
  return { ...entry, ref: place === undefined ? ref : { ...ref, place } };
}

function taken(
  inventory: Inventory,
  key: string,
  given: { readonly entry: InventoryEntry; readonly holder: UnitId },
): Inventory {
  const { entry, holder } = given;
  const known = inventory.get(key);
  const from = [...new Set([...(entry.from ?? []), ...(known?.from ?? []), holder])];
  // Revision 0: whatever revision of the new unit comes first takes it over.
  return new Map([
    ...inventory,
    [key, known ? { ...known, from } : { ...staying(entry), revision: 0, from }],
  ]);
}

function isGivingUp(state: UnitState | undefined, claim: ClaimKey): boolean {
  return state !== undefined && !wants(state.work, keyOfClaim(claim, state.name.target).key);
}

function wants(work: UnitWork, key: string): boolean {
  if (work.kind === 'broken') return true;
  if (work.kind === 'removed') return false;
  return work.desired.phases.some((phase) =>
    phase.objects.some((object) => isOurs(object) && inventoryKey(object.ref) === key),
  );
}

function without(inventory: Inventory, key: string): Inventory {
  const next = new Map(inventory);
  next.delete(key);
  return next;
}
