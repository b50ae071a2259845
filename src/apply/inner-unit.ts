// What a unit inside a unit says of itself, for whoever waits for it: one hop, and not more than a line.
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { ObjectRef } from '../model/object-key.ts';
import { targetOfUnits } from '../model/place.ts';
import type { LiveObject } from '../targets/target.ts';

const MAX_LENGTH = 300;

/** `<reason>: <message>` of its condition Ready; undefined for other objects, and while it is ready or says nothing. */
export function innerReason(live: LiveObject, ref: ObjectRef): string | undefined {
  if (targetOfUnits(ref.place) === undefined) return undefined;
  const conditions = listAt(objectAt(live, 'status'), 'conditions').filter(isObject);
  const ready = conditions.find((item) => item['type'] === 'Ready');
  if (!ready || ready['status'] === 'True') return undefined;
  const text = `${stringAt(ready, 'reason') ?? ''}: ${stringAt(ready, 'message') ?? ''}`;
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}
