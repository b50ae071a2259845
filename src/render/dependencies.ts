// `sluice.dev/depends-on`: from texts to unit ids, and the cycles that must not be.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { ANNOTATION } from '../model/annotations.ts';
import { formatUnitId, parseUnitId } from '../model/unit-id.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { DependencyText } from './unit-levers.ts';
import type { Unit } from './unit.ts';

/** A unit whose dependencies are still texts. */
export interface DraftUnit {
  readonly unit: Unit;
  readonly dependencies: readonly DependencyText[];
}

/**
 * Settles the dependencies of all units; unknown ones and cycles become problems. Sorted by id.
 * @param others units that exist as well
 */
export function resolveDependencies(
  drafts: readonly DraftUnit[],
  others: Iterable<UnitId> = [],
): readonly Unit[] {
  const ids = new Set([...others, ...drafts.map(({ unit }) => unit.id)]);
  const units = drafts.map((draft) => resolve(draft, ids));
  const cycles = findCycles(units);
  const settled = cycles.size === 0 ? units : units.map((unit) => withCycle(unit, cycles));
  return settled.sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
}

function resolve({ unit, dependencies }: DraftUnit, ids: ReadonlySet<UnitId>): Unit {
  if (dependencies.length === 0) return unit;
  const found = new Set<UnitId>();
  const problems: Diagnostic[] = [];
  for (const { text, document } of dependencies) {
    const name = parseUnitId(text, unit.target);
    const id = name && formatUnitId(name);
    // In a folder, one document may well wait for "its own" unit; that is no cycle.
    if (id === unit.id && unit.documents.length > 1) continue;
    if (id !== undefined && ids.has(id)) {
      found.add(id);
      continue;
    }
    const where = document?.locate(['metadata', 'annotations', ANNOTATION.dependsOn]);
    problems.push(
      diagnostic(
        'DependencyUnknown',
        name === undefined
          ? `"${text}" is no unit id; write Kind.group/namespace/name or Folder/path`
          : `${unit.id} depends on ${text}, which does not exist${suggestion(name.kind, name.name, ids)}`,
        where ?? { file: 'sluice.yaml' },
      ),
    );
  }
  return { ...unit, dependsOn: [...found].sort(), problems: [...unit.problems, ...problems] };
}

/** Units with the same kind and name are the likeliest meaning of a wrong id. */
function suggestion(kind: string, name: string, ids: ReadonlySet<UnitId>): string {
  const near = [...ids].filter((id) => {
    const other = parseUnitId(id, '');
    return other?.kind === kind && other.name === name;
  });
  return near.length === 0 ? '' : `; did you mean ${near.sort().slice(0, 3).join(' or ')}?`;
}

function withCycle(unit: Unit, cycles: ReadonlyMap<UnitId, readonly UnitId[]>): Unit {
  const cycle = cycles.get(unit.id);
  if (cycle === undefined) return unit;
  const start = cycle.indexOf(unit.id);
  const path = [...cycle.slice(start), ...cycle.slice(0, start), unit.id];
  const message = `the units wait for each other: ${path.join(' → ')}`;
  return {
    ...unit,
    problems: [...unit.problems, diagnostic('DependencyCycle', message, unit.source)],
  };
}

/** For each unit on a cycle, one cycle through it. */
function findCycles(units: readonly Unit[]): ReadonlyMap<UnitId, readonly UnitId[]> {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const done = new Set<UnitId>();
  const found = new Map<UnitId, readonly UnitId[]>();
  for (const { id } of units) {
    if (done.has(id)) continue;
    walkFrom(id, byId, done, (cycle) => {
      for (const member of cycle) if (!found.has(member)) found.set(member, cycle);
    });
  }
  return found;
}

/** Depth first and without recursion: chains may be long. Everything reached is done afterwards. */
function walkFrom(
  root: UnitId,
  byId: ReadonlyMap<UnitId, Unit>,
  done: Set<UnitId>,
  report: (cycle: readonly UnitId[]) => void,
): void {
  const path: UnitId[] = [root];
  const nextOf: number[] = [0];
  while (path.length > 0) {
    const at = path.length - 1;
    const id = path[at] ?? root;
    const next = byId.get(id)?.dependsOn[nextOf[at] ?? 0];
    nextOf[at] = (nextOf[at] ?? 0) + 1;
    if (next === undefined) {
      path.pop();
      nextOf.pop();
      done.add(id);
    } else if (path.includes(next)) report(path.slice(path.indexOf(next)));
    else if (!done.has(next)) {
      path.push(next);
      nextOf.push(0);
    }
  }
}
