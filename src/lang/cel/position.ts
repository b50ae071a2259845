// Turns offsets into lines, columns and the caret picture that diagnostics show.

import type { ErrorClass } from './error.ts';

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, counted in code points. */
  readonly column: number;
}

/** Where a mistake was found: in the syntax, by the checker, or in a literal that a function refuses. */
export type DiagnosticClass = 'parse' | 'check' | ErrorClass;

export interface Diagnostic extends Position {
  readonly class: DiagnosticClass;
  readonly message: string;
  /** The line of the expression and below it dots and a caret, as cel-go prints them. */
  readonly snippet: string;
  /** What was probably meant, as a sentence. */
  readonly hint?: string;
}

/** Thrown inside the parser and the checker only; `compile` turns it into a diagnostic. */
export class SyntaxFault extends Error {
  readonly offset: number;
  readonly class: DiagnosticClass;
  constructor(message: string, offset: number, faultClass: DiagnosticClass = 'parse') {
    super(message);
    this.offset = offset;
    this.class = faultClass;
  }
}

/** Where an offset (UTF-16 units) is in the source. */
export function locate(source: string, offset: number): Position {
  const before = source.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line++;
  return { line, column: codePoints(before.slice(lineStart)) + 1 };
}

/** The longest piece of a source line that a snippet shows. */
const SNIPPET_WIDTH = 200;

/** A mistake in an expression. */
export interface Fault {
  readonly class: DiagnosticClass;
  readonly message: string;
  readonly offset: number;
  readonly hint?: string | undefined;
}

/** The fault as a diagnostic, with its place and picture. */
export function diagnose(source: string, fault: Fault): Diagnostic {
  const { offset, message, hint } = fault;
  const position = locate(source, offset);
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  const newline = source.indexOf('\n', start);
  const line = source.slice(start, newline < 0 ? source.length : newline);
  const caret = Math.min(offset - start, line.length);
  const from = Math.max(0, Math.min(caret - SNIPPET_WIDTH / 2, line.length - SNIPPET_WIDTH));
  const shown = line.slice(from, from + SNIPPET_WIDTH).replaceAll('\t', ' ');
  const dots = '.'.repeat(codePoints(line.slice(from, caret)));
  const snippet = ` | ${shown}\n | ${dots}^`;
  const suggestion = hint === undefined ? {} : { hint };
  return { class: fault.class, message, ...position, snippet, ...suggestion };
}

function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit <= 0xdbff && index + 1 < text.length) count--;
  }
  return count;
}
