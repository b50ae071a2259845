// Objects that one unit of a snapshot has and another one takes, phase by phase. Pure, but for a memory that keeps
// unchanged works the same objects.
import { isOurs } from '../model/desired.ts';
import type { DesiredObject } from '../model/desired.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';
import { claimOn } from './ownership-index.ts';
import type { ClaimKey } from './ownership-index.ts';
import type { UnitWork, Works } from './unit-state.ts';

/** What others take, by whom they take it from; it may be more than that one has. */
export type Yields = ReadonlyMap<UnitId, ReadonlySet<ClaimKey>>;

export interface Yielding {
  /** The works with everything marked that their unit gives up. */
  settle(entries: Works, yields: Yields): Works;
}

interface Settled {
  readonly keys: string;
  readonly work: UnitWork;
}

/** Remembers what it made, so that a work that has not changed stays the same object. */
export function createYielding(): Yielding {
  const known = new WeakMap<UnitWork, Settled>();
  return {
    settle: (entries, yields) => {
      if (yields.size === 0) return entries;
      const works = new Map(entries);
      for (const [id, claims] of yields) {
        const entry = entries.get(id);
        if (!entry) continue;
        const { name, work } = entry;
        const given = claimsOf(name, work).filter((claim) => claims.has(claim));
        if (given.length === 0) continue;
        const keys = given.toSorted().join('\n');
        const before = known.get(work);
        const settled =
          before?.keys === keys ? before : { keys, work: yieldingWork(work, name, claims) };
        known.set(work, settled);
        works.set(id, { name, work: settled.work });
      }
      return works;
    },
  };
}

/** The claims that a unit would make if nobody else were there. */
export function claimsOf(name: UnitName, work: UnitWork): readonly ClaimKey[] {
  if (work.kind !== 'desired') return [];
  return work.desired.phases
    .filter((phase) => phase.remote !== true)
    .flatMap(({ objects }) => objects)
    .filter(isOurs)
    .map(({ ref }) => claimOn(name.target, ref));
}

/** What a unit gives up to others, as far as a pass of it may still write it. */
export function yieldedClaims(name: UnitName, work: UnitWork): readonly ClaimKey[] {
  if (work.kind !== 'desired') return [];
  return work.desired.phases
    .flatMap(({ objects }) => objects)
    .filter(({ yielded }) => yielded === true)
    .map(({ ref }) => claimOn(name.target, ref));
}

function yieldingWork(work: UnitWork, name: UnitName, claims: ReadonlySet<ClaimKey>): UnitWork {
  if (work.kind !== 'desired') return work;
  const yielded = (object: DesiredObject): DesiredObject =>
    isOurs(object) && claims.has(claimOn(name.target, object.ref))
      ? { ...object, yielded: true }
      : object;
  const phases = work.desired.phases.map((phase) =>
    phase.remote === true ? phase : { ...phase, objects: phase.objects.map(yielded) },
  );
  return { ...work, desired: { ...work.desired, phases } };
}
