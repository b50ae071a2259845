// How a render ends without output: Go's message, and where it points.
import { byteLength } from './bytes.ts';
import { TemplateFunctionError } from './function.ts';
import type { Node, Source } from './node.ts';
import { nodeText } from './node-text.ts';
import { quote } from './strconv/quote.ts';

/** An error of a template, in Go's words. */
export interface TemplateError {
  /** The whole message as Go gives it, position included. */
  readonly message: string;
  /** Which stage refused: parsing, execution, or one of our own limits. */
  readonly stage: 'parse' | 'execute' | 'limit';
  /** The name of the text that the position is in. */
  readonly name: string;
  /** 1-based line; absent when the error has no place. */
  readonly line?: number;
  /** 0-based byte offset in the line, as Go counts; parse errors have none. */
  readonly column?: number;
  /** The message without the position and the node. */
  readonly reason: string;
  /** The error inside, when a template that `include` called failed: nearer to the mistake. */
  readonly cause?: TemplateError;
}

/** The failure of a template inside a function, on its way through that function. */
export class NestedFailure extends TemplateFunctionError {
  readonly error: TemplateError;

  constructor(error: TemplateError) {
    super(error.message);
    this.error = error;
  }
}

/** Carries a TemplateError through the evaluator. */
export class ExecutionFailure extends Error {
  readonly error: TemplateError;

  constructor(error: TemplateError) {
    super(error.message);
    this.error = error;
  }
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Line and byte column of an offset, in Go's counting. */
export function placeOf(source: Source, pos: number): Place {
  const before = source.text.slice(0, pos);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return { line, column: byteLength(before.slice(lineStart)) };
}

export interface FailureSite {
  /** The template that was executing. */
  readonly template: string;
  readonly source: Source;
  readonly node: Node | undefined;
}

/** Builds `template: NAME:LINE:COL: executing "X" at <NODE>: REASON`. */
export function executionError(
  site: FailureSite,
  reason: string,
  stage: 'execute' | 'limit' = 'execute',
): TemplateError {
  const { source, node, template } = site;
  if (node === undefined) {
    return { message: `template: ${template}: ${reason}`, stage, name: template, reason };
  }
  const { line, column } = placeOf(source, node.pos);
  const location = `${source.name}:${line}:${column}`;
  const context = `executing ${quote(template)} at <${nodeText(node)}>`;
  return {
    message: `template: ${location}: ${context}: ${reason}`,
    stage,
    name: source.name,
    line,
    column,
    reason,
  };
}
