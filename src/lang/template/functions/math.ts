// Sprig's arithmetic, counting and number conversions (go-templates §6): int64 wraps around, the
// functions ending in f compute with exact decimals.
import { formatValue } from '../fmt/print.ts';
import { defineFunction, TemplateFunctionError } from '../function.ts';
import type { CallContext } from '../function.ts';
import { parseInteger } from '../strconv/number.ts';
import { INT_LIST } from '../type.ts';
import { GoList, int } from '../value.ts';
import type { Value } from '../value.ts';
import { toFloat, toInteger } from './casts.ts';
import { reserve } from './elements.ts';
import {
  addDecimals,
  decimalFromFloat,
  decimalToFloat,
  divideDecimals,
  multiplyDecimals,
  subtractDecimals,
} from './library/decimal.ts';
import type { Decimal } from './library/decimal.ts';
import { success } from './library/result.ts';
import type { Result } from './library/result.ts';

type Step = (left: Decimal, right: Decimal) => Result<Decimal>;

function wrapped(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function divisor(value: Value): bigint {
  const number = toInteger(value);
  if (number === 0n) throw new TemplateFunctionError('runtime error: integer divide by zero');
  return number;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new TemplateFunctionError(result.error);
  return result.value;
}

function foldDecimals(first: Value, rest: readonly Value[], step: Step): number {
  let total = valueOf(decimalFromFloat(toFloat(first)));
  for (const value of rest) {
    total = valueOf(step(total, valueOf(decimalFromFloat(toFloat(value)))));
  }
  return decimalToFloat(total);
}

const PLUS: Step = (left, right) => success(addDecimals(left, right));
const MINUS: Step = (left, right) => success(subtractDecimals(left, right));
const TIMES: Step = (left, right) => success(multiplyDecimals(left, right));

/** Whole numbers from start towards stop, without stop; a step of the wrong sign gives none. */
function countUp(context: CallContext, start: number, stop: number, step: number): number[] {
  const numbers: number[] = [];
  if (stop < start ? step >= 0 : step <= 0) return numbers;
  const length = Math.ceil((stop - start) / step);
  context.charge(length);
  for (let index = 0; index < length; index++) numbers.push(start + index * step);
  return numbers;
}

function counted(context: CallContext, start: number, stop: number, step: number): GoList {
  return new GoList(
    countUp(context, start, stop, step).map((number) => int(number)),
    INT_LIST,
  );
}

/** Like the seq program: the end is part of the sequence. */
function sequence(context: CallContext, ...params: readonly number[]): string {
  const [first = 0, second = 0, third = 0] = params;
  const numbers = (start: number, step: number, end: number) => {
    const stop = end + (end < start ? -1 : 1);
    const list = countUp(context, start, stop, step);
    reserve(context, list.length * 2);
    const text = list.join(' ');
    context.checkLength(text.length);
    return text;
  };
  switch (params.length) {
    case 1:
      return numbers(1, first < 1 ? -1 : 1, first);
    case 2:
      return numbers(first, second < first ? -1 : 1, second);
    case 3:
      return third < first && second > 0 ? '' : numbers(first, second, third);
    default:
      return '';
  }
}

/** math.Max and math.Min: NaN wins over numbers, infinities over NaN. */
function extreme(values: readonly number[], sign: 1 | -1): number {
  const infinite = values.find((value) => value === sign * Infinity);
  return infinite ?? (sign === 1 ? Math.max(...values) : Math.min(...values));
}

/**
 * 10^exponent as Go's math.Pow computes it, by repeated squaring of a mantissa below 1: its last bit
 * may differ from the exact result, and so from JavaScript's.
 */
function powerOfTen(exponent: number): number {
  let [mantissa, power] = [1, 0];
  let [factor, shift] = [0.625, 4];
  for (
    let rest = Math.abs(exponent);
    rest !== 0 && Math.abs(shift) <= 4096;
    rest = Math.floor(rest / 2)
  ) {
    if (rest % 2 === 1) {
      mantissa *= factor;
      power += shift;
    }
    factor *= factor;
    shift *= 2;
    if (factor < 0.5) {
      factor += factor;
      shift--;
    }
  }
  if (Math.abs(shift) > 4096 || power > 2000) return exponent < 0 ? 0 : Infinity;
  if (exponent < 0) return scaleByTwo(1 / mantissa, -power);
  return scaleByTwo(mantissa, power);
}

function scaleByTwo(value: number, power: number): number {
  const half = Math.trunc(power / 2);
  return value * 2 ** half * 2 ** (power - half);
}

/** Rounds when the fraction reaches `roundOn`, at a number of decimal places. */
function roundAt(value: Value, places: number, roundOn: number): number {
  const power = powerOfTen(places);
  const digit = power * toFloat(value);
  const fraction = Number.isFinite(digit) ? digit - Math.trunc(digit) : NaN;
  const rounded = fraction >= roundOn ? Math.ceil(digit) : Math.floor(digit);
  return rounded / power;
}

function largest(_: CallContext, first: Value, ...rest: readonly Value[]): bigint {
  return rest
    .map(toInteger)
    .reduce((most, value) => (value > most ? value : most), toInteger(first));
}

const INTEGERS = [
  defineFunction('add1', 'func(interface {}) int64', (_, value) => wrapped(toInteger(value) + 1n)),
  defineFunction('add', 'func(...interface {}) int64', (_, ...values) =>
    values.reduce<bigint>((sum, value) => wrapped(sum + toInteger(value)), 0n),
  ),
  defineFunction('sub', 'func(interface {}, interface {}) int64', (_, left, right) =>
    wrapped(toInteger(left) - toInteger(right)),
  ),
  defineFunction('div', 'func(interface {}, interface {}) int64', (_, left, right) =>
    wrapped(toInteger(left) / divisor(right)),
  ),
  defineFunction('mod', 'func(interface {}, interface {}) int64', (_, left, right) =>
    wrapped(toInteger(left) % divisor(right)),
  ),
  defineFunction('mul', 'func(interface {}, ...interface {}) int64', (_, first, ...rest) =>
    rest.reduce<bigint>((product, value) => wrapped(product * toInteger(value)), toInteger(first)),
  ),
  defineFunction('max', 'func(interface {}, ...interface {}) int64', largest),
  defineFunction('biggest', 'func(interface {}, ...interface {}) int64', largest),
  defineFunction('min', 'func(interface {}, ...interface {}) int64', (_, first, ...rest) =>
    rest.map(toInteger).reduce((least, value) => (value < least ? value : least), toInteger(first)),
  ),
];

const FLOATS = [
  defineFunction('add1f', 'func(interface {}) float64', (_, value) =>
    foldDecimals(value, [1], PLUS),
  ),
  defineFunction('addf', 'func(...interface {}) float64', (_, ...values) =>
    foldDecimals(0, values, PLUS),
  ),
  defineFunction('subf', 'func(interface {}, ...interface {}) float64', (_, first, ...rest) =>
    foldDecimals(first, rest, MINUS),
  ),
  defineFunction('mulf', 'func(interface {}, ...interface {}) float64', (_, first, ...rest) =>
    foldDecimals(first, rest, TIMES),
  ),
  defineFunction('divf', 'func(interface {}, ...interface {}) float64', (_, first, ...rest) =>
    foldDecimals(first, rest, divideDecimals),
  ),
  defineFunction('maxf', 'func(interface {}, ...interface {}) float64', (_, first, ...rest) =>
    extreme([first, ...rest].map(toFloat), 1),
  ),
  defineFunction('minf', 'func(interface {}, ...interface {}) float64', (_, first, ...rest) =>
    extreme([first, ...rest].map(toFloat), -1),
  ),
  defineFunction('floor', 'func(interface {}) float64', (_, value) => Math.floor(toFloat(value))),
  defineFunction('ceil', 'func(interface {}) float64', (_, value) => Math.ceil(toFloat(value))),
  defineFunction(
    'round',
    'func(interface {}, int, ...float64) float64',
    (_, value, places, ...on) => roundAt(value, places, on[0] ?? 0.5),
  ),
];

const COUNTING = [
  defineFunction('until', 'func(int) []int', (context, count) =>
    counted(context, 0, count, count < 0 ? -1 : 1),
  ),
  defineFunction('untilStep', 'func(int, int, int) []int', counted),
  defineFunction('seq', 'func(...int) string', sequence),
];

const CONVERSIONS = [
  defineFunction('int', 'func(interface {}) int', (_, value) => toInteger(value)),
  defineFunction('int64', 'func(interface {}) int64', (_, value) => toInteger(value)),
  defineFunction('float64', 'func(interface {}) float64', (_, value) => toFloat(value)),
  defineFunction('atoi', 'func(string) int', (_, text) => atoi(text)),
  // Reads the digits as octal, whatever the value was.
  defineFunction('toDecimal', 'func(interface {}) int64', (_, value) => {
    const number = parseInteger(formatValue(value), 8);
    return typeof number === 'bigint' ? number : 0n;
  }),
];

/** Out of range gives the nearest limit: sprig drops the error and keeps the number. */
function atoi(text: string): bigint {
  const number = parseInteger(text);
  if (typeof number === 'bigint') return number;
  if (number === 'syntax') return 0n;
  return text.startsWith('-') ? -(2n ** 63n) : 2n ** 63n - 1n;
}

export const MATH = [...INTEGERS, ...FLOATS, ...COUNTING, ...CONVERSIONS];
