// Helm 4's duration functions (go-templates §6): numbers count as seconds, text as a duration or as
// seconds; what cannot be read counts as 0 except in mustToDuration.
import { TemplateFunctionError, withTypes } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { formatValue } from '../fmt/print.ts';
import { parseFloat64 } from '../strconv/number.ts';
import { quote } from '../strconv/quote.ts';
import { GoInt, typeName } from '../value.ts';
import type { Value } from '../value.ts';
import { orElse } from './json.ts';
import { parseDuration, roundDuration, SECOND, truncateDuration } from './library/duration.ts';
import { trimSpace } from './library/letter-case.ts';
import { DURATION_TYPE, durationValue, inUnits, TIME_TYPES } from './time-types.ts';

const define = withTypes(TIME_TYPES);
const MAX_SECONDS = (2n ** 63n - 1n) / SECOND;
const MIN_SECONDS = -(2n ** 63n) / SECOND;
const LIMIT = 2 ** 63;

function durationOf(value: Value): bigint {
  if (value === null || value === undefined) throw new TemplateFunctionError('invalid duration');
  if (value instanceof GoInt) {
    return value.type.name === DURATION_TYPE.name
      ? value.toBigInt()
      : fromSeconds(value.toBigInt());
  }
  if (typeof value === 'number') return fromFloat(value);
  if (typeof value === 'string') return fromText(value);
  throw new TemplateFunctionError(`unsupported duration type ${typeName(value)}`);
}

function fromText(text: string): bigint {
  const trimmed = trimSpace(text);
  if (trimmed === '') throw new TemplateFunctionError('empty duration');
  const duration = parseDuration(trimmed);
  if (duration.ok) return duration.value;
  const seconds = parseFloat64(trimmed);
  if (typeof seconds === 'number') return fromFloat(seconds);
  throw new TemplateFunctionError(`could not parse duration ${quote(text)}`);
}

function fromSeconds(seconds: bigint): bigint {
  if (seconds > MAX_SECONDS || seconds < MIN_SECONDS) {
    throw new TemplateFunctionError(`duration seconds overflow: ${seconds}`);
  }
  return seconds * SECOND;
}

function fromFloat(seconds: number): bigint {
  if (!Number.isFinite(seconds)) {
    throw new TemplateFunctionError(`invalid duration seconds: ${formatValue(seconds)}`);
  }
  if (Math.abs(seconds) > LIMIT / 1e9) {
    throw new TemplateFunctionError(`duration seconds overflow: ${formatValue(seconds)}`);
  }
  // Exactly at the limit Go's conversion overflows to the least duration.
  return BigInt.asIntN(64, BigInt(Math.trunc(seconds * 1e9)));
}

function orZero(value: Value): bigint {
  return orElse(() => durationOf(value), 0n);
}

function counted(name: string, unit: bigint): TemplateFunction {
  return define(name, 'func(interface {}) int64', (_, value) => orZero(value) / unit);
}

function measured(name: string, measure: (duration: bigint) => number): TemplateFunction {
  return define(name, 'func(interface {}) float64', (_, value) => measure(orZero(value)));
}

type Rounding = (duration: bigint, unit: bigint) => bigint;

function rounded(rounding: Rounding) {
  return (_: CallContext, value: Value, unit: Value): GoInt => {
    const duration = orElse<bigint | undefined>(() => durationOf(value), undefined);
    if (duration === undefined) return durationValue(0n);
    const multiple = orElse<bigint | undefined>(() => durationOf(unit), undefined);
    return durationValue(multiple === undefined ? duration : rounding(duration, multiple));
  };
}

const HOUR = 3600n * SECOND;

export const DURATIONS: readonly TemplateFunction[] = [
  define('mustToDuration', 'func(interface {}) time.Duration', (_, value) =>
    durationValue(durationOf(value)),
  ),
  counted('durationNanoseconds', 1n),
  counted('durationMicroseconds', 1000n),
  counted('durationMilliseconds', 1_000_000n),
  measured('durationSeconds', (duration) => inUnits(duration, SECOND)),
  measured('durationMinutes', (duration) => inUnits(duration, 60n * SECOND)),
  measured('durationHours', (duration) => inUnits(duration, HOUR)),
  measured('durationDays', (duration) => inUnits(duration, HOUR) / 24),
  measured('durationWeeks', (duration) => inUnits(duration, HOUR) / 24 / 7),
  define(
    'durationRoundTo',
    'func(interface {}, interface {}) time.Duration',
    rounded(roundDuration),
  ),
  define(
    'durationTruncateTo',
    'func(interface {}, interface {}) time.Duration',
    rounded(truncateDuration),
  ),
];
