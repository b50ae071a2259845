// Code points, UTF-8 and number text, where JavaScript and CEL see strings differently.
import { celError } from './error.ts';
import { doubleFrom, intFrom, uintFrom } from './value.ts';
import type { Int, Uint, Value } from './value.ts';

/** The number of code points. */
export function codePointLength(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      count--;
      index++;
    }
  }
  return count;
}

export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Throws `invalidArgument` for bytes that are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw celError('invalidArgument', 'invalid UTF-8 in bytes, cannot convert to string');
  }
}

/** Longest text that is read as a number. */
const MAX_DIGITS = 400;

/** Reads a decimal int as Go's ParseInt does. */
export function parseInt64(text: string): Int {
  const value = text.length > MAX_DIGITS || !/^[+-]?[0-9]+$/.test(text) ? undefined : BigInt(text);
  const result = value === undefined ? undefined : intFrom(value);
  if (result === undefined) throw celError('invalidArgument', 'cannot convert string to int');
  return result;
}

export function parseUint64(text: string): Uint {
  const value = text.length > MAX_DIGITS || !/^[0-9]+$/.test(text) ? undefined : BigInt(text);
  const result = value === undefined ? undefined : uintFrom(value);
  if (result === undefined) throw celError('invalidArgument', 'cannot convert string to uint');
  return result;
}

const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

export function parseDouble(text: string): Value {
  if (text.length <= MAX_DIGITS) {
    const special = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(text);
    if (special !== null) {
      if (special[2] === undefined) return NaN;
      return special[1] === '-' ? -Infinity : Infinity;
    }
    const value = DECIMAL.test(text) ? Number(text) : NaN;
    if (Number.isFinite(value)) return doubleFrom(value);
  }
  throw celError('invalidArgument', 'cannot convert string to double');
}

/** A double as Go's `strconv.FormatFloat(x, 'g', -1, 64)` writes it: `1.5`, `1e+06`, `-Inf`. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  // Go takes the exponent form below 1e-4 and from 1e6 where the shortest digits are wanted.
  if (exponent >= -4 && exponent < 6) return String(value);
  const sign = exponent < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
