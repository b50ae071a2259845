// A Kubernetes quantity (`500m`, `1.5Gi`, `12e6`) as an exact decimal, for the CEL type of that name.
import { celError } from '../error.ts';
import { Opaque } from '../value.ts';

export const QUANTITY_TYPE = 'kubernetes.Quantity';

/** Suffix → power and whether it is a power of 2. Kubernetes API conventions, "Quantity". */
const SUFFIXES: ReadonlyMap<string, Unit> = new Map([
  ...['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map((suffix, index): [string, Unit] => {
    return [suffix, { binary: false, power: 3 * (index - 3) }];
  }),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, index): [string, Unit] => {
    return [suffix, { binary: true, power: 10 * (index + 1) }];
  }),
]);

const MAX_INT64 = 2n ** 63n - 1n;
const NANO = -9;
/** Digits that a quantity may have: `1e2000000000 + 1` would fill the memory. */
const MAX_DIGITS = 4000;

/** Number and suffix are matched one after the other: in one pattern, a bad end would backtrack. */
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?/;
const SUFFIX = /^[eEinumkKMGTP]*[+-]?\d*$/;
const LEADING_ZEROS = /^0+/;

/** What Kubernetes says about a text that is no quantity; the texts are part of the API. */
const BAD_FORM = 'quantities must match the regular expression of the Kubernetes API';
const BAD_NUMBER = 'unable to parse numeric part of quantity';
const BAD_SUFFIX = "unable to parse quantity's suffix";

/**
 * `digits × 10^exponent`. Kubernetes keeps small numbers as int64 with a scale and all others as big
 * decimals, and only the first kind converts to an integer (`0.5Ki`, `1Pi` do not): `small` tells.
 */
export class Quantity extends Opaque {
  readonly digits: bigint;
  readonly exponent: number;
  readonly small: boolean;

  constructor(digits: bigint, exponent: number, small: boolean) {
    super();
    this.digits = digits;
    this.exponent = exponent;
    this.small = small;
  }

  get celType(): string {
    return QUANTITY_TYPE;
  }

  equals(other: Opaque): boolean {
    return other instanceof Quantity && this.compare(other) === 0;
  }

  /** -1, 0 or 1; never builds a number longer than the two given ones. */
  compare(other: Quantity): number {
    const sign = signOf(this.digits);
    if (sign !== signOf(other.digits) || sign === 0) return Math.sign(sign - signOf(other.digits));
    // Unequal lengths before the decimal point decide without any arithmetic.
    const size = magnitude(this) - magnitude(other);
    if (size !== 0) return size > 0 ? sign : -sign;
    const exponent = Math.min(this.exponent, other.exponent);
    return signOf(scaled(this, exponent) - scaled(other, exponent));
  }

  add(other: Quantity): Quantity {
    const small = this.small && other.small;
    if (other.digits === 0n) return new Quantity(this.digits, this.exponent, small);
    if (this.digits === 0n) return new Quantity(other.digits, other.exponent, small);
    const exponent = Math.min(this.exponent, other.exponent);
    if (Math.max(magnitude(this), magnitude(other)) - exponent > MAX_DIGITS) {
      throw celError('overflow', `quantity longer than ${MAX_DIGITS} digits`);
    }
    const [a, b] = [scaled(this, exponent), scaled(other, exponent)];
    const fits = fitsInt64(a) && fitsInt64(b) && fitsInt64(a + b);
    return new Quantity(a + b, exponent, small && fits);
  }

  negate(): Quantity {
    return new Quantity(-this.digits, this.exponent, this.small);
  }

  /** The value as int64, or undefined where Kubernetes does not convert it. */
  toInteger(): bigint | undefined {
    if (!this.small || this.exponent < 0) return undefined;
    if (this.digits === 0n) return 0n;
    if (this.exponent > 18) return undefined;
    const value = this.digits * 10n ** BigInt(this.exponent);
    return fitsInt64(value) ? value : undefined;
  }

  /** As Kubernetes computes it: float of the digits times float power of ten (0.3 → 0.30000000000000004). */
  toFloat(): number {
    const base = Number(this.digits);
    return this.exponent === 0 ? base : base * powerOfTen(this.exponent);
  }

  sign(): number {
    return signOf(this.digits);
  }
}

/** A quantity of an int, as `q.add(20)` needs it. */
export function quantityOf(value: bigint): Quantity {
  return new Quantity(value, 0, true);
}

/**
 * Reads a quantity.
 * @throws CelError `invalidArgument` with the reason, without the text
 */
export function parseQuantity(text: string): Quantity {
  if (text.length > MAX_DIGITS) {
    throw celError('invalidArgument', `quantity longer than ${MAX_DIGITS} digits`);
  }
  const [number = '', sign = '', integer = '', fraction = ''] = NUMBER.exec(text) ?? [];
  const suffix = text.slice(number.length);
  if (text === '' || !SUFFIX.test(suffix)) throw celError('invalidArgument', BAD_FORM);
  if (text === sign) return quantityOf(0n);
  const unit = readSuffix(suffix);
  if (unit === undefined) throw celError('invalidArgument', BAD_SUFFIX);
  const numerator = integer.replace(LEADING_ZEROS, '') || '0';
  const unsigned = BigInt(numerator + fraction);
  const digits = sign === '-' ? -unsigned : unsigned;
  const small = asSmall(digits, { numerator, fraction, unit });
  if (small !== undefined) return small;
  if (integer === '' && fraction === '') throw celError('invalidArgument', BAD_NUMBER);
  return asDecimal(digits, -fraction.length, unit);
}

interface Unit {
  readonly binary: boolean;
  readonly power: number;
}

function readSuffix(suffix: string): Unit | undefined {
  const known = SUFFIXES.get(suffix);
  if (known !== undefined) return known;
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  if (exponent === undefined || exponent.length > 30) return undefined;
  const value = BigInt(exponent);
  if (!fitsInt64(value)) return undefined;
  // Kubernetes keeps the low 32 bits.
  return { binary: false, power: Number(BigInt.asIntN(32, value)) };
}

/** The form with an int64 and a scale, where Kubernetes chooses it. */
function asSmall(
  digits: bigint,
  parts: { readonly numerator: string; readonly fraction: string; readonly unit: Unit },
): Quantity | undefined {
  const { numerator, fraction, unit } = parts;
  if (unit.binary) {
    const room = 15 - numerator.length - Math.trunc((unit.power * 3) / 10) - 1;
    if (fraction !== '' || room < 0) return undefined;
    const value = digits << BigInt(unit.power);
    return fitsInt64(value) ? new Quantity(value, 0, true) : undefined;
  }
  const exponent = unit.power - fraction.length;
  if (numerator.length + fraction.length > 18 || exponent < NANO) return undefined;
  return new Quantity(digits, exponent, true);
}

/** The big form: rounded up to the nearest nano, binary ones capped at int64. */
function asDecimal(digits: bigint, exponent: number, unit: Unit): Quantity {
  const whole = unit.binary ? digits << BigInt(unit.power) : digits;
  const power = unit.binary ? exponent : exponent + unit.power;
  if (whole === 0n) return new Quantity(0n, Math.max(power, NANO), false);
  if (power > MAX_DIGITS) {
    throw celError('overflow', `quantity longer than ${MAX_DIGITS} digits`);
  }
  const rounded = new Quantity(toNano(whole, power), NANO, false);
  if (!unit.binary) return rounded;
  const cap = new Quantity(MAX_INT64, 0, false);
  if (rounded.compare(cap) > 0) return cap;
  return rounded.compare(cap.negate()) < 0 ? cap.negate() : rounded;
}

/** `digits × 10^power` in units of 10^-9, away from zero. */
function toNano(digits: bigint, power: number): bigint {
  if (power >= NANO) return digits * 10n ** BigInt(power - NANO);
  const length = digitCount(digits);
  const away = digits < 0n ? -1n : 1n;
  if (NANO - power > length) return away;
  const divisor = 10n ** BigInt(NANO - power);
  const quotient = digits / divisor;
  return quotient * divisor === digits ? quotient : quotient + away;
}

/** The position of the first digit, counted from the decimal point. */
function magnitude(quantity: Quantity): number {
  return digitCount(quantity.digits) + quantity.exponent;
}

function digitCount(digits: bigint): number {
  return (digits < 0n ? -digits : digits).toString().length;
}

function scaled(quantity: Quantity, exponent: number): bigint {
  return quantity.digits * 10n ** BigInt(quantity.exponent - exponent);
}

function signOf(value: bigint): number {
  if (value === 0n) return 0;
  return value > 0n ? 1 : -1;
}

function fitsInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** Go's `Pow10`: the product (or quotient) of two table entries, so the same last bit. */
function powerOfTen(exponent: number): number {
  const size = Math.abs(exponent);
  const coarse = Number(`1e${Math.sign(exponent) * (size - (size % 32))}`);
  const fine = Number(`1e${size % 32}`);
  return exponent < 0 ? coarse / fine : coarse * fine;
}
