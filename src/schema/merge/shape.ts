// How one value is to be walked: the type where there is one, the value's own form where there is not.
import { isObject } from '../../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../../model/json.ts';
import type { ListKey, MergeType } from '../merge-type.ts';
import { keyElement, valueElement } from './field-path.ts';
import type { PathElement } from './field-set.ts';

export type Form = 'leaf' | 'object' | 'list';

/** Whether values of this type are walked into, judged by the first of them that says anything. */
export function formOf(type: MergeType, ...values: readonly (Json | undefined)[]): Form {
  switch (type.shape) {
    case 'atomic':
    case 'scalar':
      return 'leaf';
    case 'list':
    case 'set':
      return values.some((value) => Array.isArray(value)) ? 'list' : 'leaf';
    case 'struct':
    case 'map':
    case 'open':
      return values.some(isObject) ? 'object' : 'leaf';
  }
}

/** The object, or an empty one in place of null and other forms. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export interface Entry {
  readonly element: PathElement;
  readonly value: Json;
}

/**
 * The entries of a keyed list or set, in order; of entries with the same name the last one counts
 * (an apply with such a list is refused before it comes here).
 */
export function entriesOf(type: MergeType, value: Json | undefined): readonly Entry[] {
  if (!Array.isArray(value)) return [];
  const entries = new Map<PathElement, Entry>();
  for (const item of value as JsonArray) {
    const element = elementOf(type, item);
    entries.set(element, { element, value: item });
  }
  return [...entries.values()];
}

/** The type of the entries of a list or set. */
export function itemType(type: MergeType): MergeType {
  return type.shape === 'list' ? type.item : { shape: 'scalar', type: 'any' };
}

function elementOf(type: MergeType, item: Json): PathElement {
  const keys: readonly ListKey[] = type.shape === 'list' ? type.keys : [];
  return keys.length > 0 ? keyElement(item, keys) : valueElement(item);
}
