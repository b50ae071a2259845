// Durations as Go reads, prints and rounds them: nanoseconds in 64 bits.
import { toBytes } from '../../bytes.ts';
import { failure, success } from './result.ts';
import type { Result } from './result.ts';

export const SECOND = 1_000_000_000n;
export const MINUTE = 60n * SECOND;
export const HOUR = 60n * MINUTE;
export const MAX_DURATION = 2n ** 63n - 1n;
export const MIN_DURATION = -(2n ** 63n);

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1000n],
  ['\u00b5s', 1000n],
  ['\u03bcs', 1000n],
  ['ms', 1_000_000n],
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
]);

/** Reads `1h15m30.5s`. */
export function parseDuration(text: string): Result<bigint> {
  const invalid = failure(`time: invalid duration ${quoteTime(text)}`);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  let rest = text.slice(sign.length);
  if (rest === '0') return success(0n);
  if (rest === '') return invalid;
  let total = 0n;
  while (rest !== '') {
    const [number = '', whole = '', fraction = ''] = /^([0-9]*)(?:\.([0-9]*))?/.exec(rest) ?? [];
    if (whole + fraction === '' || BigInt(`0${whole}`) > 2n ** 63n) return invalid;
    rest = rest.slice(number.length);
    const name = /^[^.0-9]*/.exec(rest)?.[0] ?? '';
    if (name === '') return failure(`time: missing unit in duration ${quoteTime(text)}`);
    const unit = UNITS.get(name);
    if (unit === undefined) {
      return failure(`time: unknown unit ${quoteTime(name)} in duration ${quoteTime(text)}`);
    }
    rest = rest.slice(name.length);
    total += BigInt(`0${whole}`) * unit + fractionOf(fraction, unit);
    if (total > 2n ** 63n) return invalid;
  }
  if (sign === '-') return success(-total);
  return total > MAX_DURATION ? invalid : success(total);
}

/** Go multiplies the fraction as a float and cuts off; digits beyond 63 bits do not count. */
function fractionOf(text: string, unit: bigint): bigint {
  let digits = 0n;
  let scale = 1;
  for (const digit of text) {
    const next = digits * 10n + BigInt(digit);
    if (digits > (2n ** 63n - 1n) / 10n || next > 2n ** 63n) break;
    digits = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(digits) * (Number(unit) / scale)));
}

/** Quotes as the time package does: bytes outside ASCII become hexadecimal escapes. */
export function quoteTime(text: string): string {
  let quoted = '';
  for (const char of text) {
    if (char === '"' || char === '\\') quoted += `\\${char}`;
    else if (char >= ' ' && char < '\x80') quoted += char;
    else for (const byte of toBytes(char)) quoted += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `"${quoted}"`;
}

/** `1h15m30.5s`; below a second the unit shrinks: `1.5ms`. */
export function formatDuration(duration: bigint): string {
  if (duration === 0n) return '0s';
  const size = duration < 0n ? -duration : duration;
  const sign = duration < 0n ? '-' : '';
  if (size < 1000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}\u00b5s`;
  if (size < SECOND) return `${sign}${decimal(size, 6)}ms`;
  const hours = size / HOUR;
  const minutes = (size / MINUTE) % 60n;
  const seconds = `${decimal(size % MINUTE, 9)}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`;
  return size >= MINUTE ? `${sign}${minutes}m${seconds}` : sign + seconds;
}

function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}

/** Towards zero, to a multiple of `unit`. */
export function truncateDuration(duration: bigint, unit: bigint): bigint {
  return unit <= 0n ? duration : duration - (duration % unit);
}

/** To the nearest multiple of `unit`, half away from zero, within 64 bits. */
export function roundDuration(duration: bigint, unit: bigint): bigint {
  if (unit <= 0n) return duration;
  const size = duration < 0n ? -duration : duration;
  const rest = size % unit;
  const rounded = rest + rest < unit ? size - rest : size + unit - rest;
  const signed = duration < 0n ? -rounded : rounded;
  if (signed > MAX_DURATION) return MAX_DURATION;
  return signed < MIN_DURATION ? MIN_DURATION : signed;
}
