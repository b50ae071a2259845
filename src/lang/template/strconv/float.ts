// Formatting floats as strconv.FormatFloat does, in every format.
import type { Decimal } from './decimal.ts';
import { decompose, roundedDecimal, shortestDecimal } from './decimal.ts';

export type FloatFormat = 'e' | 'E' | 'f' | 'g' | 'G' | 'b' | 'x' | 'X';

/**
 * strconv.FormatFloat(value, format, precision, 64).
 * @param precision digits, as the format counts them; -1 for as few as are needed
 */
export function formatFloat(value: number, format: FloatFormat, precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  const negative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  return (negative ? '-' : '') + formatMagnitude(magnitude, format, precision);
}

function formatMagnitude(value: number, format: FloatFormat, precision: number): string {
  switch (format) {
    case 'b':
      return binary(value);
    case 'x':
      return hexadecimal(value, precision);
    case 'X':
      return hexadecimal(value, precision).toUpperCase();
    case 'e':
      return exponential(value, precision);
    case 'E':
      return exponential(value, precision).toUpperCase();
    case 'f':
      return fixed(value, precision);
    case 'g':
      return general(value, precision);
    case 'G':
      return general(value, precision).toUpperCase();
  }
}

function exponent(value: number, mark: string): string {
  return `${mark}${value < 0 ? '-' : '+'}${String(Math.abs(value)).padStart(2, '0')}`;
}

function exponential(value: number, precision: number): string {
  const decimal =
    precision < 0 ? shortestDecimal(value) : roundedDecimal(value, () => precision + 1);
  return withExponent(decimal, precision < 0 ? decimal.digits.length - 1 : precision);
}

function withExponent({ digits, point }: Decimal, precision: number): string {
  const first = digits[0] ?? '0';
  const rest = digits.slice(1, precision + 1).padEnd(Math.max(0, precision), '0');
  const power = digits === '' ? 0 : point - 1;
  return `${first}${precision > 0 ? `.${rest}` : ''}${exponent(power, 'e')}`;
}

function fixed(value: number, precision: number): string {
  const decimal =
    precision < 0 ? shortestDecimal(value) : roundedDecimal(value, (point) => point + precision);
  const places = precision < 0 ? Math.max(decimal.digits.length - decimal.point, 0) : precision;
  return withoutExponent(decimal, places);
}

function withoutExponent({ digits, point }: Decimal, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (places <= 0) return whole;
  const fraction = point > 0 ? digits.slice(point) : '0'.repeat(Math.min(-point, places)) + digits;
  return `${whole}.${fraction.slice(0, places).padEnd(places, '0')}`;
}

function general(value: number, precision: number): string {
  const shortest = precision < 0;
  const wanted = precision === 0 ? 1 : precision;
  const decimal = shortest ? shortestDecimal(value) : roundedDecimal(value, () => wanted);
  const count = decimal.digits.length;
  // With as few digits as needed the exponent form starts at six digits (go-templates §4.3).
  let limit = shortest ? 6 : wanted;
  if (!shortest && limit > count && count >= decimal.point) limit = count;
  const power = decimal.digits === '' ? -1 : decimal.point - 1;
  if (power < -4 || power >= limit) {
    return withExponent(decimal, (shortest || wanted > count ? count : wanted) - 1);
  }
  return withoutExponent(decimal, Math.max(count - decimal.point, 0));
}

function binary(value: number): string {
  const { mantissa, exponent: power } = decompose(value);
  return `${mantissa}p${power < 0 ? '' : '+'}${power}`;
}

const FRACTION_DIGITS = 13;

function hexadecimal(value: number, precision: number): string {
  let { mantissa, exponent: power } = decompose(value);
  if (mantissa === 0n) return `0x0${dotted('', precision)}p+00`;
  while (mantissa >> 52n === 0n) {
    mantissa <<= 1n;
    power -= 1;
  }
  power += 52;
  if (precision >= 0 && precision < FRACTION_DIGITS) {
    mantissa = roundBits(mantissa, BigInt((FRACTION_DIGITS - precision) * 4));
    if (mantissa >> 53n === 1n) {
      mantissa >>= 1n;
      power += 1;
    }
  }
  const fraction = (mantissa & ((1n << 52n) - 1n)).toString(16).padStart(FRACTION_DIGITS, '0');
  return `0x1${dotted(fraction.replace(/0+$/, ''), precision)}${exponent(power, 'p')}`;
}

function dotted(fraction: string, precision: number): string {
  const digits = precision < 0 ? fraction : fraction.slice(0, precision).padEnd(precision, '0');
  return digits === '' ? '' : `.${digits}`;
}

/** Clears the lowest bits, rounding half to even. */
function roundBits(value: bigint, bits: bigint): bigint {
  const rest = value & ((1n << bits) - 1n);
  const half = 1n << (bits - 1n);
  const kept = value >> bits;
  const up = rest > half || (rest === half && (kept & 1n) === 1n);
  return (up ? kept + 1n : kept) << bits;
}
