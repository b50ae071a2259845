// Taking fields out of an object.
import { isObject } from '../../model/json.ts';
import type { Json } from '../../model/json.ts';
import { childType, DEDUCED } from '../merge-type.ts';
import type { MergeType } from '../merge-type.ts';
import { setKey } from '../plain-object.ts';
import type { Writable } from '../plain-object.ts';
import type { FieldSet } from './field-set.ts';
import { fieldElement } from './field-path.ts';
import { entriesOf, formOf, itemType } from './shape.ts';

/**
 * The value without the members of the set, each with all that lies below it.
 * @returns undefined when removal left nothing of the value
 */
export function removeFields(type: MergeType, value: Json, set: FieldSet): Json | undefined {
  if (set.self) return undefined;
  if (set.children.size === 0) return value;
  const form = formOf(type, value);
  if (form === 'object' && isObject(value)) {
    const out: Writable = {};
    let removed = false;
    for (const [key, below] of Object.entries(value)) {
      if (below === undefined) continue;
      const doomed = set.children.get(fieldElement(key));
      const rest = doomed ? removeFields(childType(type, key) ?? DEDUCED, below, doomed) : below;
      if (rest === undefined) removed = true;
      else setKey(out, key, rest);
    }
    return removed && Object.keys(out).length === 0 ? undefined : out;
  }
  if (form === 'list') {
    const out: Json[] = [];
    let removed = false;
    for (const entry of entriesOf(type, value)) {
      const doomed = set.children.get(entry.element);
      const rest = doomed ? removeFields(itemType(type), entry.value, doomed) : entry.value;
      if (rest === undefined) removed = true;
      else out.push(rest);
    }
    return removed && out.length === 0 ? undefined : out;
  }
  return value;
}
