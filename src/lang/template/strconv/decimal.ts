// The decimal digits of a float64: shortest, or exact and rounded half to even.

/** 0.d1d2d3… × 10^point; no digits for zero. */
export interface Decimal {
  readonly digits: string;
  readonly point: number;
}

const ZERO: Decimal = { digits: '', point: 0 };

/** The fewest digits that read back as the same number; the number is finite and not negative. */
export function shortestDecimal(value: number): Decimal {
  if (value === 0) return ZERO;
  const text = value.toExponential();
  const mark = text.indexOf('e');
  const digits = text.slice(0, 1) + text.slice(2, mark);
  return { digits, point: Number(text.slice(mark + 1)) + 1 };
}

/** Mantissa and binary exponent: value = mantissa × 2^exponent. */
export function decompose(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** Every digit of the number's exact value. */
function exactDecimal(value: number): Decimal {
  if (value === 0) return ZERO;
  const { mantissa, exponent } = decompose(value);
  if (exponent >= 0) {
    const digits = (mantissa << BigInt(exponent)).toString();
    return { digits, point: digits.length };
  }
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString();
  return { digits, point: digits.length + exponent };
}

/**
 * Rounds the exact value to a number of digits, half to even.
 * @param count maps the position of the decimal point to the number of digits to keep
 */
export function roundedDecimal(value: number, count: (point: number) => number): Decimal {
  const exact = exactDecimal(value);
  return trim(round(exact, count(exact.point)));
}

function trim({ digits, point }: Decimal): Decimal {
  const significant = digits.replace(/0+$/, '');
  return significant === '' ? ZERO : { digits: significant, point };
}

function round({ digits, point }: Decimal, keep: number): Decimal {
  if (keep < 0) return ZERO;
  if (keep >= digits.length) return { digits, point };
  const kept = digits.slice(0, keep);
  if (!roundsUp(digits, keep)) return { digits: kept, point };
  const raised = (BigInt(`0${kept}`) + 1n).toString().padStart(keep, '0');
  return raised.length > keep ? { digits: raised, point: point + 1 } : { digits: raised, point };
}

function roundsUp(digits: string, at: number): boolean {
  const next = digits[at] ?? '0';
  if (next !== '5') return next > '5';
  if (/[1-9]/.test(digits.slice(at + 1))) return true;
  return at > 0 && Number(digits[at - 1]) % 2 === 1;
}
