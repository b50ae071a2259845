// The signatures of the operators, for the checker; the compiler has closures of its own for them.
import { add, divide, modulo, multiply, negate, subtract } from '../arithmetic.ts';
import { equals } from '../equality.ts';
import { global, noSuchOverload, overload } from '../library.ts';
import type { FunctionDeclaration, Overload } from '../library.ts';
import { contains } from '../membership.ts';
import { compare } from '../order.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  INT,
  listOf,
  mapOf,
  STRING,
  TIMESTAMP,
  typeParam,
  UINT,
} from '../type.ts';
import type { Type } from '../type.ts';
import type { Value } from '../value.ts';

const A = typeParam('A');
const B = typeParam('B');

/** Overloads that take two values of one type and return that type. */
function closed(types: readonly Type[], call: (a: Value, b: Value) => Value): Overload[] {
  return types.map((type) => overload([type, type], type, call));
}

const ORDERED = [BOOL, INT, UINT, DOUBLE, STRING, BYTES, TIMESTAMP, DURATION];
const NUMBERS = [INT, UINT, DOUBLE];

/** Same types, and any two number types (Kubernetes 1.28, CrossTypeNumericComparisons). */
function relation(name: string, holds: (order: number) => boolean): FunctionDeclaration {
  const call = (a: Value, b: Value): boolean => holds(compare(a, b));
  const same = ORDERED.map((type) => overload([type, type], BOOL, call));
  const mixed = NUMBERS.flatMap((left) =>
    NUMBERS.filter((right) => right !== left).map((right) => overload([left, right], BOOL, call)),
  );
  return global(name, ...same, ...mixed);
}

function logical(name: string): FunctionDeclaration {
  return global(
    name,
    overload([BOOL, BOOL], BOOL, (a, b) => (name === '_||_' ? a || b : a && b)),
  );
}

export const OPERATORS: readonly FunctionDeclaration[] = [
  logical('_||_'),
  logical('_&&_'),
  global(
    '!_',
    overload([BOOL], BOOL, (value) => !value),
  ),
  global(
    '_?_:_',
    overload([BOOL, A, A], A, (condition, yes, no) => (condition ? yes : no)),
  ),
  global('_==_', overload([A, A], BOOL, equals)),
  global(
    '_!=_',
    overload([A, A], BOOL, (a, b) => !equals(a, b)),
  ),
  relation('_<_', (order) => order < 0),
  relation('_<=_', (order) => order <= 0),
  relation('_>_', (order) => order > 0),
  relation('_>=_', (order) => order >= 0),
  global(
    '_+_',
    ...closed([INT, UINT, DOUBLE, STRING, BYTES, DURATION, listOf(A)], add),
    overload([TIMESTAMP, DURATION], TIMESTAMP, add),
    overload([DURATION, TIMESTAMP], TIMESTAMP, add),
  ),
  global(
    '_-_',
    ...closed([INT, UINT, DOUBLE, DURATION], subtract),
    overload([TIMESTAMP, TIMESTAMP], DURATION, subtract),
    overload([TIMESTAMP, DURATION], TIMESTAMP, subtract),
  ),
  global('_*_', ...closed(NUMBERS, multiply)),
  global('_/_', ...closed(NUMBERS, divide)),
  global('_%_', ...closed([INT, UINT], modulo)),
  global('-_', overload([INT], INT, negate), overload([DOUBLE], DOUBLE, negate)),
  global(
    '@in',
    overload([A, listOf(A)], BOOL, (item, list) => contains(list, item)),
    overload([A, mapOf(A, B)], BOOL, (item, map) => contains(map, item)),
  ),
  global(
    '_[_]',
    overload([listOf(A), INT], A, unreachable),
    overload([mapOf(A, B), A], B, unreachable),
  ),
];

/** Indexing is compiled in place. */
function unreachable(): never {
  throw noSuchOverload();
}
