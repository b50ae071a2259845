// Writes CEL values as JSON text, ints of any size as digits.
import { toJson } from './to-json.ts';
import { isMap, mapEntries, Uint } from './value.ts';
import type { Value } from './value.ts';

/** One line of JSON; see `toJson` for what has no form of its own in JSON. */
export function writeJson(value: Value): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint) return value.value.toString();
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(writeJson).join(',')}]`;
  if (!isMap(value)) return JSON.stringify(toJson(value));
  const entries = Array.from(mapEntries(value), ([key, item]) => {
    const name = typeof key === 'string' ? key : writeJson(key);
    return `${JSON.stringify(name)}:${writeJson(item)}`;
  });
  return `{${entries.join(',')}}`;
}
