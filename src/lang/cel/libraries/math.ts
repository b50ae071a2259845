// The math extension of cel-go: greatest, least, rounding, sign, bits. Only where an environment asks for it.
import type { Expr, MacroContext } from '../ast.ts';
import { celError } from '../error.ts';
import { global, noSuchOverload, overload } from '../library.ts';
import type { FunctionDeclaration, Library, Macro } from '../library.ts';
import { compare } from '../order.ts';
import { BOOL, DOUBLE, DYN, INT, listOf, UINT } from '../type.ts';
import type { Type } from '../type.ts';
import { doubleFrom, doubleValue, intFrom, isDouble, isInt, numericValue, Uint } from '../value.ts';
import type { Double, Int, List, Value } from '../value.ts';

type DoubleValue = number | Double;

const NUMBERS: readonly Type[] = [INT, UINT, DOUBLE];
/** More arguments than any overload takes are given as a list. */
const MOST_ARGUMENTS = 32;

export const math: Library = {
  name: 'math',
  functions: [
    extreme('greatest', -1),
    extreme('least', 1),
    ofDouble('ceil', Math.ceil),
    ofDouble('floor', Math.floor),
    ofDouble('trunc', Math.trunc),
    // Halves go away from zero.
    ofDouble('round', (x) => Math.sign(x) * Math.round(Math.abs(x))),
    global(
      'math.sqrt',
      ...NUMBERS.map((type) => overload([type], DOUBLE, (x) => doubleFrom(Math.sqrt(toNumber(x))))),
    ),
    predicate('isNaN', Number.isNaN),
    predicate('isInf', (x) => Math.abs(x) === Infinity),
    predicate('isFinite', Number.isFinite),
    global(
      'math.abs',
      overload([INT], INT, (x) => asInt(x < 0 ? -BigInt(x) : BigInt(x))),
      overload([UINT], UINT, (x) => x),
      overload([DOUBLE], DOUBLE, (x) => doubleFrom(Math.abs(doubleValue(x)))),
    ),
    global(
      'math.sign',
      overload([INT], INT, (x) => Number(x > 0) - Number(x < 0)),
      overload([UINT], UINT, (x) => new Uint(x.value > 0n ? 1n : 0n)),
      overload([DOUBLE], DOUBLE, (x) => doubleFrom(Math.sign(doubleValue(x)))),
    ),
    bits('bitAnd', (a, b) => a & b),
    bits('bitOr', (a, b) => a | b),
    bits('bitXor', (a, b) => a ^ b),
    global(
      'math.bitNot',
      overload([INT], INT, (x) => asInt(~BigInt(x))),
      overload([UINT], UINT, (x) => new Uint(BigInt.asUintN(64, ~x.value))),
    ),
    shift('bitShiftLeft', (bits64, by) => bits64 << by),
    // The sign bit is not kept: a shift to the right fills with zeros.
    shift('bitShiftRight', (bits64, by) => bits64 >> by),
  ],
  macros: ['greatest', 'least'].flatMap((name) =>
    Array.from({ length: MOST_ARGUMENTS - 2 }, (_, index): Macro => {
      const expand = (context: MacroContext) => asList(name, context);
      return { name, namespace: 'math', member: false, arity: index + 3, expand };
    }),
  ),
};

/** `math.greatest(a, b, c, …)` → `math.greatest([a, b, c, …])`. */
function asList(name: string, { target, args, at }: MacroContext): Expr {
  const elements = args.map((value) => ({ value, optional: false }));
  const list: Expr = { kind: 'list', elements, ...at };
  return { kind: 'call', name, target, args: [list], ...at };
}

function extreme(name: string, worse: 1 | -1): FunctionDeclaration {
  const pick = (...numbers: readonly Value[]) => extremeOf(numbers, worse);
  const pairs = NUMBERS.flatMap((a) =>
    NUMBERS.map((b) => overload([a, b], a === b ? a : DYN, (x, y) => pick(x, y))),
  );
  return global(
    `math.${name}`,
    ...NUMBERS.map((type) => overload([type], type, (x) => pick(x))),
    ...pairs,
    ...[...NUMBERS, DYN].map((type) =>
      overload([listOf(type)], type, (list: List) => extremeOf(list, worse), {
        cost: (list: List) => list.length,
      }),
    ),
  );
}

function extremeOf(numbers: readonly Value[], worse: 1 | -1): Value {
  let best = numbers[0];
  if (best === undefined) throw celError('invalidArgument', 'no numbers to choose from');
  for (const number of numbers) {
    if (numericValue(number) === undefined) throw noSuchOverload();
    if (Math.sign(compare(best, number)) === worse) best = number;
  }
  return best;
}

function ofDouble(name: string, apply: (x: number) => number): FunctionDeclaration {
  return global(
    `math.${name}`,
    overload([DOUBLE], DOUBLE, (x) => doubleFrom(apply(doubleValue(x)))),
  );
}

function predicate(name: string, test: (x: number) => boolean): FunctionDeclaration {
  return global(
    `math.${name}`,
    overload([DOUBLE], BOOL, (x: DoubleValue) => test(doubleValue(x))),
  );
}

function bits(name: string, apply: (a: bigint, b: bigint) => bigint): FunctionDeclaration {
  return global(
    `math.${name}`,
    overload([INT, INT], INT, (a, b) => asInt(apply(BigInt(a), BigInt(b)))),
    overload([UINT, UINT], UINT, (a, b) => new Uint(apply(a.value, b.value))),
  );
}

function shift(name: string, apply: (bits: bigint, by: bigint) => bigint): FunctionDeclaration {
  const shifted = (value: bigint, by: Int): bigint => {
    if (by < 0) throw celError('invalidArgument', `math.${name}() negative offset`);
    return by > 63 ? 0n : BigInt.asUintN(64, apply(BigInt.asUintN(64, value), BigInt(by)));
  };
  return global(
    `math.${name}`,
    overload([INT, INT], INT, (x, by) => asInt(BigInt.asIntN(64, shifted(BigInt(x), by)))),
    overload([UINT, INT], UINT, (x, by) => new Uint(shifted(x.value, by))),
  );
}

function toNumber(value: Value): number {
  if (isInt(value)) return Number(value);
  if (isDouble(value)) return doubleValue(value);
  return value instanceof Uint ? Number(value.value) : NaN;
}

function asInt(value: bigint): Value {
  return intFrom(value) ?? overflow();
}

function overflow(): never {
  throw celError('overflow', 'integer overflow');
}
