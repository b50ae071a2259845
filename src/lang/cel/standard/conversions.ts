// Conversions between types, `type` and `dyn` (cel-spec "Type Conversions").
import { celError } from '../error.ts';
import { global, literal, overload } from '../library.ts';
import type { FunctionDeclaration } from '../library.ts';
import {
  decodeUtf8,
  encodeUtf8,
  formatDouble,
  parseDouble,
  parseInt64,
  parseUint64,
} from '../text.ts';
import {
  formatDuration,
  formatTimestamp,
  parseDuration,
  parseTimestamp,
  timestampFrom,
} from '../time.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  STRING,
  TIMESTAMP,
  typeParam,
  typeTypeOf,
  UINT,
} from '../type.ts';
import { doubleFrom, doubleValue, intFrom, typeOf, uintFrom } from '../value.ts';
import type { Double, Int, Timestamp, Uint, Value } from '../value.ts';

const A = typeParam('A');
const TWO_63 = 2 ** 63;
const TWO_64 = 2 ** 64;

function same(value: Value): Value {
  return value;
}

function overflow(): Error {
  return celError('overflow', 'range error: integer overflow');
}

function intFromDouble(value: number | Double): Int {
  const number = doubleValue(value);
  // Doubles at the very edges of int64 are refused, as cel-go does.
  if (!(number > -TWO_63 && number < TWO_63)) throw overflow();
  return intFrom(BigInt(Math.trunc(number))) as Int;
}

function uintFromDouble(value: number | Double): Uint {
  const number = doubleValue(value);
  if (!(number >= 0 && number < TWO_64)) throw overflow();
  return uintFrom(BigInt(Math.trunc(number))) as Uint;
}

function intFromUint(value: Uint): Int {
  const result = intFrom(value.value);
  if (result === undefined) throw overflow();
  return result;
}

function uintFromInt(value: Int): Uint {
  const result = uintFrom(BigInt(value));
  if (result === undefined) throw overflow();
  return result;
}

function timestampFromInt(seconds: Int): Timestamp {
  return timestampFrom(BigInt(seconds), 0n);
}

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

function boolFromString(text: string): boolean {
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw celError('invalidArgument', 'cannot convert string to bool');
}

/** Reading text costs a tenth per character. */
const reading = { cost: (text: string): number => text.length / 10 };

export const CONVERSIONS: readonly FunctionDeclaration[] = [
  global('type', overload([A], typeTypeOf(A), typeOf)),
  global('dyn', overload([A], DYN, same)),
  global(
    'int',
    overload([INT], INT, same),
    overload([UINT], INT, intFromUint),
    overload([DOUBLE], INT, intFromDouble),
    overload([STRING], INT, parseInt64),
    overload([TIMESTAMP], INT, (time) => time.seconds),
    overload([DURATION], INT, (duration) => intFrom(duration.nanos / 1_000_000_000n) ?? 0),
  ),
  global(
    'uint',
    overload([UINT], UINT, same),
    overload([INT], UINT, uintFromInt),
    overload([DOUBLE], UINT, uintFromDouble),
    overload([STRING], UINT, parseUint64),
  ),
  global(
    'double',
    overload([DOUBLE], DOUBLE, same),
    overload([INT], DOUBLE, (value) => doubleFrom(Number(value) + 0)),
    overload([UINT], DOUBLE, (value) => doubleFrom(Number(value.value))),
    overload([STRING], DOUBLE, parseDouble),
  ),
  global(
    'string',
    overload([STRING], STRING, same),
    overload([BOOL], STRING, String),
    overload([INT], STRING, String),
    overload([UINT], STRING, (value) => String(value.value)),
    overload([DOUBLE], STRING, (value) => formatDouble(doubleValue(value))),
    overload([BYTES], STRING, decodeUtf8, { cost: (bytes) => bytes.length / 10 }),
    overload([TIMESTAMP], STRING, formatTimestamp),
    overload([DURATION], STRING, formatDuration),
  ),
  global('bytes', overload([BYTES], BYTES, same), overload([STRING], BYTES, encodeUtf8, reading)),
  global('bool', overload([BOOL], BOOL, same), overload([STRING], BOOL, boolFromString)),
  global(
    'timestamp',
    overload([TIMESTAMP], TIMESTAMP, same),
    overload([STRING], TIMESTAMP, parseTimestamp, { specialise: literal(parseTimestamp) }),
    overload([INT], TIMESTAMP, timestampFromInt, { specialise: literal(timestampFromInt) }),
  ),
  global(
    'duration',
    overload([DURATION], DURATION, same),
    overload([STRING], DURATION, parseDuration, { specialise: literal(parseDuration) }),
  ),
];
