// List functions of Kubernetes (isSorted, sum, min, max, indexOf, lastIndexOf, includes) and of
// cel-go's lists extension version 3 (slice, flatten, range, sort, sortBy, distinct, reverse, first, last).
import { add } from '../arithmetic.ts';
import type { Expr, MacroContext } from '../ast.ts';
import { equals } from '../equality.ts';
import { celError } from '../error.ts';
import { global, member, noSuchOverload, overload } from '../library.ts';
import type { Library, Macro } from '../library.ts';
import { compare } from '../order.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  optionalOf,
  STRING,
  TIMESTAMP,
  typeParam,
  UINT,
} from '../type.ts';
import type { Type } from '../type.ts';
import { Double, Duration, numericValue, Optional, typeName, Uint } from '../value.ts';
import type { Int, List, Value } from '../value.ts';
import { above, listCost, pairsCost, traversalCost } from './cost.ts';

const T = typeParam('T');
const LIST = listOf(T);
const COMPARABLE: readonly Type[] = [INT, UINT, DOUBLE, BOOL, DURATION, TIMESTAMP, STRING, BYTES];
const ZEROS: readonly (readonly [type: Type, zero: Value])[] = [
  [INT, 0],
  [UINT, new Uint(0n)],
  [DOUBLE, new Double(0)],
  [DURATION, new Duration(0n)],
];

/** Longest range, whatever the cost limit. */
const MAX_RANGE = 10_000_000;

const traversal = { cost: (list: List) => above(traversalCost(list)) };
const copy = { cost: (list: List) => listCost(list.length) };
const selfCompare = { cost: (list: List) => listCost(pairsCost(list, list, 2)) };

/** What Kubernetes adds to CEL's lists. */
export const lists: Library = {
  name: 'kubernetes.lists',
  functions: [
    member(
      'isSorted',
      ...COMPARABLE.map((type) => overload([listOf(type)], BOOL, isSorted, traversal)),
    ),
    member(
      'sum',
      ...ZEROS.map(([type, zero]) =>
        overload([listOf(type)], type, (list) => sum(list, zero), traversal),
      ),
    ),
    member(
      'min',
      ...COMPARABLE.map((type) =>
        overload([listOf(type)], type, (list) => extreme(list, 1), traversal),
      ),
    ),
    member(
      'max',
      ...COMPARABLE.map((type) =>
        overload([listOf(type)], type, (list) => extreme(list, -1), traversal),
      ),
    ),
    member(
      'indexOf',
      overload([LIST, T], INT, (list, item) => list.findIndex((x) => equals(x, item)), traversal),
    ),
    member(
      'lastIndexOf',
      overload(
        [LIST, T],
        INT,
        (list, item) => list.findLastIndex((x) => equals(x, item)),
        traversal,
      ),
    ),
    member(
      'includes',
      overload([DYN, DYN], BOOL, includes, {
        cost: (target) => (Array.isArray(target) ? above(traversalCost(target)) : 0),
      }),
    ),
  ],
};

const sortBy: Macro = { name: 'sortBy', member: true, arity: 2, expand: expandSortBy };

/** The lists extension of cel-go, version 3. */
export const listsExt: Library = {
  name: 'lists',
  functions: [
    member(
      'slice',
      overload([LIST, INT, INT], LIST, slice, {
        cost: (list, start, end) =>
          listCost(Math.min(list.length, Math.max(0, Number(end) - Number(start)))),
      }),
    ),
    member(
      'flatten',
      overload([listOf(LIST)], LIST, (list) => list.flat(1), { cost: (list) => flatCost(list, 1) }),
      overload([listOf(DYN), INT], listOf(DYN), flatten, { cost: flatCost }),
    ),
    global(
      'lists.range',
      overload([INT], listOf(INT), range, { cost: (size) => listCost(Number(size)) }),
    ),
    member(
      'sort',
      ...COMPARABLE.map((type) => overload([listOf(type)], listOf(type), sort, selfCompare)),
    ),
    member(
      '@sortByAssociatedKeys',
      ...COMPARABLE.map((type) =>
        overload([LIST, listOf(type)], LIST, sortByKeys, {
          cost: (_list, keys) => selfCompare.cost(keys),
        }),
      ),
    ),
    member('distinct', overload([LIST], LIST, distinct, selfCompare)),
    member(
      'reverse',
      overload([LIST], LIST, (list) => list.toReversed(), copy),
    ),
    member(
      'first',
      overload([LIST], optionalOf(T), (list) => new Optional(list[0])),
    ),
    member(
      'last',
      overload([LIST], optionalOf(T), (list) => new Optional(list.at(-1))),
    ),
  ],
  macros: [sortBy],
};

function isSorted(list: List): boolean {
  return list.every((element, index) => {
    // The first element is compared with itself: something without an order is an error.
    const before = list[Math.max(0, index - 1)] as Value;
    return !(compare(before, element) > 0);
  });
}

/** Numbers of one type or durations; an overflow on the way is an error even if it evens out. */
function sum(list: List, zero: Value): Value {
  const [first = zero, ...rest] = list;
  const summable = numericValue(first) !== undefined || first instanceof Duration;
  if (!summable) throw noSuchOverload();
  return rest.reduce((total, element) => add(total, element), first);
}

/** The least (`worse` 1) or greatest (`worse` -1) element; the first of equal ones. */
function extreme(list: List, worse: 1 | -1): Value {
  const [first, ...rest] = list;
  if (first === undefined) {
    throw celError('invalidArgument', `${worse === 1 ? 'min' : 'max'} called on empty list`);
  }
  let best = first;
  compare(best, best);
  for (const element of rest) {
    if (Math.sign(compare(best, element)) === worse) best = element;
  }
  return best;
}

function includes(target: Value, item: Value): boolean {
  if (Array.isArray(target)) return (target as List).some((element) => equals(element, item));
  return equals(target, item);
}

function slice(list: List, start: Int, end: Int): List {
  if (start < 0 || end < 0) throw celError('invalidArgument', 'slice with a negative index');
  if (start > end) throw celError('invalidArgument', 'slice with its start after its end');
  if (end > list.length) throw celError('indexOutOfBounds', 'slice beyond the end of the list');
  return list.slice(Number(start), Number(end));
}

function flatten(list: List, depth: Int): List {
  if (depth < 0) throw celError('invalidArgument', 'flatten with a negative depth');
  return flattenTo(list, Number(depth));
}

function flattenTo(list: List, depth: number): Value[] {
  const flat: Value[] = [];
  for (const element of list) {
    if (depth === 0 || !Array.isArray(element)) flat.push(element);
    else for (const nested of flattenTo(element as List, depth - 1)) flat.push(nested);
  }
  return flat;
}

/** At least what Kubernetes counts (depth × size), and never less than the elements that come out. */
function flatCost(list: List, depth: Int | 1): number {
  const levels = Math.max(1, Number(depth));
  return listCost(Math.max(Math.min(levels, 1000) * list.length, traversalCost(list)));
}

function range(size: Int): List {
  if (size < 0) throw celError('invalidArgument', 'lists.range with a negative size');
  if (size > MAX_RANGE) throw celError('invalidArgument', `lists.range larger than ${MAX_RANGE}`);
  return Array.from({ length: Number(size) }, (_, index) => index);
}

function sort(list: List): List {
  return sortByKeys(list, list);
}

/** Orders a list as its keys are ordered, keeping the order of equal keys; all keys are of one type. */
function sortByKeys(list: List, keys: List): List {
  if (list.length !== keys.length) throw celError('invalidArgument', 'as many keys as elements');
  for (const key of keys) {
    // Numbers of different types compare, but do not sort together.
    if (typeName(key) !== typeName(keys[0] as Value)) {
      throw celError('invalidArgument', 'list elements must have the same type');
    }
    compare(key, key);
  }
  return list
    .map((element, index) => ({ element, key: keys[index] as Value }))
    .toSorted((a, b) => compare(a.key, b.key) || 0)
    .map((pair) => pair.element);
}

function distinct(list: List): List {
  const unique: Value[] = [];
  for (const element of list) {
    if (!unique.some((known) => equals(known, element))) unique.push(element);
  }
  return unique;
}

/** `list.sortBy(e, key)` → bind the list, map it to its keys, sort by them. */
function expandSortBy({ target, args, at, fail }: MacroContext): Expr | undefined {
  const [variable, key] = args;
  if (target === undefined || variable === undefined || key === undefined) return undefined;
  if (variable.kind !== 'ident' || variable.name.startsWith('.')) {
    return fail(variable, 'the first argument of sortBy must be a plain name');
  }
  const list: Expr = { kind: 'ident', name: '@sortBy', ...at };
  const keys: Expr = {
    kind: 'comprehension',
    does: 'map',
    range: list,
    variables: [variable.name],
    condition: undefined,
    body: key,
    ...at,
  };
  const name = '@sortByAssociatedKeys';
  const body: Expr = { kind: 'call', name, target: list, args: [keys], ...at };
  return { kind: 'bind', variable: '@sortBy', value: target, body, ...at };
}
