// `text.format([…])`: the clauses %s %d %f %e %x %X %o %b (cel-spec strings extension).
import { Buffer } from 'node:buffer';
import { celError } from '../error.ts';
import { compareStrings } from '../order.ts';
import { decodeUtf8 } from '../text.ts';
import { formatDuration, formatTimestamp } from '../time.ts';
import {
  doubleValue,
  Duration,
  isDouble,
  isInt,
  isList,
  isMap,
  mapEntries,
  Timestamp,
  typeName,
  TypeValue,
  Uint,
} from '../value.ts';
import type { List, Value } from '../value.ts';
import { growthCost, traversalCost } from './cost.ts';
import { decimal, fixed, scientific } from './decimal-text.ts';

const DEFAULT_PRECISION = 6;
/** More digits than any double has; a bound for the size of the result. */
const MAX_PRECISION = 1000;

const CLAUSE = /%(?:\.(\d+))?(.?)/gsu;

/**
 * Replaces each clause by the next argument.
 * @throws CelError `invalidArgument` for unknown clauses, missing arguments and arguments of a type
 *   that the clause does not take; messages name types, never values
 */
export function formatText(
  template: string,
  args: List,
  clauses: ReadonlyMap<string, Format> = CLAUSES,
): string {
  let next = 0;
  return template.replace(CLAUSE, (_, digits: string | undefined, verb: string) => {
    if (verb === '%' && digits === undefined) return '%';
    if (verb === '') throw celError('invalidArgument', 'unexpected end of format string');
    const precision = digits === undefined ? DEFAULT_PRECISION : Number(digits);
    if (precision > MAX_PRECISION) {
      throw celError('invalidArgument', `precision larger than ${MAX_PRECISION}`);
    }
    const format = clauses.get(verb);
    if (format === undefined) {
      throw celError('invalidArgument', 'could not parse formatting clause');
    }
    if (next >= args.length) throw celError('invalidArgument', `index ${next} out of range`);
    const text = format(args[next] as Value, precision);
    next++;
    return text;
  });
}

/** The text and everything that the arguments may print. */
export function formatCost(template: string, args: List): number {
  let length = template.length + 20 * traversalCost(args);
  for (const arg of args) if (typeof arg === 'string') length += arg.length;
  for (const [, digits = '0'] of template.matchAll(CLAUSE)) {
    length += Math.min(Number(digits), MAX_PRECISION);
  }
  return growthCost(length);
}

type Format = (value: Value, precision: number) => string;

const CLAUSES: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['s', printed],
  ['d', inDecimal],
  ['f', (value, precision) => inDigits(value, 'fixed-point', (x) => fixed(x, precision))],
  ['e', (value, precision) => inDigits(value, 'scientific', (x) => scientific(x, precision))],
  ['x', (value) => inHex(value)],
  ['X', (value) => inHex(value).toUpperCase()],
  ['o', (value) => inBase(value, 8)],
  ['b', (value) => (typeof value === 'boolean' ? String(Number(value)) : inBase(value, 2))],
]);

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `3.140000×10⁰⁰`: how the version of the extension that Kubernetes enables writes exponents. */
function superscript(text: string): string {
  return text.replace(/e([+-])(\d+)$/, (_, sign: string, digits: string) => {
    const raised = digits.replaceAll(/\d/g, (digit) => SUPERSCRIPTS.charAt(Number(digit)));
    return `×10${sign === '-' ? '⁻' : ''}${raised}`;
  });
}

/** The clauses of version 2 of the strings extension, which Kubernetes has. */
export const CLAUSES_V2: ReadonlyMap<string, Format> = new Map<string, Format>([
  ...CLAUSES,
  [
    'e',
    (value, precision) =>
      inDigits(value, 'scientific', (x) => superscript(scientific(x, precision))),
  ],
]);

/** %s: how CEL prints any value but those of library types. */
function printed(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || isInt(value)) return String(value);
  if (isDouble(value)) return decimal(doubleValue(value));
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return decodeUtf8(value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof TypeValue) return value.name;
  if (isList(value)) return `[${value.map(printed).join(', ')}]`;
  if (!isMap(value)) return refuse('string', value);
  const entries = Array.from(mapEntries(value), ([key, entry]) => [printed(key), printed(entry)]);
  const sorted = entries.toSorted(([a = ''], [b = '']) => compareStrings(a, b));
  return `{${sorted.map((entry) => entry.join(': ')).join(', ')}}`;
}

function inDecimal(value: Value): string {
  if (isInt(value)) return String(value);
  if (value instanceof Uint) return String(value.value);
  return isDouble(value) ? decimal(doubleValue(value)) : refuse('decimal', value);
}

function inDigits(value: Value, clause: string, format: (x: number) => string): string {
  if (isInt(value)) return format(Number(value));
  if (value instanceof Uint) return format(Number(value.value));
  return isDouble(value) ? format(doubleValue(value)) : refuse(clause, value);
}

function inBase(value: Value, base: 2 | 8 | 16): string {
  if (isInt(value)) return value.toString(base);
  if (value instanceof Uint) return value.value.toString(base);
  return refuse({ 2: 'binary', 8: 'octal', 16: 'hex' }[base], value);
}

function inHex(value: Value): string {
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('hex');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return inBase(value, 16);
}

function refuse(clause: string, value: Value): never {
  const type = typeName(value);
  throw celError('invalidArgument', `error during formatting: ${clause} clause given ${type}`);
}
