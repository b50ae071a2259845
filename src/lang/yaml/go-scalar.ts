// What a plain scalar means to Go's yaml/v2, and through it to Kubernetes and Helm: neither YAML 1.1 nor 1.2.
//
// yes/no/on/off/y/n are booleans, 0777 and 0o777 octal, 1_000 a number; dates and 12:30:45 stay strings, `<<`
// is only special as a key (go-templates §7, stack-and-style §1.3).

export type GoScalarKind = 'null' | 'bool' | 'int' | 'float' | 'string';

export interface GoScalar {
  readonly kind: GoScalarKind;
  /** Integers are `number` within ±(2^53-1), else `bigint`. */
  readonly value: null | boolean | number | bigint | string;
}

const WORDS: ReadonlyMap<string, GoScalar> = new Map<string, GoScalar>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word): [string, GoScalar] => [word, { kind: 'bool', value: true }],
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word): [string, GoScalar] => [word, { kind: 'bool', value: false }],
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, GoScalar] => [
    word,
    { kind: 'null', value: null },
  ]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, GoScalar] => [
    word,
    { kind: 'float', value: Number.NaN },
  ]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word): [string, GoScalar] => [
    word,
    { kind: 'float', value: Number.POSITIVE_INFINITY },
  ]),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, GoScalar] => [
    word,
    { kind: 'float', value: Number.NEGATIVE_INFINITY },
  ]),
]);
const LONGEST_WORD = 5;

/** By first character: 0 never anything but a string, 1 maybe a word, 2 maybe a number, 3 a dot. */
const FIRST: Uint8Array = (() => {
  const table = new Uint8Array(128);
  for (const character of 'yYnNtTfFoO~') table[character.charCodeAt(0)] = 1;
  for (const character of '0123456789+-') table[character.charCodeAt(0)] = 2;
  table['.'.charCodeAt(0)] = 3;
  return table;
})();

const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/u;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/u;
const DOT_FLOAT = /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/u;

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

/** Resolves a plain, untagged scalar that stands for a value. */
export function resolvePlain(text: string): GoScalar {
  if (text === '') return { kind: 'null', value: null };
  const first = FIRST[text.charCodeAt(0)] ?? 0;
  if (first !== 0) {
    const word = text.length <= LONGEST_WORD ? WORDS.get(text) : undefined;
    if (word !== undefined) return word;
    const number =
      first === 2 ? resolveNumber(text) : first === 3 ? resolveDotFloat(text) : undefined;
    if (number !== undefined) return number;
  }
  return { kind: 'string', value: text };
}

/** The value alone; the reader of manifests calls this for every plain scalar, so it allocates nothing. */
export function plainValue(text: string): GoScalar['value'] {
  const length = text.length;
  if (length === 0) return null;
  const first = FIRST[text.charCodeAt(0)] ?? 0;
  if (first === 0) return text;
  if (length <= LONGEST_WORD) {
    const word = WORDS.get(text);
    if (word !== undefined) return word.value;
  }
  if (first === 1) return text;
  if (first === 3) return resolveDotFloat(text)?.value ?? text;
  return smallDecimal(text) ?? resolveNumber(text)?.value ?? text;
}

/** True when the text, written plain, would not be read back as this very string. */
export function resolvesToOther(text: string): boolean {
  return resolvePlain(text).kind !== 'string' || isTimestamp(text);
}

function smallDecimal(text: string): number | undefined {
  const length = text.length;
  if (length > 15) return undefined;
  const first = text.charCodeAt(0);
  if (first === 48) return length === 1 ? 0 : undefined;
  let value = 0;
  for (let index = 0; index < length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

function resolveNumber(text: string): GoScalar | undefined {
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  if (INTEGER.test(plain)) {
    const integer = parseInteger(plain);
    if (integer !== undefined) return { kind: 'int', value: integer };
  }
  if (!FLOAT.test(plain)) return undefined;
  const value = Number(plain);
  // Go calls a literal out of range an error and then takes the text as a string.
  return Number.isFinite(value) ? { kind: 'float', value } : undefined;
}

function resolveDotFloat(text: string): GoScalar | undefined {
  if (!DOT_FLOAT.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { kind: 'float', value } : undefined;
}

/** Go takes int64 with a sign and uint64 without; anything larger is no integer to it. */
function parseInteger(text: string): number | bigint | undefined {
  const sign = text[0] === '-' || text[0] === '+' ? text[0] : '';
  const digits = text.slice(sign.length);
  const octal = /^0[0-7]/u.test(digits) ? `0o${digits.slice(1)}` : digits;
  const magnitude = Number(octal);
  if (magnitude <= Number.MAX_SAFE_INTEGER)
    return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
  const exact = BigInt(octal.toLowerCase()) * (sign === '-' ? -1n : 1n);
  const largest = sign === '' ? MAX_UINT64 : MAX_INT64;
  return exact > largest || exact < MIN_INT64 ? undefined : exact;
}

/** The date and time forms that yaml/v2 knows; it reads them as strings and quotes them on the way out. */
export function isTimestamp(text: string): boolean {
  if (!/^\d{4}-/u.test(text)) return false;
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(Z|[-+]\d\d:\d\d)?)?$/u.exec(
      text,
    );
  if (match === null) return false;
  const [, year, month, day, separator, hour, minute, second, zone] = match;
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return false;
  if (separator === undefined) return true;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return false;
  if (separator === ' ') return zone === undefined;
  if (zone === undefined) return false;
  return zone === 'Z' || (Number(zone.slice(1, 3)) <= 24 && Number(zone.slice(4)) <= 60);
}

/** Days of a month; 0 for a month that does not exist. */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
