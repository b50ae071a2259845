// Which target runs a phase: ours, one that its class names, or nobody here (package-operator §7.4). Pure.
import type { DesiredPhase, DesiredState } from '../model/desired.ts';

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
  if (desired.phases.every((phase) => phase.class === undefined || phase.class === target)) {
    return desired;
  }
  const phases = desired.phases.map((phase): DesiredPhase => {
    const place = phase.class;
    if (place === undefined || place === target) return phase;
    if (!isTarget(place)) return { ...phase, remote: true };
    const objects = phase.objects.map((object) => ({ ...object, ref: { ...object.ref, place } }));
    return { ...phase, objects };
  });
  return { ...desired, phases };
}
