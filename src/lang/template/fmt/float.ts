// Float verbs: %v %b %g %G %x %X %f %F %e %E, with the # flag's extra zeros.
import type { FloatFormat } from '../strconv/float.ts';
import { formatFloat } from '../strconv/float.ts';
import type { Flags } from './flags.ts';
import { pad, padding } from './flags.ts';

const FORMATS: ReadonlyMap<string, readonly [FloatFormat, number]> = new Map([
  ['v', ['g', -1]],
  ['b', ['b', -1]],
  ['g', ['g', -1]],
  ['G', ['G', -1]],
  ['x', ['x', -1]],
  ['X', ['X', -1]],
  ['f', ['f', 6]],
  ['F', ['f', 6]],
  ['e', ['e', 6]],
  ['E', ['E', 6]],
]);

export function isFloatVerb(verb: string): boolean {
  return FORMATS.has(verb);
}

/** A float under one of the verbs that `isFloatVerb` accepts. */
export function formatFloatVerb(flags: Flags, value: number, verb: string): string {
  const [format, standard] = FORMATS.get(verb) ?? ['g', -1];
  const precision = flags.precision ?? standard;
  let text = formatFloat(value, format, precision);
  let sign = '+';
  if (text.startsWith('-') || text.startsWith('+')) {
    sign = text.slice(0, 1);
    text = text.slice(1);
  }
  if (flags.space && sign === '+' && !flags.plus) sign = ' ';
  if (!Number.isFinite(value)) return formatSpecial(flags, sign, text);
  if (flags.sharp && verb !== 'b') text = withPoint(text, format, precision);
  if (!flags.plus && sign === '+') return pad(flags, text);
  const missing = (flags.width ?? 0) - text.length - 1;
  if (flags.zero && !flags.minus && missing > 0) return sign + padding(flags, missing) + text;
  return pad(flags, sign + text);
}

function formatSpecial(flags: Flags, sign: string, text: string): string {
  const silent = text === 'NaN' && !flags.space && !flags.plus;
  const shown = silent || (sign === '+' && !flags.plus) ? text : sign + text;
  // Infinity keeps its plus sign in Go, asked for or not.
  return pad(flags, text === 'Inf' ? sign + text : shown, false);
}

/** The # flag: always a decimal point, and the trailing zeros that %g would drop. */
function withPoint(text: string, format: FloatFormat, precision: number): string {
  const hexadecimal = format === 'x' || format === 'X';
  const mark = text.search(hexadecimal ? /[pP]/ : /[eE]/);
  const number = mark === -1 ? text : text.slice(0, mark);
  const tail = mark === -1 ? '' : text.slice(mark);
  let wanted = 0;
  if (format === 'g' || format === 'G' || format === 'x') wanted = precision === -1 ? 6 : precision;
  wanted -= number.replace('.', '').replace(/^0+/, '').length;
  if (number.includes('.')) return number + '0'.repeat(Math.max(0, wanted)) + tail;
  // A single leading zero counts as one digit.
  if (number === '0') wanted -= 1;
  return `${number}.${'0'.repeat(Math.max(0, wanted))}${tail}`;
}
