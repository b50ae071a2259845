// The name that messages give a revision: what upstream's ObjectSet of it would be called (package-operator §6). Pure.
import type { RevisionRecord, UnitMemory } from '../../model/unit-memory.ts';

/** `<unit>-<hash>`; going back to an older template gives a name that is taken already, and the number tells them apart. */
export function revisionName(
  memory: UnitMemory,
  record: Pick<RevisionRecord, 'hash' | 'number'>,
): string {
  const name = `${memory.name.name}-${record.hash}`;
  return collisionCount(memory, record) === 0 ? name : `${name}-${record.number}`;
}

/** Older revisions on record with the same template: what upstream's `collisionCount` counts on a way back. */
export function collisionCount(
  memory: UnitMemory,
  record: Pick<RevisionRecord, 'hash' | 'number'>,
): number {
  return memory.revisions.filter(
    (other) => other.number < record.number && other.hash === record.hash,
  ).length;
}
