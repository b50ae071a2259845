// From text to program: parse, check, compile. Every mistake becomes a diagnostic.
import { checkResult, checkTree } from './checker.ts';
import type { Environment } from './environment.ts';
import { parse } from './parser.ts';
import { diagnose, SyntaxFault } from './position.ts';
import type { Diagnostic } from './position.ts';
import { createProgram } from './program.ts';
import type { Program } from './program.ts';
import { DYN } from './type.ts';

export interface CompileOptions {
  /** Off: names and types are looked at only while evaluating (cel-spec `disable_check`). Default true. */
  readonly check?: boolean;
  /** Longest expression, in UTF-16 units. Default 100,000. */
  readonly maxLength?: number;
  /** Deepest nesting of nodes. Default 200. */
  readonly maxDepth?: number;
}

export type Compilation =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

const MAX_LENGTH = 100_000;
const MAX_DEPTH = 200;

/**
 * Compiles an expression for an environment.
 * @returns the program, or at least one diagnostic with its place and picture
 */
export function compile(
  source: string,
  environment: Environment,
  options: CompileOptions = {},
): Compilation {
  const { check = true, maxLength = MAX_LENGTH, maxDepth = MAX_DEPTH } = options;
  if (source.length > maxLength) {
    const message = `expression is longer than the limit of ${maxLength} characters`;
    return {
      ok: false,
      diagnostics: [diagnose(source.slice(0, 200), { class: 'parse', message, offset: 0 })],
    };
  }
  try {
    const { macros, optionalSyntax, quotedFields } = environment;
    const tree = parse(source, { macros, optionalSyntax, quotedFields, maxDepth });
    if (!check) {
      return { ok: true, program: createProgram({ source, environment, type: DYN, tree }) };
    }
    const { type, faults, narrowed } = checkTree(tree, environment);
    if (faults.length > 0) {
      const diagnostics = faults.map((fault) => diagnose(source, fault));
      return { ok: false, diagnostics };
    }
    const program = createProgram({ source, environment, type, tree }, narrowed);
    const fault = checkResult(tree, type, environment);
    if (fault !== undefined) return { ok: false, diagnostics: [diagnose(source, fault)] };
    return { ok: true, program };
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return { ok: false, diagnostics: [diagnose(source, error)] };
  }
}
