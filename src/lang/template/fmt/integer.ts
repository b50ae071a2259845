// Integer verbs: %d %b %o %O %x %X %c %q %U.
import { quoteRune } from '../strconv/quote.ts';
import { isPrint, unicodeNotation } from '../strconv/rune.ts';
import type { Flags } from './flags.ts';
import { pad, padding } from './flags.ts';

export interface IntegerStyle {
  readonly base: 2 | 8 | 10 | 16;
  /** `%X` */
  readonly upper?: boolean;
  /** `%O`: 0o before the digits. */
  readonly letterO?: boolean;
}

/** An integer in some base, with sign, prefix, precision and width. */
export function formatInteger(flags: Flags, value: number | bigint, style: IntegerStyle): string {
  const negative = value < 0;
  const { precision } = flags;
  // Precision 0 and value 0 print nothing but the width.
  if (precision === 0 && (value === 0 || value === 0n)) {
    return padding(flags, flags.width ?? 0, false);
  }
  const magnitude = negative ? -value : value;
  let digits = magnitude.toString(style.base);
  if (style.upper === true) digits = digits.toUpperCase();
  digits = digits.padStart(leadingZeros(flags, negative), '0');
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  return pad(flags, sign + prefix(flags, style, digits) + digits, false);
}

function leadingZeros(flags: Flags, negative: boolean): number {
  if (flags.precision !== undefined) return flags.precision;
  if (!flags.zero || flags.minus || flags.width === undefined) return 0;
  return negative || flags.plus || flags.space ? flags.width - 1 : flags.width;
}

function prefix(flags: Flags, style: IntegerStyle, digits: string): string {
  let text = style.letterO === true ? '0o' : '';
  if (!flags.sharp) return text;
  if (style.base === 2) text += '0b';
  else if (style.base === 16) text += style.upper === true ? '0X' : '0x';
  else if (style.base === 8 && !digits.startsWith('0')) text += '0';
  return text;
}

const MAX_RUNE = 0x10ffff;

/** The rune of an integer; what is none is U+FFFD. Negative numbers count as huge ones. */
function toRune(value: number | bigint): number {
  const code = Number(value);
  if (code < 0 || code > MAX_RUNE || (code >= 0xd800 && code <= 0xdfff)) return 0xfffd;
  return code;
}

/** `%c` */
export function formatCharacter(flags: Flags, value: number | bigint): string {
  return pad(flags, String.fromCodePoint(toRune(value)));
}

/** `%q` of an integer */
export function formatQuotedCharacter(flags: Flags, value: number | bigint): string {
  return pad(flags, quoteRune(toRune(value), flags.plus));
}

/** `%U`, and `%#U` with the character behind it. */
export function formatUnicode(flags: Flags, value: number | bigint): string {
  const unsigned = value < 0 ? BigInt.asUintN(64, BigInt(value)) : value;
  const digits = unicodeNotation(unsigned)
    .slice(2)
    .padStart(flags.precision ?? 0, '0');
  const code = Number(unsigned);
  const shown =
    flags.sharp && code <= MAX_RUNE && isPrint(code) ? ` '${String.fromCodePoint(code)}'` : '';
  return pad(flags, `U+${digits}${shown}`, false);
}
