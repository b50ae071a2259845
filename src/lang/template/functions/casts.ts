// Numbers out of any value, as cast 1.10 converts them for sprig (go-templates §6, Conversions):
// what cannot be converted is 0.
import { isIntKind } from '../type.ts';
import { GoInt, GoObject } from '../value.ts';
import type { Value } from '../value.ts';
import { parseFloat64, parseInteger } from '../strconv/number.ts';

/** int and int64: strings are read with Go's prefixes, decimals in them are cut off. */
export function toInteger(value: Value): bigint {
  if (value instanceof GoInt) return BigInt.asIntN(64, value.toBigInt());
  if (typeof value === 'number') return floatToInt64(value);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'string') return integerInText(value);
  return underlyingInteger(value) ?? 0n;
}

function integerInText(text: string): bigint {
  // `1.7` is 1, `.5` is 0; `1.5e3` and `1.2.3` are nothing.
  const whole = /^([+-]?[0-9]*)\.[0-9]*$/.exec(text)?.[1];
  if (whole === '' || whole === '+' || whole === '-') return 0n;
  const number = parseInteger(whole ?? text, 0);
  return typeof number === 'bigint' ? number : 0n;
}

export function toFloat(value: Value): number {
  if (typeof value === 'number') return value;
  if (value instanceof GoInt) return Number(value.value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') {
    const number = parseFloat64(value);
    return typeof number === 'number' ? number : 0;
  }
  return Number(underlyingInteger(value) ?? 0n);
}

/** A float as Go converts it on amd64: cut to a whole number, every overflow is the minimum. */
function floatToInt64(value: number): bigint {
  if (!(value >= -(2 ** 63) && value < 2 ** 63)) return -(2n ** 63n);
  return BigInt(Math.trunc(value));
}

/** A named integer type, such as time.Month, counts by its number. */
function underlyingInteger(value: Value): bigint | undefined {
  if (!(value instanceof GoObject) || !isIntKind(value.type.kind)) return undefined;
  return typeof value.state === 'bigint' || typeof value.state === 'number'
    ? BigInt(value.state)
    : undefined;
}
