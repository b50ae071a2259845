// Go's time types as template values: time.Time, Duration, Month, Weekday, with their methods.
import { toBytes } from '../bytes.ts';
import { TemplateFunctionError, withTypes } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { quote } from '../strconv/quote.ts';
import { INT, INT64 } from '../type.ts';
import type { GoType } from '../type.ts';
import { GoInt, GoObject, integer } from '../value.ts';
import type { Value } from '../value.ts';
import { daysFromCivil, SECONDS_PER_DAY } from './library/civil-date.ts';
import {
  formatDuration,
  HOUR,
  MAX_DURATION,
  MIN_DURATION,
  MINUTE,
  roundDuration,
  SECOND,
  truncateDuration,
} from './library/duration.ts';
import {
  addNanoseconds,
  civilOf,
  compareInstants,
  instantFromNanoseconds,
  unixNanoseconds,
  ZERO_INSTANT,
} from './library/instant.ts';
import type { Instant } from './library/instant.ts';
import { formatInstant, instantText, RFC3339_NANO } from './library/time-format.ts';
import { MONTHS, WEEKDAYS } from './library/time-layout.ts';
import { parseInstant, secondsInZone } from './library/time-parse.ts';
import { findZone, UTC } from './library/time-zone.ts';
import type { TimeZone } from './library/time-zone.ts';

type Methods = Map<string, TemplateFunction>;

function integerType(
  base: GoType,
  name: string,
): { readonly type: GoType; readonly methods: Methods } {
  const methods: Methods = new Map();
  return { type: { kind: base.kind, name, methods }, methods };
}

const month = integerType(INT, 'time.Month');
const weekday = integerType(INT, 'time.Weekday');
const duration = integerType(INT64, 'time.Duration');
const timeMethods: Methods = new Map();
const locationMethods: Methods = new Map();

export const MONTH_TYPE = month.type;
export const WEEKDAY_TYPE = weekday.type;
export const DURATION_TYPE = duration.type;

export const TIME_TYPE: GoType = {
  kind: 'struct',
  name: 'time.Time',
  methods: timeMethods,
  equal: (left, right) => sameInstant(left as Instant | undefined, right as Instant | undefined),
};

const LOCATION_TYPE: GoType = {
  kind: 'pointer',
  name: '*time.Location',
  methods: locationMethods,
};

export const TIME_TYPES: ReadonlyMap<string, GoType> = new Map(
  [MONTH_TYPE, WEEKDAY_TYPE, DURATION_TYPE, TIME_TYPE, LOCATION_TYPE].map((type) => [
    type.name,
    type,
  ]),
);

const define = withTypes(TIME_TYPES);

/** Also the zone must be the same, as Go compares the whole struct. */
function sameInstant(left: Instant = ZERO_INSTANT, right: Instant = ZERO_INSTANT): boolean {
  return compareInstants(left, right) === 0 && left.zone.name === right.zone.name;
}

export function timeValue(instant: Instant): GoObject {
  return new GoObject(TIME_TYPE, instant);
}

/** The instant behind a time.Time; the zero value of the type has no state. */
export function instantOf(value: Value): Instant {
  const state = value instanceof GoObject ? value.state : undefined;
  return (state as Instant | undefined) ?? ZERO_INSTANT;
}

/** A time.Time out of RFC 3339 text, as JSON decodes it; for tests and for data with times. */
export function timeFromText(text: string): GoObject {
  const parsed = parseInstant(RFC3339_NANO, text, UTC);
  if (!parsed.ok) throw new TemplateFunctionError(parsed.error);
  return timeValue(parsed.value);
}

export function durationValue(nanoseconds: bigint): GoInt {
  return integer(DURATION_TYPE, nanoseconds);
}

/** The local zone of the surroundings, UTC where they name none; Go calls it `Local`. */
export function localZone(context: CallContext): TimeZone {
  const zone = findZone(context.hooks.timeZone ?? 'UTC') ?? UTC;
  return { name: 'Local', at: zone.at };
}

/** An integer argument or receiver, whether it comes as a number or as a value. */
export function wide(value: unknown): bigint {
  if (value instanceof GoInt) return value.toBigInt();
  return typeof value === 'number' || typeof value === 'bigint' ? BigInt(value) : 0n;
}

function receiver(context: CallContext): Instant {
  return instantOf(context.receiver);
}

function fit(value: bigint): bigint {
  return value > MAX_DURATION ? MAX_DURATION : value < MIN_DURATION ? MIN_DURATION : value;
}

function addMethods(methods: Methods, list: readonly TemplateFunction[]): void {
  for (const method of list) methods.set(method.name, method);
}

addMethods(month.methods, [
  define('String', 'func() string', ({ receiver: self }) =>
    nameAt(MONTHS, wide(self) - 1n, 'Month'),
  ),
]);
addMethods(weekday.methods, [
  define('String', 'func() string', ({ receiver: self }) =>
    nameAt(WEEKDAYS, wide(self), 'Weekday'),
  ),
]);

function nameAt(names: readonly string[], at: bigint, type: string): string {
  return names[Number(at)] ?? `%!${type}(${type === 'Month' ? at + 1n : at})`;
}

addMethods(duration.methods, [
  define('String', 'func() string', ({ receiver: self }) => formatDuration(wide(self))),
  define('Nanoseconds', 'func() int64', ({ receiver: self }) => wide(self)),
  define('Microseconds', 'func() int64', ({ receiver: self }) => wide(self) / 1000n),
  define('Milliseconds', 'func() int64', ({ receiver: self }) => wide(self) / 1_000_000n),
  define('Seconds', 'func() float64', ({ receiver: self }) => inUnits(wide(self), SECOND)),
  define('Minutes', 'func() float64', ({ receiver: self }) => inUnits(wide(self), MINUTE)),
  define('Hours', 'func() float64', ({ receiver: self }) => inUnits(wide(self), HOUR)),
  define('Abs', 'func() time.Duration', ({ receiver: self }) => {
    const value = wide(self);
    return durationValue(fit(value < 0n ? -value : value));
  }),
  define('Round', 'func(time.Duration) time.Duration', ({ receiver: self }, unit) =>
    durationValue(roundDuration(wide(self), wide(unit))),
  ),
  define('Truncate', 'func(time.Duration) time.Duration', ({ receiver: self }, unit) =>
    durationValue(truncateDuration(wide(self), wide(unit))),
  ),
]);

/** Whole units and the rest are divided apart, as Go does, which decides the last bits. */
export function inUnits(value: bigint, unit: bigint): number {
  return Number(value / unit) + Number(value % unit) / Number(unit);
}

addMethods(locationMethods, [
  define('String', 'func() string', ({ receiver: self }) =>
    self instanceof GoObject ? (self.state as TimeZone).name : '',
  ),
]);

addMethods(timeMethods, [
  define('String', 'func() string', (context) => instantText(receiver(context))),
  define('GoString', 'func() string', (context) => goSyntax(receiver(context))),
  define('Format', 'func(string) string', (context, layout) => {
    context.charge(layout.length);
    return formatInstant(receiver(context), layout);
  }),
  define('MarshalJSON', 'func() ([]uint8, error)', (context) =>
    toBytes(`"${marshalled(receiver(context))}"`),
  ),
  define('MarshalText', 'func() ([]uint8, error)', (context) =>
    toBytes(marshalled(receiver(context))),
  ),
  define('Year', 'func() int', (context) => civilOf(receiver(context)).year),
  define('Month', 'func() time.Month', (context) =>
    integer(MONTH_TYPE, civilOf(receiver(context)).month),
  ),
  define('Day', 'func() int', (context) => civilOf(receiver(context)).day),
  define('Weekday', 'func() time.Weekday', (context) =>
    integer(WEEKDAY_TYPE, civilOf(receiver(context)).weekday),
  ),
  define('YearDay', 'func() int', (context) => civilOf(receiver(context)).yearDay),
  define('Hour', 'func() int', (context) => civilOf(receiver(context)).hour),
  define('Minute', 'func() int', (context) => civilOf(receiver(context)).minute),
  define('Second', 'func() int', (context) => civilOf(receiver(context)).second),
  define('Nanosecond', 'func() int', (context) => receiver(context).nanoseconds),
  define('Unix', 'func() int64', (context) => receiver(context).seconds),
  define('UnixMilli', 'func() int64', (context) => floorUnix(receiver(context), 1_000_000n)),
  define('UnixMicro', 'func() int64', (context) => floorUnix(receiver(context), 1000n)),
  define('UnixNano', 'func() int64', (context) => unixNanoseconds(receiver(context))),
  define(
    'IsZero',
    'func() bool',
    (context) => compareInstants(receiver(context), ZERO_INSTANT) === 0,
  ),
]);

addMethods(timeMethods, [
  define('After', 'func(time.Time) bool', (context, other) => compared(context, other) > 0),
  define('Before', 'func(time.Time) bool', (context, other) => compared(context, other) < 0),
  define('Equal', 'func(time.Time) bool', (context, other) => compared(context, other) === 0),
  define('Compare', 'func(time.Time) int', compared),
  define('Sub', 'func(time.Time) time.Duration', (context, other) =>
    durationValue(
      fit(unixNanoseconds(receiver(context)) - unixNanoseconds(instantOf(other as Value))),
    ),
  ),
  define('Add', 'func(time.Duration) time.Time', (context, amount) =>
    timeValue(addNanoseconds(receiver(context), wide(amount))),
  ),
  define('AddDate', 'func(int, int, int) time.Time', (context, years, months, days) =>
    timeValue(addDate(receiver(context), years, months, days)),
  ),
  define('Truncate', 'func(time.Duration) time.Time', (context, unit) =>
    timeValue(toMultiple(receiver(context), wide(unit), false)),
  ),
  define('Round', 'func(time.Duration) time.Time', (context, unit) =>
    timeValue(toMultiple(receiver(context), wide(unit), true)),
  ),
  define('UTC', 'func() time.Time', (context) => timeValue({ ...receiver(context), zone: UTC })),
  define('Local', 'func() time.Time', (context) =>
    timeValue({ ...receiver(context), zone: localZone(context) }),
  ),
  define('In', 'func(*time.Location) time.Time', (context, location) =>
    timeValue({
      ...receiver(context),
      zone: location instanceof GoObject ? (location.state as TimeZone) : UTC,
    }),
  ),
  define(
    'Location',
    'func() *time.Location',
    (context) => new GoObject(LOCATION_TYPE, receiver(context).zone),
  ),
]);

/** The expression that `%#v` shows. */
function goSyntax(instant: Instant): string {
  const civil = civilOf(instant);
  const zones: ReadonlyMap<string, string> = new Map([
    ['UTC', 'time.UTC'],
    ['Local', 'time.Local'],
  ]);
  const zone = zones.get(instant.zone.name) ?? `time.Location(${quote(instant.zone.name)})`;
  const numbers = [civil.day, civil.hour, civil.minute, civil.second, instant.nanoseconds];
  const month = MONTHS[civil.month - 1] ?? '';
  return `time.Date(${civil.year}, time.${month}, ${numbers.join(', ')}, ${zone})`;
}

function compared(context: CallContext, other: unknown): -1 | 0 | 1 {
  return compareInstants(receiver(context), instantOf(other as Value));
}

function floorUnix(instant: Instant, unit: bigint): bigint {
  return (unixNanoseconds(instant) - (BigInt(instant.nanoseconds) % unit)) / unit;
}

/** RFC 3339 as JSON wants it: four digits for the year. */
function marshalled(instant: Instant): string {
  const { year } = civilOf(instant);
  if (year < 0 || year > 9999) {
    throw new TemplateFunctionError('Time.MarshalJSON: year outside of range [0,9999]');
  }
  return formatInstant(instant, RFC3339_NANO);
}

function addDate(instant: Instant, years: number, months: number, days: number): Instant {
  const civil = civilOf(instant);
  const monthIndex = civil.month - 1 + months;
  const year = civil.year + years + Math.floor(monthIndex / 12);
  const first = daysFromCivil(year, (((monthIndex % 12) + 12) % 12) + 1, 1);
  const clock = civil.hour * 3600 + civil.minute * 60 + civil.second;
  // Days beyond the end of a month run over into the next one.
  const seconds = (first + civil.day - 1 + days) * SECONDS_PER_DAY + clock;
  return { ...instant, seconds: secondsInZone(seconds, instant.zone) };
}

/** A multiple of a duration since the zero time. */
function toMultiple(instant: Instant, unit: bigint, round: boolean): Instant {
  if (unit <= 0n) return instant;
  const sinceZero = unixNanoseconds(instant) - unixNanoseconds(ZERO_INSTANT);
  const rest = ((sinceZero % unit) + unit) % unit;
  const up = round && rest + rest >= unit ? unit : 0n;
  return instantFromNanoseconds(unixNanoseconds(instant) - rest + up, instant.zone);
}
