// Which objects a revision controls now, and whether that is all of them (package-operator §7.1). Pure.
import type { PhaseResult } from '../../apply/phase-engine.ts';
import { isApplied } from '../../apply/result.ts';
import type { ObjectOutcome } from '../../apply/result.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { inventoryKey, sortedEntries } from '../../model/inventory.ts';
import type { JsonObject } from '../../model/json.ts';
import { compareObjectKeys } from '../../model/object-key.ts';
import type { ObjectRef } from '../../model/object-key.ts';
import type { RevisionRecord, UnitMemory } from '../../model/unit-memory.ts';

/**
 * `status.controllerOf`, sorted by key; what others run is listed by what they say that they control.
 * @param phases as last seen
 */
export function controllerOf(
  memory: UnitMemory,
  record: RevisionRecord | undefined,
  phases: readonly PhaseResult[] = [],
): readonly JsonObject[] {
  const remote = remoteKeys(record);
  const own = [...controlled(memory, record), ...lentObjects(memory, phases)]
    .filter(({ ref }) => !remote.has(inventoryKey(ref)))
    .toSorted((a, b) => compareObjectKeys(a.ref, b.ref));
  const reported = phases
    .filter((phase) => phase.remote === true)
    .flatMap((phase) => [...phase.objects.values()].flatMap(({ controls = [] }) => controls));
  return [
    ...own.map(({ ref }) => ({
      kind: ref.kind,
      group: ref.group,
      name: ref.name,
      ...(ref.namespace === '' ? {} : { namespace: ref.namespace }),
    })),
    ...reported,
  ];
}

/** `status.remotePhases`: the ObjectSetPhases that stand for phases of a class. */
export function remotePhases(
  memory: UnitMemory,
  record: RevisionRecord | undefined,
): readonly JsonObject[] {
  const remote = remoteKeys(record);
  return controlled(memory, record).flatMap(({ ref, claim }) =>
    remote.has(inventoryKey(ref)) && claim.kind === 'applied'
      ? [{ name: ref.name, uid: claim.uid }]
      : [],
  );
}

/** Objects that are ours as last seen although another unit has the claim: it has not got there yet. */
export function lentObjects(
  memory: UnitMemory,
  phases: readonly PhaseResult[],
): readonly { readonly ref: ObjectRef }[] {
  return phases
    .flatMap((phase) => [...phase.objects])
    .filter(([key, { outcome }]) => isUnderControl(outcome) && !memory.inventory.has(key))
    .map(([, { ref }]) => ({ ref }));
}

function isUnderControl(outcome: ObjectOutcome): boolean {
  return isApplied(outcome) && (outcome.kind !== 'left' || outcome.ours);
}

function remoteKeys(record: RevisionRecord | undefined): ReadonlySet<string> {
  const remote = (record?.phases ?? []).filter((phase) => phase.remote === true);
  return new Set(remote.flatMap((phase) => phase.objects));
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
