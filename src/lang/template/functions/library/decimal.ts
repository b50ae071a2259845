// Exact decimal arithmetic for addf, subf, mulf and divf (go-templates §6): 0.1 + 0.2 is 0.3.
import { failure, success } from './result.ts';
import type { Result } from './result.ts';

/** digits × 10^exponent */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Quotients keep this many decimal places, rounded half away from zero. */
const DIVISION_PLACES = 16;

/** The shortest decimal that reads back as the same float; NaN and infinities are refused. */
export function decimalFromFloat(value: number): Result<Decimal> {
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
    return failure(`Cannot create a Decimal from ${name}`);
  }
  const [mantissa = '0', power = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return success({ digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length });
}

/** The float nearest to the decimal. */
export function decimalToFloat(decimal: Decimal): number {
  return Number(`${decimal.digits}e${decimal.exponent}`);
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const exponent = Math.min(left.exponent, right.exponent);
  return { digits: scaled(left, exponent) + scaled(right, exponent), exponent };
}

export function subtractDecimals(left: Decimal, right: Decimal): Decimal {
  return addDecimals(left, { digits: -right.digits, exponent: right.exponent });
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { digits: left.digits * right.digits, exponent: left.exponent + right.exponent };
}

export function divideDecimals(left: Decimal, right: Decimal): Result<Decimal> {
  if (right.digits === 0n) return failure('decimal division by 0');
  const shift = left.exponent - right.exponent + DIVISION_PLACES;
  const dividend = shift > 0 ? left.digits * 10n ** BigInt(shift) : left.digits;
  const divisor = shift < 0 ? right.digits * 10n ** BigInt(-shift) : right.digits;
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const roundsUp = 2n * magnitude(remainder) >= magnitude(divisor);
  const away = dividend < 0n === divisor < 0n ? 1n : -1n;
  return success({
    digits: roundsUp ? quotient + away : quotient,
    exponent: -DIVISION_PLACES,
  });
}

function scaled(decimal: Decimal, exponent: number): bigint {
  return decimal.digits * 10n ** BigInt(decimal.exponent - exponent);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
