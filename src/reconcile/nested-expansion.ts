// What units ask for before anybody has applied it: level by level, as renders name it. Pure, but for the reading.
import type { DesiredObject } from '../model/desired.ts';
import { targetOfUnits } from '../model/place.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { AppliedUnit } from './nested-units.ts';
import { nestedObjects, unitOfObject } from './nesting.ts';
import type { UnitWork } from './unit-state.ts';

export interface Expansion {
  /** Everything that has been read so far; grows with what `read` reads. */
  readonly works: () => Iterable<readonly [UnitId, UnitWork]>;
  /** Whether the object needs no reading: it is what its unit is made of already. */
  readonly isRead: (unit: UnitId, object: DesiredObject) => boolean;
  /** Who asks for whom; filled. */
  readonly parentOf: Map<UnitId, UnitId>;
  readonly read: (batch: readonly AppliedUnit[]) => Promise<void>;
}

/** A little deeper than units may go, so that the limit is what is reported. */
const MAX_EXPANSION = 10;

/** Reads what units ask for, and what that asks for, as if it had been applied. */
export async function expandUnits({ works, isRead, parentOf, read }: Expansion): Promise<void> {
  const seen = new Set<UnitWork>();
  for (;;) {
    const batch: AppliedUnit[] = [];
    for (const [parent, work] of works()) {
      if (seen.has(work)) continue;
      seen.add(work);
      for (const object of nestedObjects(work)) {
        const id = unitOfObject(object.ref);
        if (id !== undefined && isRead(id, object)) continue;
        if (id !== undefined) parentOf.set(id, parent);
        if (depthOf(parent, parentOf) > MAX_EXPANSION) continue;
        batch.push(asApplied(object, parent));
      }
    }
    if (batch.length === 0) return;
    await read(batch);
  }
}

function depthOf(unit: UnitId, parentOf: ReadonlyMap<UnitId, UnitId>): number {
  let depth = 0;
  for (let at = parentOf.get(unit); at !== undefined && depth < 99; at = parentOf.get(at))
    depth += 1;
  return depth;
}

function asApplied({ ref, manifest, source }: DesiredObject, parent: UnitId): AppliedUnit {
  return {
    id: unitOfObject(ref) ?? '',
    target: targetOfUnits(ref.place) ?? '',
    parent,
    manifest,
    object: manifest,
    generation: 1,
    leaving: 'no',
    source,
    incomplete: false,
  };
}
