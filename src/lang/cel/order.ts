// The order of CEL values, for `<` and for the list functions that sort.
import { celError } from './error.ts';
import { Boxed, comparableNumbers, Duration, Timestamp } from './value.ts';
import type { Value } from './value.ts';

/**
 * Compares two values as `<` does: numbers of any type by value, strings by code point, bytes, bools,
 * timestamps, durations.
 * @returns negative, 0 or positive; NaN where one side is NaN
 * @throws CelError `noSuchOverload` for values that have no order among each other
 */
export function compare(a: Value, b: Value): number {
  const order = compareOrUndefined(a, b);
  if (order === undefined) throw celError('noSuchOverload', 'no such overload');
  return order;
}

/** As `compare`, but undefined where the two values have no order. */
function compareOrUndefined(a: Value, b: Value): number | undefined {
  if (typeof a === 'string') return typeof b === 'string' ? compareStrings(a, b) : undefined;
  const numbers = comparableNumbers(a, b);
  if (numbers !== undefined) {
    const [left, right] = numbers;
    if (left < right) return -1;
    if (left > right) return 1;
    return Number.isNaN(left) || Number.isNaN(right) ? NaN : 0;
  }
  if (typeof a === 'boolean') return typeof b === 'boolean' ? Number(a) - Number(b) : undefined;
  if (a instanceof Uint8Array) return b instanceof Uint8Array ? compareBytes(a, b) : undefined;
  if (a instanceof Boxed) return compareTimes(a, b);
  return undefined;
}

function compareTimes(a: Boxed, b: Value): number | undefined {
  if (a instanceof Timestamp && b instanceof Timestamp) {
    return a.seconds === b.seconds ? a.nanos - b.nanos : a.seconds - b.seconds;
  }
  if (a instanceof Duration && b instanceof Duration) {
    if (a.nanos === b.nanos) return 0;
    return a.nanos < b.nanos ? -1 : 1;
  }
  return undefined;
}

/** By code point, which is the order of the UTF-8 bytes that Go compares. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  for (let index = 0; index < end; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    // Surrogates stand for code points above all of the BMP.
    const leftHigh = left >= 0xd800 && left <= 0xdfff;
    const rightHigh = right >= 0xd800 && right <= 0xdfff;
    if (leftHigh !== rightHigh) return leftHigh ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const end = Math.min(a.length, b.length);
  for (let index = 0; index < end; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
