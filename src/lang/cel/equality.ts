// Heterogeneous equality: values of different types are unequal, numbers compare by value.
import { listKind, partners } from './list-kind.ts';
import {
  Boxed,
  CelMap,
  comparableNumbers,
  Duration,
  isMap,
  mapEntries,
  mapGet,
  mapSize,
  Opaque,
  Optional,
  Timestamp,
  TypeValue,
} from './value.ts';
import type { MapValue, Value } from './value.ts';

/** Told how many elements a container has before they are compared; may throw a limit error. */
export type Meter = (elements: number) => void;

/**
 * `a == b` as cel-spec's runtime defines it: 1 == 1.0 == 1u, NaN is unequal to everything, lists and
 * maps compare by content, a value of another type is unequal (never an error).
 * @param meter charged for each nested container, so that comparing large data stays bounded
 */
export function equals(a: Value, b: Value, meter?: Meter): boolean {
  if (a === b) return typeof a === 'object' && a !== null ? equalToItself(a, meter) : true;
  if (typeof a === 'string' || typeof a === 'boolean' || a === null) return false;
  if (b === null || typeof b === 'string' || typeof b === 'boolean') return false;
  const numbers = comparableNumbers(a, b);
  // oxlint-disable-next-line eqeqeq -- number and bigint compare by exact value only with ==
  if (numbers !== undefined) return numbers[0] == numbers[1];
  if (typeof a !== 'object') return false;
  return objectsEqual(a, b, meter);
}

/** A container equals itself unless a NaN is inside; only lists and maps need the long way. */
function equalToItself(a: Value, meter?: Meter): boolean {
  if (a instanceof Boxed && !(a instanceof CelMap) && !(a instanceof Optional)) return true;
  return objectsEqual(a, a, meter);
}

function objectsEqual(a: Value, b: Value, meter?: Meter): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && listsEqual(a, b, meter);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && bytesEqual(a, b);
  if (isMap(a)) return isMap(b) && mapsEqual(a, b, meter);
  if (a instanceof Timestamp) {
    return b instanceof Timestamp && a.seconds === b.seconds && a.nanos === b.nanos;
  }
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name;
  if (a instanceof Optional) {
    if (!(b instanceof Optional)) return false;
    if (a.value === undefined || b.value === undefined) return a.value === b.value;
    return equals(a.value, b.value, meter);
  }
  return a instanceof Opaque && b instanceof Opaque && a.celType === b.celType && a.equals(b);
}

function listsEqual(a: readonly Value[], b: readonly Value[], meter?: Meter): boolean {
  if (a.length !== b.length) return false;
  meter?.(a.length);
  const kind = listKind(a);
  if (kind !== undefined) {
    const pairs = partners(a, b, kind);
    return pairs?.every(([left, right]) => equals(left, right, meter)) ?? false;
  }
  for (let index = 0; index < a.length; index++) {
    if (!equals(a[index] as Value, b[index] as Value, meter)) return false;
  }
  return true;
}

function mapsEqual(a: MapValue, b: MapValue, meter?: Meter): boolean {
  if (a instanceof CelMap || b instanceof CelMap) return mixedMapsEqual(a, b, meter);
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  meter?.(keys.length);
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) return false;
    if (!equals(a[key] as Value, b[key] as Value, meter)) return false;
  }
  return true;
}

function mixedMapsEqual(a: MapValue, b: MapValue, meter?: Meter): boolean {
  const size = mapSize(a);
  if (size !== mapSize(b)) return false;
  meter?.(size);
  for (const [key, value] of mapEntries(a)) {
    const other = mapGet(b, key);
    if (other === undefined || !equals(value, other, meter)) return false;
  }
  return true;
}

function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
