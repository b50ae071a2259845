// Floats as Go's strconv writes them with the shortest `%g`: 1234567.25 is 1.23456725e+06, 0.0001 is 0.0001.

/**
 * `strconv.FormatFloat(value, 'g', -1, bits)` in YAML's spelling of the special values.
 * @param bits 32 rounds to single precision first, which is how Go writes float keys
 */
export function formatGoFloat(value: number, bits: 32 | 64 = 64): string {
  const rounded = bits === 32 ? Math.fround(value) : value;
  if (Number.isNaN(rounded)) return '.nan';
  if (!Number.isFinite(rounded)) return rounded > 0 ? '.inf' : '-.inf';
  if (rounded === 0) return Object.is(rounded, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = '0'] = shortest(Math.abs(rounded), bits).split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  const sign = rounded < 0 ? '-' : '';
  // With the shortest digits, Go's %g changes over to an exponent from a million on.
  const wide = exponent < -4 || exponent >= 6;
  return sign + (wide ? scientific(digits, exponent) : positional(digits, exponent));
}

function shortest(value: number, bits: 32 | 64): string {
  if (bits === 64) return value.toExponential();
  for (let precision = 0; precision < 9; precision++) {
    const text = value.toExponential(precision);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential();
}

function scientific(digits: string, exponent: number): string {
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  const size = Math.abs(exponent).toString().padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, '0');
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}
