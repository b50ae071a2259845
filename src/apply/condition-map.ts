// Carries conditions of an object over to its unit, as its condition map says (package-operator §8, "Condition mapping").
import type { ConditionInput, ConditionStatus } from '../model/conditions.ts';
import type { ConditionMapping, DesiredObject } from '../model/desired.ts';
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../model/json.ts';

/** What is wrong with the conditions of an object that belong on its unit, never with a value in it. */
export function conditionFault(live: JsonObject, desired: DesiredObject): string | undefined {
  if (desired.copyConditions !== true && desired.conditionMappings.length === 0) return undefined;
  const status = live['status'];
  const conditions = isObject(status) ? status['conditions'] : undefined;
  if (conditions === undefined || conditions === null) return undefined;
  if (!Array.isArray(conditions)) return 'status.conditions is no list';
  for (const [index, item] of (conditions as JsonArray).entries()) {
    const place = `status.conditions[${index}]`;
    if (!isObject(item)) return `${place} is no map`;
    const wrong = TEXTS.find((field) => !isText(item[field]));
    if (wrong !== undefined) return `${place}.${wrong} is no text`;
    if (!isStatus(stringAt(item, 'status'))) {
      return `${place}.status is neither "True" nor "False" nor "Unknown"`;
    }
  }
  return undefined;
}

const TEXTS = ['type', 'reason', 'message'] as const;

/** Reason and message may be left out; a condition without a type is found by no mapping. */
function isText(value: Json | undefined): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

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
