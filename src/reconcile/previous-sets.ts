// `spec.previous` between sets of one repository: the newer set takes over what both want, and the older one only
// watches it from then on (package-operator §8). Pure, but for a memory that keeps unchanged works the same objects.
import type { DesiredObject, DesiredState } from '../model/desired.ts';
import { inventoryKey } from '../model/inventory.ts';
import { formatUnitId } from '../model/unit-id.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';
import type { UnitWork } from './unit-state.ts';

type Works = ReadonlyMap<UnitId, { readonly name: UnitName; readonly work: UnitWork }>;
type DesiredWork = Extract<UnitWork, { kind: 'desired' }>;

export interface PreviousSets {
  /** The works with everything that a successor wants only watched by the sets that it names as previous. */
  settle(entries: Works): Works;
}

interface Settled {
  readonly successors: readonly DesiredState[];
  readonly work: DesiredWork;
}

/** Remembers what it made, so that a work that has not changed stays the same object. */
export function createPreviousSets(): PreviousSets {
  const known = new WeakMap<UnitWork, Settled>();
  return {
    settle: (entries) => {
      const successors = successorsOf(entries);
      if (successors.size === 0) return entries;
      const works = new Map(entries);
      for (const [id, taking] of successors) {
        const entry = entries.get(id);
        if (!entry || entry.work.kind !== 'desired') continue;
        const before = known.get(entry.work);
        const settled =
          before && sameList(before.successors, taking)
            ? before
            : { successors: taking, work: yielding(entry.work, taking) };
        known.set(entry.work, settled);
        works.set(id, { name: entry.name, work: settled.work });
      }
      return works;
    },
  };
}

/** By previous set: what its successors want. A set that names itself, or names one that names it, is no successor. */
function successorsOf(entries: Works): ReadonlyMap<UnitId, readonly DesiredState[]> {
  const found = new Map<UnitId, DesiredState[]>();
  const named = (id: UnitId): readonly UnitId[] => {
    const entry = entries.get(id);
    if (!entry || entry.work.kind !== 'desired') return [];
    const { name } = entry;
    return (entry.work.desired.previous ?? []).map((older) =>
      formatUnitId({ ...name, name: older }),
    );
  };
  for (const [id, { work }] of entries) {
    if (work.kind !== 'desired') continue;
    for (const older of named(id)) {
      if (older === id || named(older).includes(id)) continue;
      const list = found.get(older);
      if (list) list.push(work.desired);
      else found.set(older, [work.desired]);
    }
  }
  return found;
}

function yielding(work: DesiredWork, successors: readonly DesiredState[]): DesiredWork {
  const taken = new Set(
    successors.flatMap((desired) => objectsOf(desired).map(({ ref }) => inventoryKey(ref))),
  );
  if (!objectsOf(work.desired).some(({ ref }) => taken.has(inventoryKey(ref)))) return work;
  const watched = (object: DesiredObject): DesiredObject =>
    taken.has(inventoryKey(object.ref)) ? { ...object, external: true, yielded: true } : object;
  const phases = work.desired.phases.map((phase) => ({
    ...phase,
    objects: phase.objects.map(watched),
  }));
  return { ...work, desired: { ...work.desired, phases } };
}

function objectsOf(desired: DesiredState): readonly DesiredObject[] {
  return desired.phases.flatMap((phase) => phase.objects);
}

function sameList(a: readonly DesiredState[], b: readonly DesiredState[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
