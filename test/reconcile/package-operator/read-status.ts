// What the scenarios of the Package Operator API read from a unit.yaml of the status branch.
import { isObject, listAt, objectAt } from '../../../src/model/json.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Scenario } from '../../support/scenario.ts';

/** `status/reason: message` by type. */
export function conditionsOf(file: JsonObject | undefined): Readonly<Record<string, string>> {
  const list = listAt(objectAt(file, 'status'), 'conditions').filter(isObject);
  return Object.fromEntries(
    list.map((item) => [
      String(item['type']),
      `${String(item['status'])}/${String(item['reason'])}: ${String(item['message'])}`,
    ]),
  );
}

/** The fields of `status` besides its conditions. */
export function fieldsOf(file: JsonObject | undefined): JsonObject {
  const { conditions: _conditions, ...fields } = objectAt(file, 'status');
  return fields;
}

/** `number state` of each revision on record. */
export function revisionsOf(file: JsonObject | undefined): readonly string[] {
  return listAt(objectAt(file, 'sluice'), 'revisions')
    .filter(isObject)
    .map((revision) => `${String(revision['number'])} ${String(revision['state'])}`);
}

/** Hash of a revision on record. */
export function hashOf(file: JsonObject | undefined, number: number): string {
  const revisions = listAt(objectAt(file, 'sluice'), 'revisions').filter(isObject);
  return String(revisions.find((revision) => revision['number'] === number)?.['hash']);
}

/** Waits until a condition begins with this text, and returns the unit's file. */
export async function untilCondition(
  scenario: Scenario,
  unit: string,
  type: string,
  begins: string | undefined,
): Promise<JsonObject> {
  const status = await scenario.untilStatus(unit, ({ file }) => {
    const found = conditionsOf(file)[type];
    return begins === undefined ? found === undefined : found?.startsWith(begins) === true;
  });
  return status.file;
}
