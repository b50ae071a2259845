// Carries conditions of an object over to its unit, as its condition map says (package-operator §8, "Condition mapping").
import type { ConditionInput, ConditionStatus } from '../model/conditions.ts';
import type { ConditionMapping, DesiredObject } from '../model/desired.ts';
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';

/** The conditions of an object that belong on its unit. */
export function unitConditions(
  live: JsonObject,
  desired: DesiredObject,
): readonly ConditionInput[] {
  if (desired.copyConditions !== true) return mapConditions(live, desired.conditionMappings);
  const types = listAt(objectAt(live, 'status'), 'conditions').flatMap((condition) =>
    isObject(condition) ? (stringAt(condition, 'type') ?? []) : [],
  );
  const same = types.map((type) => ({ sourceType: type, destinationType: type }));
  return mapConditions(live, same);
}

/** Mapped conditions; one whose observedGeneration is outdated is skipped. */
export function mapConditions(
  live: JsonObject,
  mappings: readonly ConditionMapping[],
): readonly ConditionInput[] {
  if (mappings.length === 0) return [];
  const generation = objectAt(live, 'metadata')['generation'];
  const found: ConditionInput[] = [];
  for (const condition of listAt(objectAt(live, 'status'), 'conditions')) {
    if (!isObject(condition)) continue;
    const observed = condition['observedGeneration'];
    if (observed !== undefined && observed !== 0 && observed !== generation) continue;
    const mapping = mappings.find((entry) => entry.sourceType === stringAt(condition, 'type'));
    const status = stringAt(condition, 'status');
    if (!mapping || !isStatus(status)) continue;
    found.push({
      type: mapping.destinationType,
      status,
      reason: stringAt(condition, 'reason') ?? '',
      message: stringAt(condition, 'message') ?? '',
    });
  }
  return found;
}

function isStatus(text: string | undefined): text is ConditionStatus {
  return text === 'True' || text === 'False' || text === 'Unknown';
}
