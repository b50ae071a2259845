// What the parts of the closure compiler share.
import type { Expr } from './ast.ts';
import type { Narrowed } from './checker.ts';
import type { Environment } from './environment.ts';
import { CelError, celError, isLimit } from './error.ts';
import type { Run } from './frame.ts';
import type { Value } from './value.ts';

/** Variables of macros, innermost first. */
export interface Scope {
  readonly name: string;
  readonly slot: number;
  readonly parent: Scope | undefined;
}

/** A compiled node. `cost` is the part of its cost that is known and always due. */
export interface Code {
  readonly run: Run;
  readonly cost: number;
  /** The value, where it is known already: literals, and lists, maps and conversions of literals. */
  readonly constant?: Value;
}

/** Code that is a value; it costs nothing, as in cel-go's optimized programs. */
export function constantCode(value: Value): Code {
  return { run: () => value, cost: 0, constant: value };
}

export interface CompileContext {
  readonly environment: Environment;
  readonly narrowed: Narrowed;
  compile(expr: Expr, scope: Scope | undefined): Code;
  /** Accounts for work that compiling itself does. Throws SyntaxFault beyond the limit. */
  spend(weight: number, offset: number): void;
  /** A new variable slot. */
  allocate(): number;
}

/** What the nodes of cel-go's evaluation cost (its `runtimecost.go`): names and selections 1 each. */
export const ACCESS_COST = 1;
export const CALL_COST = 1;
export const LIST_COST = 10;
export const MAP_COST = 30;

/** Units for walking over `size` characters or elements: a tenth each, rounded up. */
export function traversal(size: number): number {
  return Math.ceil(size / 10);
}

/** The error with its place in the expression, if it has none yet. */
export function located(error: unknown, offset: number): Error {
  if (error instanceof CelError) {
    if (error.offset < 0) error.offset = offset;
    return error;
  }
  return error as Error;
}

/** An error that `&&`, `||`, `all` and `exists` may forget again; limits and crashes go on. */
export function absorbed(error: unknown): CelError {
  if (error instanceof CelError && !isLimit(error)) return error;
  throw error;
}

export function noOverload(offset: number): CelError {
  return celError('noSuchOverload', 'no such overload', offset);
}
