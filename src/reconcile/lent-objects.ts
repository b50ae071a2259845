// Objects that another unit has claimed and not yet taken: who had them keeps them up until then (package-operator §8).
import type { DesiredObject, DesiredState } from '../model/desired.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { UnitDeps } from './unit-deps.ts';

/**
 * What a pass works on: yielded objects are reconciled as long as whoever claimed them has not got there,
 * and only watched afterwards.
 */
export function lending(
  desired: DesiredState,
  unit: UnitId,
  { isLent }: Pick<UnitDeps, 'isLent'>,
): DesiredState {
  const isYielding = desired.phases.some(({ objects }) => objects.some(isYielded));
  if (!isYielding) return desired;
  const phases = desired.phases.map((phase) => ({
    ...phase,
    objects: phase.objects.map((object) =>
      isYielded(object) && !isLent(unit, object.ref) ? { ...object, external: true } : object,
    ),
  }));
  return { ...desired, phases };
}

function isYielded(object: DesiredObject): boolean {
  return object.yielded === true;
}
