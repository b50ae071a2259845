// The name that messages give a revision: what upstream's ObjectSet of it would be called (package-operator §6). Pure.
import type { RevisionRecord, UnitMemory } from '../../model/unit-memory.ts';

/** What tells a revision apart; it need not have begun. */
export type RevisionIdentity = Pick<RevisionRecord, 'hash' | 'number'>;

/**
 * `<unit>-<hash>`; going back to a template on record gives a name that is taken already, and the number tells them
 * apart. A revision that has begun keeps its name when the older one is forgotten.
 */
export function revisionName(memory: UnitMemory, revision: RevisionIdentity): string {
  const name = `${memory.name.name}-${revision.hash}`;
  return isAgain(memory, revision) ? `${name}-${revision.number}` : name;
}

/** What a revision that begins now records of collisions: nothing while there has been none. */
export function collisionsOf(
  memory: UnitMemory,
  revision: RevisionIdentity,
): Pick<RevisionRecord, 'again' | 'collisionCount'> {
  const count = collisionCount(memory, revision);
  return {
    ...(isAgain(memory, revision) ? { again: true } : {}),
    ...(count === 0 ? {} : { collisionCount: count }),
  };
}

/**
 * How often the unit has gone back to a template that was on record, up to this revision: upstream's
 * `collisionCount`, which does not fall when old revisions are forgotten.
 */
export function collisionCount(memory: UnitMemory, revision: RevisionIdentity): number {
  const recorded = recordOf(memory, revision)?.collisionCount;
  if (recorded !== undefined) return recorded;
  const older = memory.revisions.filter(({ number }) => number < revision.number);
  const before = older.at(-1);
  const own = isAgain(memory, revision) ? 1 : 0;
  return before ? own + collisionCount(memory, before) : own;
}

function isAgain(memory: UnitMemory, revision: RevisionIdentity): boolean {
  if (recordOf(memory, revision)?.again === true) return true;
  return memory.revisions.some(
    (other) => other.number < revision.number && other.hash === revision.hash,
  );
}

function recordOf(
  memory: UnitMemory,
  { hash, number }: RevisionIdentity,
): RevisionRecord | undefined {
  return memory.revisions.find((record) => record.number === number && record.hash === hash);
}
