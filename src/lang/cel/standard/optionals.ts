// Optional values (cel-spec extension, Kubernetes 1.28).
import { celError } from '../error.ts';
import { MIN_SECONDS } from '../time.ts';
import { global, member, noSuchOverload, overload } from '../library.ts';
import type { FunctionDeclaration, Library } from '../library.ts';
import { OPTIONAL_MACROS } from '../macros.ts';
import { BOOL, listOf, optionalOf, typeParam } from '../type.ts';
import { Double, Duration, isMap, mapSize, Optional, Timestamp, Uint } from '../value.ts';
import type { Value } from '../value.ts';

const T = typeParam('T');
const OPTIONAL = optionalOf(T);
const NONE = new Optional(undefined);

function valueOf(optional: Optional): Value {
  if (optional.value === undefined) {
    throw celError('invalidArgument', 'optional.none() dereference');
  }
  return optional.value;
}

/** Zero values are what proto3 leaves out: 0, "", false, empty containers, null. */
function isZero(value: Value): boolean {
  if (value === null || value === false || value === '' || value === 0) return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Double) return value.value === 0;
  if (value instanceof Duration) return value.nanos === 0n;
  // Go's zero time is the first instant of year 1.
  if (value instanceof Timestamp) return value.seconds === MIN_SECONDS && value.nanos === 0;
  if (value instanceof Optional) return value.value === undefined;
  return isMap(value) && mapSize(value) === 0;
}

export const OPTIONALS: readonly FunctionDeclaration[] = [
  global(
    'optional.of',
    overload([T], OPTIONAL, (value) => new Optional(value)),
  ),
  global(
    'optional.none',
    overload([], OPTIONAL, () => NONE),
  ),
  global(
    'optional.ofNonZeroValue',
    overload([T], OPTIONAL, (value) => (isZero(value) ? NONE : new Optional(value))),
  ),
  global(
    'optional.unwrap',
    overload([listOf(OPTIONAL)], listOf(T), unwrap, { cost: (list) => list.length }),
  ),
  member(
    'unwrapOpt',
    overload([listOf(OPTIONAL)], listOf(T), unwrap, { cost: (list) => list.length }),
  ),
  member(
    'hasValue',
    overload([OPTIONAL], BOOL, (optional) => optional.value !== undefined),
  ),
  member('value', overload([OPTIONAL], T, valueOf)),
  // The compiler evaluates the argument of these two only where it is needed.
  member(
    'or',
    overload([OPTIONAL, OPTIONAL], OPTIONAL, (a, b) => (a.value === undefined ? b : a)),
  ),
  member(
    'orValue',
    overload([OPTIONAL, T], T, (a, b) => (a.value === undefined ? b : a.value)),
  ),
];

function unwrap(list: readonly Value[]): Value {
  const values: Value[] = [];
  for (const item of list) {
    if (!(item instanceof Optional)) throw noSuchOverload();
    if (item.value !== undefined) values.push(item.value);
  }
  return values;
}

export const optionalLibrary: Library = {
  name: 'optionals',
  functions: OPTIONALS,
  types: [optionalOf(T)],
  macros: OPTIONAL_MACROS,
};
