// What leaves: inventory entries that nothing desires any more, in the order and with the proof that deleting needs.
import type { Inventory, InventoryEntry } from '../model/inventory.ts';
import { compareObjectKeys } from '../model/object-key.ts';
import { readMarkers } from '../model/owner-marker.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { LiveObject, ReadResult } from '../targets/target.ts';
import { isClaimed, provesOwnership } from './situation.ts';

/** Entries whose key is not desired, grouped for removal: latest phase first, keys sorted inside a group. */
export function leftovers(
  inventory: Inventory,
  desired: ReadonlySet<string>,
): readonly (readonly InventoryEntry[])[] {
  const groups = new Map<number, InventoryEntry[]>();
  for (const [key, entry] of inventory) {
    if (desired.has(key)) continue;
    const group = groups.get(entry.phaseIndex);
    if (group) group.push(entry);
    else groups.set(entry.phaseIndex, [entry]);
  }
  return [...groups.entries()]
    .toSorted(([a], [b]) => b - a)
    .map(([, entries]) => entries.toSorted((a, b) => compareObjectKeys(a.ref, b.ref)));
}

export interface RemovalContext {
  readonly instance: string;
  readonly unit: UnitId;
  readonly manager: string;
  readonly targetIdentity: string;
  /** The unit goes, its objects stay (`sluice.dev/detach`). */
  readonly detach: boolean;
  /** Why nothing may be deleted on the target now; undefined when it may. */
  readonly hold: string | undefined;
}

export type RemovalDecision =
  /** Not there any more: the entry can go. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'delete'; readonly live: LiveObject }
  /** Already being deleted. */
  | { readonly kind: 'terminating'; readonly live: LiveObject }
  /** Stays; only our markers are taken off. */
  | { readonly kind: 'release'; readonly live: LiveObject; readonly reason: string }
  | {
      readonly kind: 'held';
      readonly reason: string;
      readonly code: 'PruneHeld' | 'OwnershipUnproven' | 'TargetIdentityChanged';
    }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Decides about one entry. Deleting needs the entry, proof on the live object, and later a uid precondition. */
export function decideRemoval(
  entry: InventoryEntry,
  observed: ReadResult,
  context: RemovalContext,
): RemovalDecision {
  if (entry.targetIdentity !== context.targetIdentity) {
    return {
      kind: 'held',
      code: 'TargetIdentityChanged',
      reason: `recorded on another target (${entry.targetIdentity})`,
    };
  }
  switch (observed.state) {
    case 'absent':
    case 'unknownKind':
      return { kind: 'gone' };
    case 'unreadable':
      return { kind: 'unreadable', message: observed.reason };
    case 'terminating':
      return { kind: 'terminating', live: observed.object };
    case 'live':
      return decideLiveRemoval(entry, observed.object, context);
  }
}

function decideLiveRemoval(
  entry: InventoryEntry,
  live: LiveObject,
  context: RemovalContext,
): RemovalDecision {
  const { instance, manager, unit } = context;
  const units = [unit, ...(entry.from ?? [])];
  if (!provesOwnership(live, entry, { instance, units, manager })) {
    // Planned but never made by us, or ours is gone and its name was taken: somebody else's object.
    if (!isClaimed(live, entry.claim)) return { kind: 'gone' };
    // Another instance has put its marker on it: it is left alone (package-operator §7.2).
    const marker = readMarkers(live, entry.ref)?.owner;
    if (marker && marker.instance !== instance) return { kind: 'gone' };
    const reason = 'the live object carries no marker of this unit';
    return { kind: 'held', code: 'OwnershipUnproven', reason };
  }
  if (context.hold !== undefined) return { kind: 'held', code: 'PruneHeld', reason: context.hold };
  if (context.detach) return { kind: 'release', live, reason: 'sluice.dev/detach' };
  if (entry.keep === true)
    return { kind: 'release', live, reason: 'pruning is disabled on the object or its unit' };
  return { kind: 'delete', live };
}
