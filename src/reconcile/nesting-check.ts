// Judges what units ask for once all of them are read, and what becomes of units that nobody asks for any more.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { formatObjectKey } from '../model/object-key.ts';
import { unitsPlace } from '../model/place.ts';
import { parseUnitId } from '../model/unit-id.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';
import type { Unit } from '../render/index.ts';
import type { NestedReading } from './nested-intake.ts';
import { nestingProblems } from './nesting.ts';
import { claimKey } from './ownership-index.ts';
import type { ClaimKey } from './ownership-index.ts';
import type { UnitHeader, UnitWork, Works } from './unit-state.ts';

export interface NestingCheck {
  /** The works, with those refused that ask for what must not be. */
  settle(
    entries: Works,
    found: { readonly units: readonly Unit[]; readonly nested: NestedReading },
  ): Works;
}

/** Remembers what it made, so that a work that has not changed stays the same object. */
export function createNestingCheck(): NestingCheck {
  const known = new WeakMap<UnitWork, { readonly text: string; readonly work: UnitWork }>();
  return {
    settle: (entries, { units, nested }) => {
      const sources = new Map(units.map(({ id, source }) => [id, source]));
      const nesting = {
        parentOf: (id: UnitId) => nested.parentOf.get(id),
        definedIn: (id: UnitId) => (nested.parentOf.has(id) ? undefined : sources.get(id)),
      };
      const works = new Map(entries);
      for (const [id, { name, work }] of entries) {
        const problems = nestingProblems(id, work, nesting);
        if (problems.length === 0 || work.kind !== 'desired') continue;
        const text = problems.map(({ message }) => message).join('\n');
        const before = known.get(work);
        const refused = before?.text === text ? before.work : refuse(work, problems);
        known.set(work, { text, work: refused });
        works.set(id, { name, work: refused });
      }
      return works;
    },
  };
}

function refuse(
  work: Extract<UnitWork, { kind: 'desired' }>,
  problems: readonly Diagnostic[],
): UnitWork {
  const { snapshot, header, diagnostics } = work;
  return { kind: 'broken', snapshot, header, diagnostics: [...problems, ...diagnostics] };
}

/**
 * What becomes of a unit that is not among the works: torn down where its object is on its way out, kept as it is
 * where another unit will ask for it; undefined where neither is so.
 */
export function fateOfNested(
  id: UnitId,
  before: UnitWork,
  found: {
    readonly snapshot: string;
    readonly nested: NestedReading;
    readonly wanted: ReadonlyMap<ClaimKey, UnitId>;
  },
): UnitWork | undefined {
  const { snapshot, nested, wanted } = found;
  const leaving = nested.leaving.get(id);
  if (leaving) {
    const detach = leaving.leaving === 'released';
    return { kind: 'removed', snapshot, detach, ordered: true };
  }
  const name = parseUnitId(id, '');
  const parent = name && wanted.get(claimKey(unitsPlace(name.target), formatObjectKey(name)));
  if (!name || parent === undefined) {
    const wasNested = before.kind !== 'removed' && before.header.nested !== undefined;
    return wasNested ? { kind: 'removed', snapshot, detach: false, ordered: true } : undefined;
  }
  if (isChangingHands(before)) return before;
  const header = before.kind === 'removed' ? unknownHeader(name) : before.header;
  const message = `the unit goes on when ${parent}, which asks for it now, has got there`;
  const waits = diagnostic('NestingWaits', message, header.source);
  return { kind: 'broken', snapshot, header, diagnostics: [waits] };
}

/** True for a unit that no file defines any more and that another unit has not asked for yet. */
export function isChangingHands(work: UnitWork): boolean {
  return work.kind === 'broken' && work.diagnostics[0]?.code === 'NestingWaits';
}

/** After a restart nothing is known of a unit but its memory. */
function unknownHeader(name: UnitName): UnitHeader {
  return {
    apiVersion: undefined,
    source: { file: formatObjectKey(name) },
    dependsOn: [],
    suspended: false,
    suspendReason: undefined,
    detach: false,
    archived: false,
    immutableFields: undefined,
    rehearse: true,
  };
}
