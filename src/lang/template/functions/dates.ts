// Sprig's dates and durations (go-templates §6, Dates): Go layouts, IANA zones, the present time
// only where the surroundings offer a clock.
import { TemplateFunctionError, withTypes } from '../function.ts';
import type { CallContext } from '../function.ts';
import { parseInteger } from '../strconv/number.ts';
import { GoInt, GoObject } from '../value.ts';
import type { Value } from '../value.ts';
import { formatDuration, parseDuration, roundDuration, SECOND } from './library/duration.ts';
import {
  addNanoseconds,
  instantFromNanoseconds,
  unixNanoseconds,
  ZERO_INSTANT,
} from './library/instant.ts';
import type { Instant } from './library/instant.ts';
import { formatInstant } from './library/time-format.ts';
import { parseInstant } from './library/time-parse.ts';
import { findZone, UTC } from './library/time-zone.ts';
import type { TimeZone } from './library/time-zone.ts';
import { instantOf, localZone, TIME_TYPE, TIME_TYPES, timeValue } from './time-types.ts';

const define = withTypes(TIME_TYPES);
const VARIES = { varies: 'it depends on the clock' };

function now(context: CallContext): Instant {
  const clock = context.hooks.now;
  if (!clock) throw new TemplateFunctionError('the present time is not available here');
  return instantFromNanoseconds(clock(), localZone(context));
}

/** Times and Unix seconds count as they are; anything else means now, as in the original. */
function momentOf(context: CallContext, value: Value): Instant {
  if (value instanceof GoObject && value.type.name.endsWith(TIME_TYPE.name))
    return instantOf(value);
  if (value instanceof GoInt && ['int', 'int32', 'int64'].includes(value.type.name)) {
    return { seconds: value.toNumber(), nanoseconds: 0, zone: localZone(context) };
  }
  return now(context);
}

function zoneNamed(context: CallContext, name: string): TimeZone {
  if (name === 'Local') return localZone(context);
  return findZone(name) ?? UTC;
}

interface Wanted {
  readonly layout: string;
  readonly moment: Value;
  readonly zone: string;
}

function dateIn(context: CallContext, { layout, moment, zone }: Wanted): string {
  context.charge(layout.length);
  const instant = { ...momentOf(context, moment), zone: zoneNamed(context, zone) };
  const text = formatInstant(instant, layout);
  context.checkLength(text.length);
  return text;
}

function modified(text: string, moment: Value): Value {
  const duration = parseDuration(text);
  return duration.ok ? timeValue(addNanoseconds(instantOf(moment), duration.value)) : moment;
}

function mustModified(text: string, moment: Value): Value {
  const duration = parseDuration(text);
  if (!duration.ok) throw new TemplateFunctionError(duration.error);
  return timeValue(addNanoseconds(instantOf(moment), duration.value));
}

/** Seconds as a duration; anything but a string or an int64 counts as none. */
function durationOf(value: Value): string {
  const seconds = wholeSeconds(value);
  return formatDuration(BigInt.asIntN(64, seconds * SECOND));
}

function wholeSeconds(value: Value): bigint {
  if (value instanceof GoInt) return value.type.name === 'int64' ? value.toBigInt() : 0n;
  if (typeof value !== 'string') return 0n;
  const number = parseInteger(value);
  if (typeof number === 'bigint') return number;
  if (number === 'syntax') return 0n;
  return value.startsWith('-') ? -(2n ** 63n) : 2n ** 63n - 1n;
}

const ROUNDING: readonly (readonly [unit: string, seconds: bigint])[] = [
  ['y', 365n * 86_400n],
  ['mo', 30n * 86_400n],
  ['d', 86_400n],
  ['h', 3600n],
  ['m', 60n],
  ['s', 1n],
];

/** The largest unit that fits more than once, as a rough figure without sign. */
function durationRound(context: CallContext, value: Value): string {
  const duration = roughDuration(context, value);
  const size = duration < 0n ? -duration : duration;
  for (const [unit, seconds] of ROUNDING) {
    const length = seconds * SECOND;
    if (size > length) return `${size / length}${unit}`;
  }
  return '0s';
}

function roughDuration(context: CallContext, value: Value): bigint {
  if (typeof value === 'string') {
    const parsed = parseDuration(value);
    return parsed.ok ? parsed.value : 0n;
  }
  if (value instanceof GoInt && value.type.name === 'int64') return value.toBigInt();
  return value instanceof GoObject && value.type.name === TIME_TYPE.name
    ? since(context, instantOf(value))
    : 0n;
}

function since(context: CallContext, instant: Instant): bigint {
  return unixNanoseconds(now(context)) - unixNanoseconds(instant);
}

const DAY = '2006-01-02';

const FORMATTING = [
  define('date', 'func(string, interface {}) string', (context, layout, moment) =>
    dateIn(context, { layout, moment, zone: 'Local' }),
  ),
  ...['dateInZone', 'date_in_zone'].map((name) =>
    define(name, 'func(string, interface {}, string) string', (context, layout, moment, zone) =>
      dateIn(context, { layout, moment, zone }),
    ),
  ),
  define('htmlDate', 'func(interface {}) string', (context, moment) =>
    dateIn(context, { layout: DAY, moment, zone: 'Local' }),
  ),
  define('htmlDateInZone', 'func(interface {}, string) string', (context, moment, zone) =>
    dateIn(context, { layout: DAY, moment, zone }),
  ),
  define('unixEpoch', 'func(time.Time) string', (_, moment) => String(instantOf(moment).seconds)),
];

const READING = [
  define('toDate', 'func(string, string) time.Time', (context, layout, text) => {
    context.charge(layout.length + text.length);
    const parsed = parseInstant(layout, text, localZone(context));
    return timeValue(parsed.ok ? parsed.value : ZERO_INSTANT);
  }),
  define('mustToDate', 'func(string, string) (time.Time, error)', (context, layout, text) => {
    context.charge(layout.length + text.length);
    const parsed = parseInstant(layout, text, localZone(context));
    if (!parsed.ok) throw new TemplateFunctionError(parsed.error);
    return timeValue(parsed.value);
  }),
];

const CHANGING = [
  ...['dateModify', 'date_modify'].map((name) =>
    define(name, 'func(string, time.Time) time.Time', (_, text, moment) => modified(text, moment)),
  ),
  ...['mustDateModify', 'must_date_modify'].map((name) =>
    define(name, 'func(string, time.Time) (time.Time, error)', (_, text, moment) =>
      mustModified(text, moment),
    ),
  ),
  define('duration', 'func(interface {}) string', (_, value) => durationOf(value)),
  define('durationRound', 'func(interface {}) string', durationRound),
];

const PRESENT = [
  define('now', 'func() time.Time', (context) => timeValue(now(context)), VARIES),
  define(
    'ago',
    'func(interface {}) string',
    (context, moment) =>
      formatDuration(roundDuration(since(context, momentOf(context, moment)), SECOND)),
    VARIES,
  ),
];

export const DATES = [...FORMATTING, ...READING, ...CHANGING, ...PRESENT];
