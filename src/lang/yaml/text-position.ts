// Where a character of a scalar's text stands in the file: block texts are indented, quoted ones escaped, long ones folded.
import { isBlank, isBreak } from './characters.ts';
import type { Position } from './position.ts';

/**
 * The offset of a character in the source. Folding, chomping and indentation change white space only, so
 * the characters between are counted; escapes count as what they stand for.
 * @param source what the scalar stands in
 * @param start where its node starts, properties included
 * @param text its value
 * @param at line and column of the character in the value, from 1, columns in characters
 */
export function offsetOfText(source: string, start: number, text: string, at: Position): number {
  const wanted = offsetIn(text, at);
  let before = 0;
  for (let index = 0; index < wanted; index++) if (!isGap(text.charCodeAt(index))) before++;
  const first = skipProperties(source, start);
  const style = source[first] ?? '';
  const isBlock = style === '|' || style === '>';
  const isQuoted = style === '"' || style === "'";
  let offset = first;
  if (isBlock) while (offset < source.length && !isBreak(source.charCodeAt(offset))) offset++;
  if (isQuoted) offset++;
  const quote = isQuoted ? style : '';
  while (before > 0 && offset < source.length) {
    const step = glyphAt(source, offset, quote);
    before -= step.count;
    offset += step.length;
  }
  if (wanted >= text.length || isGap(text.charCodeAt(wanted))) return offset;
  for (let step = glyphAt(source, offset, quote); step.count === 0;) {
    if (step.length === 0) break;
    offset += step.length;
    step = glyphAt(source, offset, quote);
  }
  return offset;
}

/** Spaces, tabs and line breaks: what folding may change. */
function isGap(code: number): boolean {
  return isBlank(code) || isBreak(code);
}

function offsetIn(text: string, { line, column }: Position): number {
  let offset = 0;
  for (let skipped = 1; skipped < line; skipped++) {
    const newline = text.indexOf('\n', offset);
    if (newline < 0) break;
    offset = newline + 1;
  }
  for (let skipped = 1; skipped < column && offset < text.length; skipped++) {
    offset += (text.codePointAt(offset) as number) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** Past `&anchor` and `!tag` in front of a value. */
function skipProperties(source: string, start: number): number {
  let offset = start;
  while (source[offset] === '&' || source[offset] === '!') {
    while (offset < source.length && !isGap(source.charCodeAt(offset))) offset++;
    while (offset < source.length && isGap(source.charCodeAt(offset))) offset++;
  }
  return offset;
}

/** What stands here: its length in the source, and how many characters other than gaps it gives. */
interface Glyph {
  readonly length: number;
  readonly count: number;
}

const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function glyphAt(source: string, offset: number, quote: string): Glyph {
  if (offset >= source.length) return { length: 0, count: 0 };
  const letter = source[offset] as string;
  if (isGap(letter.charCodeAt(0))) return { length: 1, count: 0 };
  if (quote === "'" && letter === quote) return { length: 2, count: 1 };
  if (quote !== '"' || letter !== '\\') return { length: 1, count: 1 };
  const escape = source[offset + 1] ?? '';
  const digits = HEX_LENGTHS[escape];
  if (digits !== undefined) {
    const code = Number.parseInt(source.slice(offset + 2, offset + 2 + digits), 16);
    const units = code > 0xffff ? 2 : 1;
    return { length: 2 + digits, count: isGap(code) ? 0 : units };
  }
  // An escaped break is no character; the others are gaps, or stand for one that is none.
  const isGapEscape = escape === '' || 'tnrNLP \t\n\r'.includes(escape);
  return { length: 2, count: isGapEscape ? 0 : 1 };
}
