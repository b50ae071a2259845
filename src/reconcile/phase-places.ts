// Which target runs a phase, and which objects are units: ours, one that its class names, or nobody here (package-operator §7.4). Pure.
import type { DesiredObject, DesiredPhase, DesiredState } from '../model/desired.ts';
import { unitsPlace } from '../model/place.ts';
import { unitKind } from '../targets/units/index.ts';

/**
 * Gives the objects of a phase whose class names a target their place there; a phase of any other class is marked as
 * somebody else's.
 * @param target the unit's own
 * @param isTarget whether a target is configured
 */
export function placePhases(
  desired: DesiredState,
  target: string,
  isTarget: (name: string) => boolean,
): DesiredState {
  const phases = desired.phases.map((phase): DesiredPhase => {
    const there = phase.class ?? target;
    if (there !== target && !isTarget(there)) return { ...phase, remote: true };
    if (there === target && !phase.objects.some(isUnit)) return phase;
    const objects = phase.objects.map((object) => {
      // Kinds that are reconciled here live in a registry, whose objects are units (architecture, "Ports").
      const place = isUnit(object) ? unitsPlace(there) : there;
      return place === target ? object : { ...object, ref: { ...object.ref, place } };
    });
    return { ...phase, objects };
  });
  return phases.every((phase, index) => phase === desired.phases[index])
    ? desired
    : { ...desired, phases };
}

function isUnit({ ref }: DesiredObject): boolean {
  return unitKind(ref.apiVersion, ref.kind) !== undefined;
}
