// Quoting strings and runes as Go source, and reading such literals back.
import { fromBytes, isEscapedByte, toBytes } from '../bytes.ts';
import { isPrint } from './rune.ts';

/** Printable ASCII without quotes and backslash: nothing to escape. */
const PLAIN = /^[ !#-[\]-~]*$/;

const NAMED: ReadonlyMap<number, string> = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
]);

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0');
}

function escapeRune(code: number, mark: string, asciiOnly: boolean): string {
  const char = String.fromCodePoint(code);
  if (char === mark || char === '\\') return `\\${char}`;
  if (asciiOnly ? code < 0x80 && isPrint(code) : isPrint(code)) return char;
  const named = NAMED.get(code);
  if (named !== undefined) return named;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function quoteWith(text: string, mark: string, asciiOnly: boolean): string {
  let quoted = mark;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (isEscapedByte(code)) quoted += `\\x${hex(code & 0xff, 2)}`;
    else if (code >= 0xd800 && code <= 0xdfff) quoted += escapeRune(0xfffd, mark, asciiOnly);
    else quoted += escapeRune(code, mark, asciiOnly);
  }
  return quoted + mark;
}

/** strconv.Quote: a double-quoted Go string literal. */
export function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : quoteWith(text, '"', false);
}

/** strconv.QuoteToASCII. */
export function quoteToAscii(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : quoteWith(text, '"', true);
}

/** strconv.QuoteRune: a character literal; what is no rune becomes U+FFFD. */
export function quoteRune(code: number, asciiOnly = false): string {
  const valid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return `'${escapeRune(valid ? code : 0xfffd, "'", asciiOnly)}'`;
}

/** strconv.CanBackquote: whether a raw literal can hold the text. */
export function canBackquote(text: string): boolean {
  return !/[\x00-\x08\x0a-\x1f\x7f`\ufeff]|\p{Surrogate}/u.test(text);
}

const SIMPLE: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
  '\\': 0x5c,
};

export interface UnquotedChar {
  /** The rune, or the byte when `isByte`. */
  readonly code: number;
  /** Written as \x or octal: one byte of a string, whatever its value. */
  readonly isByte: boolean;
  /** UTF-16 units read. */
  readonly size: number;
}

/** strconv.UnquoteChar at an offset; `undefined` for invalid syntax. */
export function unquoteChar(text: string, at: number, mark: string): UnquotedChar | undefined {
  const char = text[at];
  if (char === undefined || char === mark) return undefined;
  if (char !== '\\') {
    const code = text.codePointAt(at) as number;
    return { code, isByte: false, size: code > 0xffff ? 2 : 1 };
  }
  const letter = text[at + 1];
  if (letter === undefined) return undefined;
  if (Object.hasOwn(SIMPLE, letter)) {
    return { code: SIMPLE[letter] as number, isByte: false, size: 2 };
  }
  if (letter === "'" || letter === '"') {
    return letter === mark ? { code: letter.charCodeAt(0), isByte: false, size: 2 } : undefined;
  }
  return unquoteNumeric(text, at, letter);
}

function unquoteNumeric(text: string, at: number, letter: string): UnquotedChar | undefined {
  if (letter >= '0' && letter <= '7') {
    const digits = text.slice(at + 1, at + 4);
    if (!/^[0-7]{3}$/.test(digits)) return undefined;
    const code = Number.parseInt(digits, 8);
    return code > 255 ? undefined : { code, isByte: true, size: 4 };
  }
  const width = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  if (width === 0) return undefined;
  const digits = text.slice(at + 2, at + 2 + width);
  if (digits.length !== width || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  const code = Number.parseInt(digits, 16);
  if (letter === 'x') return { code, isByte: true, size: 4 };
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return { code, isByte: false, size: width + 2 };
}

/** strconv.Unquote of a string literal, double-quoted or raw; `undefined` for invalid syntax. */
export function unquote(literal: string): string | undefined {
  if (literal.length < 2) return undefined;
  const mark = literal[0] as string;
  if (mark !== literal.at(-1)) return undefined;
  const body = literal.slice(1, -1);
  if (mark === '`') return body.includes('`') ? undefined : body.replaceAll('\r', '');
  if (mark !== '"' || body.includes('\n')) return undefined;
  if (!body.includes('\\') && !body.includes('"')) return body;
  return unquoteBody(body);
}

function unquoteBody(body: string): string | undefined {
  let text = '';
  let bytes = false;
  for (let at = 0; at < body.length;) {
    const char = unquoteChar(body, at, '"');
    if (char === undefined) return undefined;
    at += char.size;
    if (char.isByte && char.code >= 0x80) {
      text += String.fromCharCode(0xdc00 | char.code);
      bytes = true;
    } else text += String.fromCodePoint(char.code);
  }
  // Bytes written one by one may be UTF-8 together.
  return bytes ? fromBytes(toBytes(text)) : text;
}
