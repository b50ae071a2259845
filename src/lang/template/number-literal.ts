// Number, character and imaginary literals: one literal may serve as integer, float and complex.
import type { TokenKind } from './token.ts';
import { quote, unquoteChar } from './strconv/quote.ts';
import type { NumberProblem } from './strconv/number.ts';
import { parseFloat64, parseInteger, parseUint } from './strconv/number.ts';

/** Every form a literal can take; absent where Go's conversion would lose something. */
export interface NumberLiteral {
  readonly int?: bigint;
  readonly uint?: bigint;
  readonly float?: number;
  readonly complex?: { readonly re: number; readonly im: number };
}

export type LiteralResult = { readonly literal: NumberLiteral } | { readonly problem: string };

const MAX_INT = 1n << 63n;

/** The literal behind a token, or Go's complaint about it. */
export function readNumber(text: string, kind: TokenKind): LiteralResult {
  if (kind === 'char-constant') return readCharacter(text);
  if (kind === 'complex') return readComplex(text);
  if (text.endsWith('i')) {
    const imaginary = parseFloat64(text.slice(0, -1));
    if (typeof imaginary === 'number') return { literal: complexLiteral(0, imaginary) };
  }
  return readReal(text);
}

function readCharacter(text: string): LiteralResult {
  const char = unquoteChar(text, 1, "'");
  if (char === undefined) return { problem: 'invalid syntax' };
  if (text.slice(1 + char.size) !== "'") {
    return { problem: `malformed character constant: ${text}` };
  }
  const code = BigInt(char.code);
  return { literal: { int: code, uint: code, float: char.code } };
}

function readComplex(text: string): LiteralResult {
  // The second sign that is no exponent's sign starts the imaginary part.
  const [, first, second] = /^([+-]?.*?[^eEpP])([+-].*)i$/.exec(text) ?? [];
  if (first === undefined || second === undefined) {
    return { problem: 'syntax error scanning complex number' };
  }
  const re = parseFloat64(first);
  if (typeof re !== 'number') return { problem: floatProblem(first, re) };
  const im = parseFloat64(second);
  if (typeof im !== 'number') return { problem: floatProblem(second, im) };
  return { literal: complexLiteral(re, im) };
}

/** The error of strconv.ParseFloat. */
function floatProblem(text: string, problem: NumberProblem): string {
  const reason = problem === 'syntax' ? 'invalid syntax' : 'value out of range';
  return `strconv.ParseFloat: parsing ${quote(text)}: ${reason}`;
}

function complexLiteral(re: number, im: number): NumberLiteral {
  const complex = { re, im };
  return im === 0 ? { complex, ...fromFloat(re) } : { complex };
}

/** A float, and the integers that equal it. */
function fromFloat(float: number): NumberLiteral {
  if (!Number.isInteger(float)) return { float };
  const exact = BigInt(float);
  return {
    float,
    ...(exact >= -MAX_INT && exact < MAX_INT ? { int: exact } : {}),
    ...(exact >= 0n && exact < MAX_INT * 2n ? { uint: exact } : {}),
  };
}

function readReal(text: string): LiteralResult {
  const unsigned = parseUint(text, 0);
  const signed = parseInteger(text, 0);
  if (typeof signed === 'bigint') {
    const uint = typeof unsigned === 'bigint' ? unsigned : signed === 0n ? 0n : undefined;
    return {
      literal: { int: signed, float: Number(signed), ...(uint === undefined ? {} : { uint }) },
    };
  }
  if (typeof unsigned === 'bigint') {
    return { literal: { uint: unsigned, float: Number(unsigned) } };
  }
  const float = parseFloat64(text);
  if (typeof float !== 'number') return { problem: `illegal number syntax: ${quote(text)}` };
  if (!/[.eEpP]/.test(text)) return { problem: `integer overflow: ${quote(text)}` };
  return { literal: fromFloat(float) };
}
