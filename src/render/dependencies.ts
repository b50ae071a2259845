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

/** Settles the dependencies of all units; unknown ones and cycles become problems. Sorted by id. */
export function resolveDependencies(drafts: readonly DraftUnit[]): readonly Unit[] {
  const ids = new Set(drafts.map(({ unit }) => unit.id));
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

/** For each unit on a cycle, one cycle through it. Walks without recursion: chains may be long. */
function findCycles(units: readonly Unit[]): ReadonlyMap<UnitId, readonly UnitId[]> {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const done = new Set<UnitId>();
  const found = new Map<UnitId, readonly UnitId[]>();
  for (const { id: root } of units) {
    if (done.has(root)) continue;
    const path: UnitId[] = [];
    const onPath = new Set<UnitId>();
    const open: { readonly id: UnitId; next: number }[] = [{ id: root, next: 0 }];
    path.push(root);
    onPath.add(root);
    while (open.length > 0) {
      const frame = open[open.length - 1];
      if (frame === undefined) break;
      const next = byId.get(frame.id)?.dependsOn[frame.next++];
      if (next === undefined) {
        open.pop();
        path.pop();
        onPath.delete(frame.id);
        done.add(frame.id);
      } else if (onPath.has(next)) {
        const cycle = path.slice(path.indexOf(next));
        for (const id of cycle) if (!found.has(id)) found.set(id, cycle);
      } else if (!done.has(next)) {
        open.push({ id: next, next: 0 });
        path.push(next);
        onPath.add(next);
      }
    }
  }
  return found;
}
