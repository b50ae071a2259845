// Which objects a revision controls now, and whether that is all of them (package-operator §7.1). Pure.
import type { InventoryEntry } from '../../model/inventory.ts';
import { sortedEntries } from '../../model/inventory.ts';
import type { JsonObject } from '../../model/json.ts';
import type { RevisionRecord, UnitMemory } from '../../model/unit-memory.ts';

const PKO_GROUP = 'package-operator.run';

/** `status.controllerOf`, sorted by key. */
export function controllerOf(
  memory: UnitMemory,
  record: RevisionRecord | undefined,
): readonly JsonObject[] {
  return controlled(memory, record).map(({ ref }) => ({
    kind: ref.kind,
    group: ref.group,
    name: ref.name,
    ...(ref.namespace === '' ? {} : { namespace: ref.namespace }),
  }));
}

/** `status.remotePhases`: the ObjectSetPhases that stand for phases of a class. */
export function remotePhases(
  memory: UnitMemory,
  record: RevisionRecord | undefined,
): readonly JsonObject[] {
  return controlled(memory, record).flatMap(({ ref, claim }) =>
    ref.group === PKO_GROUP && ref.kind.endsWith('ObjectSetPhase') && claim.kind === 'applied'
      ? [{ name: ref.name, uid: claim.uid }]
      : [],
  );
}

/** True while some object of the revision is not (or no longer) controlled by it; external ones are never anybody's. */
export function isInTransition(memory: UnitMemory, record: RevisionRecord): boolean {
  if (record.state === 'archived') return false;
  return record.phases.some((phase) =>
    phase.objects.some((key) => {
      const entry = memory.inventory.get(key);
      return (
        entry !== undefined && (entry.revision !== record.number || entry.claim.kind !== 'applied')
      );
    }),
  );
}

function controlled(
  memory: UnitMemory,
  record: RevisionRecord | undefined,
): readonly InventoryEntry[] {
  if (!record) return [];
  return sortedEntries(memory.inventory).filter(
    (entry) => entry.revision === record.number && entry.claim.kind === 'applied',
  );
}
