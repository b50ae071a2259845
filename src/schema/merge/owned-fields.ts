// Which fields a piece of configuration names, and so owns once it is applied.
import { isObject } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { childType, DEDUCED, isNamedField } from '../merge-type.ts';
import type { MergeType } from '../merge-type.ts';
import { childOf, fieldSetOf, newFieldSet, subtractSets } from './field-set.ts';
import type { FieldSet, FieldSetBuilder } from './field-set.ts';
import { fieldElement, fieldName } from './field-path.ts';
import { entriesOf, formOf, itemType } from './shape.ts';

/** Fields that say which object it is or that only the server writes: nobody owns them. */
const UNOWNED = fieldSetOf(
  [
    ['apiVersion'],
    ['kind'],
    ['metadata'],
    ['metadata', 'name'],
    ['metadata', 'namespace'],
    ['metadata', 'creationTimestamp'],
    ['metadata', 'selfLink'],
    ['metadata', 'uid'],
    ['metadata', 'clusterName'],
    ['metadata', 'generation'],
    ['metadata', 'managedFields'],
    ['metadata', 'resourceVersion'],
  ].map((path) => path.map(fieldElement)),
);

/** The set without fields that nobody can own. */
export function ownableFields(set: FieldSet): FieldSet {
  return subtractSets(set, UNOWNED);
}

/**
 * Every field that the value names: leaves, entries of lists, keys of maps, and empty objects and lists.
 * Objects of a schema with something in them are no members themselves.
 */
export function fieldsIn(type: MergeType, value: JsonObject): FieldSet {
  const set = newFieldSet();
  collect(set, type, value);
  return set;
}

/**
 * The set with the named fields on the way to its members added. Whoever owns all that is in a field of
 * the schema owns the field: giving up the last of it removes the field and what a server put there by itself.
 */
export function withNamedAncestors(type: MergeType, set: FieldSet): FieldSet {
  if (set.children.size === 0) return set;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const name = fieldName(element);
    const below = name === undefined ? itemType(type) : (childType(type, name) ?? DEDUCED);
    const closed = withNamedAncestors(below, child);
    const named = name !== undefined && isNamedField(type, name);
    children.set(element, named && !closed.self ? { ...closed, self: true } : closed);
  }
  return { self: set.self, children };
}

function collect(set: FieldSetBuilder, type: MergeType, value: Json): void {
  const form = formOf(type, value);
  if (form === 'object' && isObject(value)) {
    const keys = Object.keys(value).filter((key) => value[key] !== undefined);
    if (keys.length === 0) set.self = true;
    for (const key of keys) {
      const child = childOf(set, fieldElement(key));
      collect(child, childType(type, key) ?? DEDUCED, value[key] ?? null);
      if (!isNamedField(type, key)) child.self = true;
    }
    return;
  }
  if (form === 'list') {
    const entries = entriesOf(type, value);
    if (entries.length === 0) set.self = true;
    for (const entry of entries) {
      const child = childOf(set, entry.element);
      child.self = true;
      collect(child, itemType(type), entry.value);
    }
    return;
  }
  set.self = true;
}
