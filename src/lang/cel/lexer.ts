// Cuts an expression into tokens (cel-spec "Syntax").
import { decodeBytes, decodeString } from './escape.ts';
import { SyntaxFault } from './position.ts';
import { doubleFrom } from './value.ts';
import type { Value } from './value.ts';

/**
 * `name`, `quoted` (a backquoted field), `int` and `uint` (digits, without sign), `literal` (double,
 * string, bytes: `value` is ready), `end`, or the operator itself.
 */
export interface Token {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** The name, the digits, or empty. */
  readonly text: string;
  readonly value: Value;
}

const OTHER = 0;
const SPACE = 1;
const LETTER = 2;
const DIGIT = 3;
const QUOTE = 4;

/** What each ASCII character begins. */
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(char)) return LETTER;
  if (/[0-9]/.test(char)) return DIGIT;
  if (/[ \t\n\f\r]/.test(char)) return SPACE;
  return char === '"' || char === "'" ? QUOTE : OTHER;
});

const NUMBER =
  /0[xX][0-9a-fA-F]+[uU]?|(?:[0-9]+\.[0-9]+|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|[0-9]+[uU]?/y;
const QUOTED = /`[A-Za-z0-9_.\-/ ]+`/y;
const PREFIX = /^(?:[rR][bB]?|[bB][rR]?)$/;

function classAt(source: string, index: number): number {
  const code = source.charCodeAt(index);
  return code < 128 ? (CLASSES[code] as number) : OTHER;
}

/** Most tokens that an expression may have: compiling many more takes longer than 100 ms on a busy machine. */
const MAX_TOKENS = 20_000;

/** All tokens of the source, the last of kind `end`. Throws SyntaxFault. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let index = 0;
  while (index < source.length) {
    const kind = classAt(source, index);
    if (kind === SPACE) {
      index++;
      continue;
    }
    if (kind === OTHER && source.startsWith('//', index)) {
      const newline = source.indexOf('\n', index);
      index = newline < 0 ? source.length : newline + 1;
      continue;
    }
    const token = readToken(source, index, kind);
    if (tokens.push(token) > MAX_TOKENS) {
      throw new SyntaxFault(`expression has more than the limit of ${MAX_TOKENS} tokens`, index);
    }
    index = token.end;
  }
  tokens.push({ kind: 'end', start: source.length, end: source.length, text: '', value: null });
  return tokens;
}

function readToken(source: string, start: number, kind: number): Token {
  if (kind === LETTER) return readName(source, start);
  if (kind === DIGIT) return readNumber(source, start);
  if (kind === QUOTE) return readString(source, start, start);
  const char = source.charAt(start);
  if (char === '.' && classAt(source, start + 1) === DIGIT) return readNumber(source, start);
  if (char === '`') return readQuoted(source, start);
  return readOperator(source, start);
}

function readName(source: string, start: number): Token {
  let end = start + 1;
  for (; end < source.length; end++) {
    const kind = classAt(source, end);
    if (kind !== LETTER && kind !== DIGIT) break;
  }
  const text = source.slice(start, end);
  if (end - start <= 2 && classAt(source, end) === QUOTE && PREFIX.test(text)) {
    return readString(source, start, end);
  }
  return { kind: 'name', start, end, text, value: null };
}

function readQuoted(source: string, start: number): Token {
  QUOTED.lastIndex = start;
  const found = QUOTED.exec(source)?.[0];
  if (found === undefined) throw new SyntaxFault('Syntax error: invalid quoted field name', start);
  return {
    kind: 'quoted',
    start,
    end: start + found.length,
    text: found.slice(1, -1),
    value: null,
  };
}

function readNumber(source: string, start: number): Token {
  NUMBER.lastIndex = start;
  const text = NUMBER.exec(source)?.[0] ?? '';
  const end = start + text.length;
  if (classAt(source, end) === LETTER) {
    throw new SyntaxFault(`Syntax error: invalid number '${text}${source.charAt(end)}'`, start);
  }
  const hexadecimal = /^0[xX]/.test(text);
  if (!hexadecimal && /[.eE]/.test(text)) {
    return { kind: 'literal', start, end, text: '', value: doubleLiteral(text, start) };
  }
  if (/[uU]$/.test(text)) return { kind: 'uint', start, end, text: text.slice(0, -1), value: null };
  return { kind: 'int', start, end, text, value: null };
}

function doubleLiteral(text: string, start: number): Value {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new SyntaxFault('invalid double literal', start);
  return doubleFrom(value);
}

/** A string or bytes literal whose prefix (r, b) begins at `start` and whose quote is at `quoteAt`. */
function readString(source: string, start: number, quoteAt: number): Token {
  const prefix = source.slice(start, quoteAt).toLowerCase();
  const raw = prefix.includes('r');
  const quote = source.charAt(quoteAt);
  const triple = source.startsWith(quote.repeat(3), quoteAt);
  const close = triple ? quote.repeat(3) : quote;
  const from = quoteAt + close.length;
  const to = findClose(source, from, { close, raw });
  if (to < 0) throw new SyntaxFault('Syntax error: string literal is not closed', start);
  const text = source.slice(from, to).replaceAll(/\r\n?/g, '\n');
  const value = prefix.includes('b') ? decodeBytes(text, raw, from) : decodeString(text, raw, from);
  return { kind: 'literal', start, end: to + close.length, text: '', value };
}

function findClose(source: string, from: number, how: { close: string; raw: boolean }): number {
  for (let index = from; index < source.length; index++) {
    const char = source.charAt(index);
    if (char === '\\' && !how.raw) index++;
    else if (source.startsWith(how.close, index)) return index;
    else if (how.close.length === 1 && (char === '\n' || char === '\r')) return -1;
  }
  return -1;
}

const OPERATORS = ['==', '!=', '<=', '>=', '&&', '||'];
const SINGLE = '()[]{}.,?:+-*/%!<>';

function readOperator(source: string, start: number): Token {
  const two = source.slice(start, start + 2);
  if (OPERATORS.includes(two)) return { kind: two, start, end: start + 2, text: '', value: null };
  const one = source.charAt(start);
  if (SINGLE.includes(one)) return { kind: one, start, end: start + 1, text: '', value: null };
  const shown = String.fromCodePoint(source.codePointAt(start) ?? 0);
  throw new SyntaxFault(`Syntax error: token recognition error at: '${shown}'`, start);
}
