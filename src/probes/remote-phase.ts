// The gate of a phase that somebody else runs: what its ObjectSetPhase says of itself (package-operator §7.4).
import { generationOf, integerAt, isMap, textAt, valueAt } from './object-fields.ts';
import { failed, passed } from './result.ts';
import type { ProbedObject, ProbeResult } from './result.ts';

/** Available counts only where it speaks of the newest generation. */
export function probeRemotePhase(live: ProbedObject): ProbeResult {
  const conditions = valueAt(live, 'status', 'conditions');
  const available = (Array.isArray(conditions) ? (conditions as readonly unknown[]) : []).find(
    (condition) => isMap(condition) && condition['type'] === 'Available',
  );
  if (integerAt(available, 'observedGeneration') !== generationOf(live)) {
    return failed('no status reported');
  }
  if (textAt(available, 'status') === 'True') return passed();
  return failed(textAt(available, 'message') ?? 'no status reported');
}
