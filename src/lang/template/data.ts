// Turns plain JavaScript data, such as a YAML reader gives, into template values.
import type { NumberMode } from './json.ts';
import { wellFormed } from './json.ts';
import { INT64 } from './type.ts';
import type { Value } from './value.ts';
import { GoList, GoMap, integer } from './value.ts';

/** Plain data: what JSON can carry, and `bigint` for integers that a number cannot. */
export type PlainData =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PlainData[]
  | { readonly [key: string]: PlainData };

/**
 * A copy of plain data as template values. Only own enumerable properties are read, and `Map`s are
 * taken as maps; nothing of a prototype gets in.
 * @param numbers `float64`: every number; `int64`: integral numbers become int64
 * @throws TypeError for values that are no data, such as functions, and for bottomless nesting
 */
export function fromPlain(data: unknown, numbers: NumberMode): Value {
  try {
    return convert(data, numbers);
  } catch (error) {
    if (error instanceof RangeError) throw new TypeError('template data is nested too deeply');
    throw error;
  }
}

function convert(data: unknown, numbers: NumberMode): Value {
  switch (typeof data) {
    case 'undefined':
      return null;
    case 'boolean':
      return data;
    case 'string':
      return wellFormed(data);
    case 'number':
      return numbers === 'int64' && Number.isSafeInteger(data) ? integer(INT64, data) : data;
    case 'bigint':
      return numbers === 'int64' ? integer(INT64, data) : Number(data);
    case 'object':
      return fromObject(data, numbers);
    default:
      throw new TypeError(`no template data: ${typeof data}`);
  }
}

function fromObject(data: object | null, numbers: NumberMode): Value {
  if (data === null) return null;
  if (data instanceof Uint8Array) return data;
  if (Array.isArray(data)) return new GoList(data.map((item) => convert(item, numbers)));
  const entries = new Map<string, Value>();
  const pairs: Iterable<[unknown, unknown]> = data instanceof Map ? data : Object.entries(data);
  for (const [key, value] of pairs) {
    entries.set(wellFormed(String(key)), convert(value, numbers));
  }
  return new GoMap(entries);
}
