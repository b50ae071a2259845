// Doubles as decimal text, rounded half to even as Go does (JavaScript's toFixed rounds halves up).

/** Shortest digits that read back as the same double, without an exponent. */
export function decimal(value: number): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  const [, sign = '', head = '', tail = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const negativeZero = Object.is(value, -0) ? '-' : sign;
  const digits = head + tail;
  const point = head.length + Number(power);
  if (point <= 0) return `${negativeZero}0.${'0'.repeat(-point)}${digits}`;
  const padded = digits.padEnd(point, '0');
  const fraction = padded.slice(point);
  return `${negativeZero}${padded.slice(0, point)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** With so many digits after the point. */
export function fixed(value: number, precision: number): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  return signOf(value) + insertPoint(scaledDigits(Math.abs(value), precision), precision);
}

/** One digit before the point, `precision` after it, and an exponent of at least two digits. */
export function scientific(value: number, precision: number): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  const size = Math.abs(value);
  let power = size === 0 ? 0 : Number(size.toExponential().split('e')[1]);
  let digits = scaledDigits(size, precision - power);
  if (digits.length > precision + 1) {
    // 9.9… was rounded up to 10.
    power++;
    digits = digits.slice(0, -1);
  }
  const exponent = String(Math.abs(power)).padStart(2, '0');
  const mantissa = insertPoint(digits.padStart(precision + 1, '0'), precision);
  return `${signOf(value)}${mantissa}e${power < 0 ? '-' : '+'}${exponent}`;
}

function specialText(value: number): string | undefined {
  return Number.isFinite(value) ? undefined : String(value);
}

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? '-' : '';
}

function insertPoint(digits: string, precision: number): string {
  if (precision === 0) return digits;
  const padded = digits.padStart(precision + 1, '0');
  return `${padded.slice(0, -precision)}.${padded.slice(-precision)}`;
}

/** `value × 10^power` as an integer, exact arithmetic, half to even. */
function scaledDigits(value: number, power: number): string {
  const { mantissa, exponent } = binaryParts(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (power >= 0) numerator *= 10n ** BigInt(power);
  else denominator *= 10n ** BigInt(-power);
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  const quotient = numerator / denominator;
  const twice = (numerator - quotient * denominator) * 2n;
  const up = twice > denominator || (twice === denominator && (quotient & 1n) === 1n);
  return String(up ? quotient + 1n : quotient);
}

/** The double as `mantissa × 2^exponent`. */
function binaryParts(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n;
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}
