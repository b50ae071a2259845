// Rebuilds what is owned from the markers on live objects: for a plan without the status branch, and for a daemon
// that lost both branch and disk. Nothing is pruned before this has happened.
import { annotationsOf } from '../model/manifest.ts';
import { PRUNE_DISABLED } from '../model/annotations.ts';
import { inventoryKey } from '../model/inventory.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { refOf } from '../model/object-key.ts';
import { readMarkers } from '../model/owner-marker.ts';
import { parseUnitId } from '../model/unit-id.ts';
import type { UnitId } from '../model/unit-id.ts';
import { emptyMemory } from '../model/unit-memory.ts';
import type { UnitMemory } from '../model/unit-memory.ts';
import { KIND_PHASES, kindPhase } from '../render/kind-order.ts';
import type { LiveObject, Target } from '../targets/target.ts';

/** Memories of all units that have left markers on this target. Their phases are guessed from the kinds. */
export async function rebuildMemories(
  target: Target,
  instance: string,
  signal?: AbortSignal,
): Promise<readonly UnitMemory[]> {
  const identity = await target.identity(signal);
  const units = new Map<UnitId, Map<string, InventoryEntry>>();
  for await (const live of target.find(instance, signal)) {
    const key = refOf(live);
    const markers = readMarkers(live, key);
    if (!markers || markers.owner.instance !== instance) continue;
    const entries = units.get(markers.owner.unit) ?? new Map<string, InventoryEntry>();
    const home = parseUnitId(markers.owner.unit, target.name)?.target;
    const ref = home === target.name ? key : { ...key, place: target.name };
    const entry = entryOf(live, identity, markers.revision?.number ?? 0);
    entries.set(inventoryKey(ref), { ...entry, ref });
    units.set(markers.owner.unit, entries);
  }
  return [...units]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, inventory]) => {
      const name = parseUnitId(id, target.name);
      return name ? [{ ...emptyMemory(id, name), inventory }] : [];
    });
}

/** Units whose objects were found on several targets, put together. */
export function mergeMemories(memories: readonly UnitMemory[]): readonly UnitMemory[] {
  const byId = new Map<UnitId, UnitMemory>();
  for (const memory of memories) {
    const known = byId.get(memory.id);
    const inventory = new Map([...(known?.inventory ?? []), ...memory.inventory]);
    byId.set(memory.id, { ...memory, inventory });
  }
  return [...byId.values()];
}

function entryOf(live: LiveObject, targetIdentity: string, revision: number): InventoryEntry {
  const ref = refOf(live);
  const phase = kindPhase(ref.apiVersion, ref.kind);
  const annotations = annotationsOf(live);
  const keep = PRUNE_DISABLED.some(([key, value]) => annotations[key] === value);
  return {
    ref,
    targetIdentity,
    claim: { kind: 'applied', uid: String(live.metadata['uid'] ?? '') },
    revision,
    phase,
    phaseIndex: KIND_PHASES.indexOf(phase),
    ...(keep ? { keep } : {}),
  };
}
