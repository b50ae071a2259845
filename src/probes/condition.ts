// The `condition` probe: a condition of the object has a certain status (package-operator §9).
import { generationOf, integerAt, isMap, valueAt, textAt } from './object-fields.ts';
import { failed, passed, unknown } from './result.ts';
import type { ProbeResult, Prober } from './result.ts';
import type { ConditionSpec } from './spec.ts';

/** The first condition of the type decides; one that speaks of an older generation decides nothing. */
export function conditionProber(spec: ConditionSpec): Prober {
  return { probe: (object) => probeCondition(spec, object) };
}

function probeCondition(spec: ConditionSpec, object: unknown): ProbeResult {
  const conditions = valueAt(object, 'status', 'conditions');
  if (conditions === undefined) return unknown('missing .status.conditions');
  if (!Array.isArray(conditions)) return unknown('malformed .status.conditions');
  const name = `.status.condition["${spec.type}"]`;
  for (const condition of conditions as readonly unknown[]) {
    if (!isMap(condition)) return unknown('malformed .status.conditions');
    if (condition['type'] !== spec.type) continue;
    const observed = integerAt(condition, 'observedGeneration');
    if (observed !== undefined && observed !== generationOf(object)) {
      return unknown(`${name} outdated`);
    }
    const status = textAt(condition, 'status') ?? 'unset';
    const message = `${name} is ${status}`;
    return status === spec.status ? passed(message) : failed(message);
  }
  return unknown(`missing ${name}`);
}
