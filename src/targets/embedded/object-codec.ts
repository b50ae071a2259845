// Objects as text: JSON, and JSON with marked integers where an object holds some outside of ±2^53.
import type { LiveObject } from '../target.ts';

const PLAIN = 'j';
const MARKED = 'b';
const MARK = '\u0000int:';

export function encodeObject(object: LiveObject): string {
  try {
    return PLAIN + JSON.stringify(object);
  } catch {
    // Only then is the object walked with a function, which is several times slower.
    return MARKED + JSON.stringify(object, markIntegers);
  }
}

function markIntegers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${MARK}${value}` : value;
}

export function decodeObject(text: string): LiveObject {
  const json = text.slice(1);
  if (text.startsWith(PLAIN)) return JSON.parse(json) as LiveObject;
  return JSON.parse(json, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  ) as LiveObject;
}
