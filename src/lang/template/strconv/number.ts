// Reading numbers as Go's strconv does: base prefixes, underscores, hexadecimal floats.

const DIGITS: Readonly<Record<number, RegExp>> = {
  2: /^[01]+$/,
  8: /^[0-7]+$/,
  10: /^[0-9]+$/,
  16: /^[0-9a-fA-F]+$/,
};
const PREFIX: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 10: '', 16: '0x' };

/** Why a number was refused, as strconv tells it: bad syntax or out of range. */
export type NumberProblem = 'syntax' | 'range';

/** Underscores may stand between digits, and between a base prefix and the digits. */
function underscoresOk(text: string): boolean {
  const body = text.replace(/^[+-]/, '').toLowerCase();
  const hex = body.startsWith('0x');
  const prefixed = /^0[box]/.test(body);
  // A prefix counts as a digit for the rule.
  const rest = prefixed ? `0${body.slice(2)}` : body;
  const digit = hex ? '[0-9a-f]' : '[0-9]';
  const stray = new RegExp(`(^|[^_])_(?!${digit})|(?<!${digit})_`);
  return !stray.test(rest) && !rest.includes('__');
}

function splitBase(text: string): { readonly base: number; readonly digits: string } {
  const lower = text.toLowerCase();
  if (lower.startsWith('0x')) return { base: 16, digits: text.slice(2) };
  if (lower.startsWith('0b')) return { base: 2, digits: text.slice(2) };
  if (lower.startsWith('0o')) return { base: 8, digits: text.slice(2) };
  if (text.length > 1 && text.startsWith('0')) return { base: 8, digits: text.slice(1) };
  return { base: 10, digits: text };
}

/** Unsigned digits in the base their prefix names; with `base` given, in that one without prefix. */
function parseDigits(text: string, base: number): bigint | 'syntax' {
  let digits = text;
  let radix = base;
  if (base === 0) {
    if (text.includes('_') && !underscoresOk(text)) return 'syntax';
    const split = splitBase(text);
    radix = split.base;
    digits = split.digits.replaceAll('_', '');
  }
  if (!DIGITS[radix]?.test(digits)) return 'syntax';
  return BigInt(`${PREFIX[radix]}${digits}`);
}

/** strconv.ParseUint(text, base, bits); base is 0, 2, 8, 10 or 16. */
export function parseUint(text: string, base = 10, bits = 64): bigint | NumberProblem {
  const value = parseDigits(text, base);
  if (value === 'syntax') return value;
  return value >= 1n << BigInt(bits) ? 'range' : value;
}

/** strconv.ParseInt(text, base, bits); base is 0, 2, 8, 10 or 16. */
export function parseInteger(text: string, base = 10, bits = 64): bigint | NumberProblem {
  const sign = text.startsWith('-') ? -1n : 1n;
  const value = parseDigits(text.replace(/^[+-]/, ''), base);
  if (value === 'syntax') return value;
  const limit = 1n << BigInt(bits - 1);
  if (value > limit || (value === limit && sign === 1n)) return 'range';
  return sign * value;
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const HEX = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?\d+)$/i;
const SPECIAL = /^([+-]?)(inf|infinity|nan)$/i;

/** strconv.ParseFloat(text, 64). */
export function parseFloat64(text: string): number | NumberProblem {
  let digits = text;
  if (text.includes('_')) {
    if (!underscoresOk(text)) return 'syntax';
    digits = text.replaceAll('_', '');
  }
  const special = SPECIAL.exec(digits);
  if (special !== null) {
    if (/^nan$/i.test(special[2] ?? '')) return special[1] === '' ? Number.NaN : 'syntax';
    return special[1] === '-' ? -Infinity : Infinity;
  }
  if (DECIMAL.test(digits)) {
    const value = Number(digits);
    return Number.isFinite(value) ? value : 'range';
  }
  return parseHexFloat(digits);
}

function parseHexFloat(text: string): number | NumberProblem {
  const match = HEX.exec(text);
  if (match === null) return 'syntax';
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  if (whole === '' && fraction === '') return 'syntax';
  const mantissa = BigInt(`0x${whole}${fraction}`);
  if (mantissa === 0n) return sign === '-' ? -0 : 0;
  const exponent = Number(power) - 4 * fraction.length;
  const value = scale(mantissa, exponent);
  if (!Number.isFinite(value)) return 'range';
  return sign === '-' ? -value : value;
}

/** mantissa × 2^exponent, rounded once, half to even. */
function scale(mantissa: bigint, exponent: number): number {
  const bits = mantissa.toString(2).length;
  const top = bits + exponent;
  if (top > 1024) return Infinity;
  if (top < -1075) return 0;
  // Bits that a float64 of this size can keep; fewer for subnormal values.
  const keep = Math.min(53, top + 1074);
  const drop = bits - keep;
  if (drop <= 0) return twoTo(Number(mantissa), exponent);
  const shift = BigInt(drop);
  const rest = mantissa & ((1n << shift) - 1n);
  const half = 1n << (shift - 1n);
  let kept = mantissa >> shift;
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  return twoTo(Number(kept), exponent + drop);
}

function twoTo(value: number, exponent: number): number {
  let result = value;
  let left = exponent;
  for (; left > 1000; left -= 1000) result *= 2 ** 1000;
  for (; left < -1000; left += 1000) result *= 2 ** -1000;
  return result * 2 ** left;
}
