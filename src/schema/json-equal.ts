// Whether two pieces of plain data are the same to an API server.
import { isObject } from '../model/json.ts';
import type { Json } from '../model/json.ts';

/** Deep equality; the order of object keys does not count, and 1 equals 1n. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a === 'bigint' || typeof b === 'bigint') return equalNumbers(a, b);
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => equalJson(item as Json, b[index] as Json));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  const others = Object.keys(b).filter((key) => b[key] !== undefined);
  if (keys.length !== others.length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key], b[key]));
}

function equalNumbers(a: Json | undefined, b: Json | undefined): boolean {
  const numeric = (value: Json | undefined): value is number | bigint =>
    typeof value === 'number' || typeof value === 'bigint';
  // oxlint-disable-next-line eslint/eqeqeq -- == compares number and bigint by value
  return numeric(a) && numeric(b) && a == b;
}
