// Which of a unit's availability probes speak of one object, for whoever explains what it waits for.
import { compileSelector } from './compile.ts';
import type { ProbedObject } from './result.ts';
import type { AvailabilityProbe, ProbeSpec } from './spec.ts';

/** The probes of all entries whose selector matches the object, in order; wrong selectors match nothing. */
export function probesFor(
  spec: readonly AvailabilityProbe[],
  object: ProbedObject,
): readonly ProbeSpec[] {
  return spec.flatMap((entry) => {
    const selection = compileSelector(entry.selector);
    return selection.ok && selection.selects(object) ? entry.probes : [];
  });
}
