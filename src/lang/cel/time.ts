// Timestamps and durations: text forms, arithmetic and their ranges (cel-spec "Timestamps").
import { civilFromDays, daysFromCivil } from './calendar.ts';
import { celError } from './error.ts';
import { Duration, Timestamp } from './value.ts';
import type { Value } from './value.ts';

const SECOND = 1_000_000_000n;
/** 0001-01-01T00:00:00Z. */
export const MIN_SECONDS = -62_135_596_800;
/** 9999-12-31T23:59:59Z. */
const MAX_SECONDS = 253_402_300_799;
const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;

/** A timestamp from seconds and any number of nanoseconds. Throws `overflow` outside years 1 to 9999. */
export function timestampFrom(seconds: bigint, nanos: bigint, offset = 0): Timestamp {
  const total = seconds * SECOND + nanos;
  let whole = total / SECOND;
  let rest = total % SECOND;
  if (rest < 0n) {
    whole -= 1n;
    rest += SECOND;
  }
  if (whole < MIN_SECONDS || whole > MAX_SECONDS) throw celError('overflow', 'timestamp overflow');
  return new Timestamp(Number(whole), Number(rest), offset);
}

/** A duration; the range is that of int64 nanoseconds, as in cel-go. */
function durationFrom(nanos: bigint): Duration {
  if (nanos < MIN_INT || nanos > MAX_INT) throw celError('overflow', 'duration overflow');
  return new Duration(nanos);
}

function totalNanos(time: Timestamp): bigint {
  return BigInt(time.seconds) * SECOND + BigInt(time.nanos);
}

/** `+` where a timestamp or duration is involved, else undefined. */
export function addTimes(a: Value, b: Value): Value | undefined {
  if (a instanceof Duration) {
    if (b instanceof Duration) return durationFrom(a.nanos + b.nanos);
    if (b instanceof Timestamp) return timestampFrom(0n, totalNanos(b) + a.nanos, b.offset);
  }
  if (a instanceof Timestamp && b instanceof Duration) {
    return timestampFrom(0n, totalNanos(a) + b.nanos, a.offset);
  }
  return undefined;
}

/** `-` where a timestamp or duration is involved, else undefined. */
export function subtractTimes(a: Value, b: Value): Value | undefined {
  if (a instanceof Timestamp) {
    if (b instanceof Timestamp) return durationFrom(totalNanos(a) - totalNanos(b));
    if (b instanceof Duration) return timestampFrom(0n, totalNanos(a) - b.nanos, a.offset);
  }
  if (a instanceof Duration && b instanceof Duration) return durationFrom(a.nanos - b.nanos);
  return undefined;
}

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;

/** Reads RFC 3339. Throws `invalidArgument`, or `overflow` outside years 1 to 9999. */
export function parseTimestamp(text: string): Timestamp {
  const match = text.length > 64 ? null : RFC3339.exec(text);
  if (match === null) throw celError('invalidArgument', 'invalid timestamp');
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offsetHour = Number(match[10] ?? 0);
  const offsetMinute = Number(match[11] ?? 0);
  const days = daysFromCivil(year, month, day);
  const back = civilFromDays(days);
  const valid =
    back.month === month &&
    back.day === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    offsetHour < 24 &&
    offsetMinute < 60;
  if (!valid) throw celError('invalidArgument', 'invalid timestamp');
  const offset = (match[9] === '-' ? -1 : 1) * (offsetHour * 3600 + offsetMinute * 60);
  const seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset;
  const nanos = BigInt((match[7] ?? '').slice(0, 9).padEnd(9, '0'));
  return timestampFrom(BigInt(seconds), nanos, offset + 0);
}

/** RFC 3339 in the offset that the timestamp was written in, with as many decimals as needed. */
export function formatTimestamp(time: Timestamp): string {
  const local = time.seconds + time.offset;
  const days = Math.floor(local / 86_400);
  const rest = local - days * 86_400;
  const { year, month, day } = civilFromDays(days);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
  return `${date}T${clock}${fraction(time.nanos)}${zoneText(time.offset)}`;
}

function zoneText(offset: number): string {
  if (offset === 0) return 'Z';
  const minutes = Math.abs(offset) / 60;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function fraction(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  '\u00b5s': 1000n,
  '\u03bcs': 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};
const SPAN = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/;
const PART = /(\d*)\.?(\d*)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g;

/** Reads Go's duration text (`1h15m30.5s`). Throws `invalidArgument`, or `overflow` beyond int64. */
export function parseDuration(text: string): Duration {
  if (text === '0' || text === '+0' || text === '-0') return new Duration(0n);
  if (text.length > 200 || !SPAN.test(text)) throw celError('invalidArgument', 'invalid duration');
  let total = 0n;
  for (const [, whole = '', decimals = '', unit = ''] of text.matchAll(PART)) {
    const size = UNITS[unit] ?? 0n;
    total += BigInt(whole === '' ? 0 : whole) * size;
    if (decimals !== '') total += (BigInt(decimals) * size) / 10n ** BigInt(decimals.length);
  }
  return durationFrom(text.startsWith('-') ? -total : total);
}

/** Seconds with a fraction where needed: `90s`, `-0.5s`. */
export function formatDuration(duration: Duration): string {
  const negative = duration.nanos < 0n;
  const nanos = negative ? -duration.nanos : duration.nanos;
  return `${negative ? '-' : ''}${nanos / SECOND}${fraction(Number(nanos % SECOND))}s`;
}
