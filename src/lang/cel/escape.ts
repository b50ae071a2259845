// Escape sequences of string and bytes literals (cel-spec "String and Bytes Values").
import { SyntaxFault } from './position.ts';

const ESCAPE =
  /\\(?:([abfnrtv\\?"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|)/g;

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};

/** The string that a literal's text means; `\xff` and `\377` are code points. */
export function decodeString(text: string, raw: boolean, at: number): string {
  if (raw || !text.includes('\\')) return text;
  let result = '';
  let last = 0;
  for (const match of text.matchAll(ESCAPE)) {
    result += text.slice(last, match.index) + escapedText(match, at);
    last = match.index + match[0].length;
  }
  return result + text.slice(last);
}

function escapedText(match: RegExpExecArray, at: number): string {
  const [, simple, hex, unicode, long, octal] = match;
  if (simple !== undefined) return SIMPLE[simple] ?? '';
  const digits = hex ?? unicode ?? long;
  if (digits === undefined && octal === undefined) throw invalid(match, at);
  const code = digits === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(digits, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw invalid(match, at);
  return String.fromCodePoint(code);
}

/** The bytes that a literal's text means; `\xff` and `\377` are single bytes, `\u` is not allowed. */
export function decodeBytes(text: string, raw: boolean, at: number): Uint8Array {
  const encoder = new TextEncoder();
  if (raw || !text.includes('\\')) return encoder.encode(text);
  const bytes: number[] = [];
  let last = 0;
  const copy = (part: string): void => {
    for (const byte of encoder.encode(part)) bytes.push(byte);
  };
  for (const match of text.matchAll(ESCAPE)) {
    copy(text.slice(last, match.index));
    last = match.index + match[0].length;
    const [, simple, hex, unicode, long, octal] = match;
    if (unicode !== undefined || long !== undefined) throw invalid(match, at);
    if (simple !== undefined) copy(SIMPLE[simple] ?? '');
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else throw invalid(match, at);
  }
  copy(text.slice(last));
  return Uint8Array.from(bytes);
}

function invalid(match: RegExpExecArray, at: number): SyntaxFault {
  return new SyntaxFault('Syntax error: invalid escape sequence', at + match.index);
}
