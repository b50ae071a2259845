// The wire form of a field set: `metadata.managedFields[].fieldsV1`.
import { isObject } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { setKey } from '../plain-object.ts';
import type { Writable } from '../plain-object.ts';
import { childOf, newFieldSet } from './field-set.ts';
import type { FieldSet, FieldSetBuilder } from './field-set.ts';

/** `{"f:data":{".":{},"f:a":{}}}`: `.` marks a member that has members below it, an empty object one that has none. */
export function encodeFieldsV1(set: FieldSet): JsonObject {
  const out: Writable = {};
  if (set.self && set.children.size > 0) out['.'] = {};
  for (const element of [...set.children.keys()].sort()) {
    const child = set.children.get(element);
    if (child) setKey(out, element, encodeFieldsV1(child));
  }
  return out;
}

/** Reads the wire form; what is not understood is left out, because a stranger's entry must not stop a write. */
export function decodeFieldsV1(fields: Json | undefined): FieldSet {
  const set = newFieldSet();
  if (isObject(fields)) decodeInto(set, fields);
  return set;
}

function decodeInto(set: FieldSetBuilder, fields: JsonObject): void {
  for (const [element, below] of Object.entries(fields)) {
    if (element === '.') {
      set.self = true;
      continue;
    }
    if (!/^[fkvi]:/.test(element) || !isObject(below)) continue;
    const child = childOf(set, element);
    if (Object.keys(below).length === 0) child.self = true;
    else decodeInto(child, below);
  }
}
