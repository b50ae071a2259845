// Which units ask for which: chains that come back to themselves or go too deep are refused where they are asked for.
// Pure.
import { findApiKind } from '../api/index.ts';
import type { DesiredObject } from '../model/desired.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import type { ObjectRef } from '../model/object-key.ts';
import { targetOfUnits } from '../model/place.ts';
import { formatUnitId } from '../model/unit-id.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { UnitWork } from './unit-state.ts';

/** Units below a unit of Git. */
export const MAX_NESTING = 8;

export interface Nesting {
  /** The unit that asks for this one; undefined for units of Git. */
  readonly parentOf: (unit: UnitId) => UnitId | undefined;
  /** Where Git defines a unit, unless the object that a parent has applied counts. */
  readonly definedIn: (unit: UnitId) => Location | undefined;
}

/** The unit that an object of a registry is, or undefined for objects of targets and for slices. */
export function unitOfObject(ref: ObjectRef): UnitId | undefined {
  const target = targetOfUnits(ref.place);
  if (target === undefined) return undefined;
  if (findApiKind(ref.apiVersion, ref.kind)?.role !== 'unit') return undefined;
  const { group, kind, namespace, name } = ref;
  return formatUnitId({ target, group, kind, namespace, name });
}

/** Objects of a unit that are units or parts of units. */
export function nestedObjects(work: UnitWork): readonly DesiredObject[] {
  if (work.kind !== 'desired') return [];
  return work.desired.phases
    .filter((phase) => phase.remote !== true)
    .flatMap((phase) => phase.objects)
    .filter(({ ref, external }) => external !== true && targetOfUnits(ref.place) !== undefined);
}

/** The unit and everything above it, nearest first. */
export function chainOf(unit: UnitId, { parentOf }: Pick<Nesting, 'parentOf'>): readonly UnitId[] {
  const chain: UnitId[] = [unit];
  for (;;) {
    const next = parentOf(chain.at(-1) ?? unit);
    if (next === undefined || chain.includes(next)) return chain;
    chain.push(next);
  }
}

/** Why a unit must not ask for what it asks for. */
export function nestingProblems(
  unit: UnitId,
  work: UnitWork,
  nesting: Nesting,
): readonly Diagnostic[] {
  const objects = nestedObjects(work);
  if (objects.length === 0) return [];
  const chain = chainOf(unit, nesting);
  return objects.flatMap(({ ref, source }): readonly Diagnostic[] => {
    const id = unitOfObject(ref);
    if (id === undefined) return [];
    const where = { ...source, object: ref };
    if (chain.includes(id)) {
      const path = [...chain.toReversed().slice(chain.toReversed().indexOf(id)), id].join(' → ');
      return [diagnostic('NestingCycle', `the units ask for each other: ${path}`, where)];
    }
    if (chain.length > MAX_NESTING) {
      const message = `${id} would be the ${chain.length}th unit below ${chain.at(-1)}; the limit is ${MAX_NESTING}`;
      return [diagnostic('NestingTooDeep', message, where)];
    }
    const git = nesting.definedIn(id);
    if (!git) return [];
    const message = `${id} is also defined in ${git.file}:${git.line ?? 1}`;
    return [diagnostic('ObjectClaimed', message, where)];
  });
}
