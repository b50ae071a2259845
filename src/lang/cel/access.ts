// Reading fields, keys and elements. Only own properties are ever looked at.
import { celError } from './error.ts';
import { noSuchOverload } from './library.ts';
import {
  Boxed,
  CelMap,
  Double,
  isJsonMap,
  isMap,
  mapGet,
  numericValue,
  Optional,
  Uint,
} from './value.ts';
import type { JsonMap, Value } from './value.ts';

const PLAIN = Object.prototype as unknown as Readonly<Record<string, Value | undefined>>;

/**
 * The frequent case of a selection: a plain object that has the field. What is not found here is
 * looked for once more with `hasOwn`; a value that the prototype does not have is the object's own.
 */
export function ownField(value: Value, name: string): Value | undefined {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== PLAIN) {
    return undefined;
  }
  const found = (value as Readonly<Record<string, Value>>)[name];
  return found !== undefined && PLAIN[name] === undefined ? found : undefined;
}

/** `value.name`: undefined where the map has no such field; throws where the value is no map. */
export function field(value: Value, name: string): Value | undefined {
  if (typeof value === 'object' && value !== null) {
    if (isJsonMap(value)) {
      return Object.hasOwn(value, name) ? (value as JsonMap)[name] : undefined;
    }
    if (value instanceof CelMap) return value.get(name);
  }
  throw noSuchOverload();
}

/** `value.name` with an error for what is not there. */
export function fieldOrThrow(value: Value, name: string, offset: number): Value {
  if (value instanceof Optional) return optionalField(value, name, offset);
  // Values without fields answer as a map without the key does, as in cel-go.
  const found = isMap(value) ? field(value, name) : undefined;
  if (found !== undefined) return found;
  throw celError('noSuchKey', `no such key: ${name}`, offset);
}

/** `value.?name`, and `.name` on an optional: an optional again. */
export function optionalField(value: Value, name: string, offset: number): Optional {
  if (value instanceof Optional) {
    return value.value === undefined ? value : optionalField(value.value, name, offset);
  }
  if (!isMap(value)) throw celError('noSuchKey', `no such key: ${name}`, offset);
  return new Optional(field(value, name));
}

/** `has(value.name)`. A key with a null value is there; values without fields have none. */
export function hasField(value: Value, name: string): boolean {
  if (value instanceof Optional) return value.value !== undefined && hasField(value.value, name);
  return isMap(value) && field(value, name) !== undefined;
}

/**
 * `value[index]`.
 * @param shown how messages name the index; undefined where it is object data
 */
export function element(value: Value, index: Value, at: IndexSite): Value {
  if (value instanceof Optional) return optionalElement(value, index, at.offset);
  const found = lookup(value, index, at.offset);
  if (found !== undefined) return found;
  const shown = at.shown === undefined ? '' : `: ${at.shown}`;
  if (Array.isArray(value)) {
    throw celError('indexOutOfBounds', `index out of bounds${shown}`, at.offset);
  }
  throw celError('noSuchKey', `no such key${shown}`, at.offset);
}

/** Where an index stands in the expression, and its text if it is a literal there. */
export interface IndexSite {
  readonly offset: number;
  readonly shown: string | undefined;
}

/** `value[?index]`, and `[index]` on an optional. */
export function optionalElement(value: Value, index: Value, offset: number): Optional {
  if (value instanceof Optional) {
    return value.value === undefined ? value : optionalElement(value.value, index, offset);
  }
  return new Optional(lookup(value, index, offset));
}

function lookup(value: Value, index: Value, offset: number): Value | undefined {
  if (Array.isArray(value)) {
    const position = listIndex(index);
    if (position === undefined) throw celError('invalidArgument', 'invalid list index', offset);
    return (value as readonly Value[])[position];
  }
  if (!isMap(value)) throw celError('noSuchOverload', 'no such overload', offset);
  // A key of a type that no map can have is a key that is not there.
  return isKey(index) ? mapGet(value, index) : undefined;
}

/** Lists take ints, and uints and doubles that are whole numbers. */
function listIndex(index: Value): number | undefined {
  if (typeof index === 'number') return Number.isInteger(index) ? index : undefined;
  if (index instanceof Double) return index.value;
  if (typeof index === 'bigint') return -1;
  return index instanceof Uint ? Number(index.value) : undefined;
}

function isKey(index: Value): boolean {
  if (index === null || typeof index !== 'object') return true;
  return index instanceof Boxed && numericValue(index) !== undefined;
}
