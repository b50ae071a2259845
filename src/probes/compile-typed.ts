// Expressions over objects of a known kind: what runs is what upstream would run, the schema only finds mistakes.
import { compile } from '../lang/cel/index.ts';
import type { Compilation, Environment } from '../lang/cel/index.ts';

export interface KnownTypes {
  /** The environment with the types of its variables; undefined where no schema is known. */
  readonly typed: Environment | undefined;
  /** The kind whose schema it is, for messages. */
  readonly kind: string;
  /** An expression for what the schema speaks of, to show how to reach around it. */
  readonly whole: string;
}

/**
 * Compiles an expression without types, and checks it with them where they are known. The program is the
 * one without: an object never behaves differently because its schema is known, and what is no bool
 * without a schema is none with it.
 */
export function compileTyped(
  expression: string,
  environment: Environment,
  { typed, kind, whole }: KnownTypes,
): Compilation {
  const compiled = compile(expression, environment);
  if (!compiled.ok || typed === undefined) return compiled;
  const checked = compile(expression, typed);
  if (checked.ok) return compiled;
  const around = `Where the schema of ${kind} is behind, write dyn(${whole}).`;
  const diagnostics = checked.diagnostics.map((item) => ({
    ...item,
    hint: item.hint === undefined ? around : `${item.hint} ${around}`,
  }));
  return { ok: false, diagnostics };
}
