// Expressions over objects of a known kind: what runs is what upstream would run, the schema only finds mistakes.
import { compile } from '../lang/cel/index.ts';
import type { Compilation, Environment } from '../lang/cel/index.ts';

export interface KnownTypes {
  /** The environment with the types of its variables; undefined where no schema is known. */
  readonly typed: Environment | undefined;
  /** The kind whose schema it is, for messages. */
  readonly kind: string;
}

/**
 * Compiles an expression without types, and checks it with them where they are known. The program is the
 * one without: an object never behaves differently because its schema is known, and what is no bool
 * without a schema is none with it.
 */
export function compileTyped(
  expression: string,
  environment: Environment,
  { typed, kind }: KnownTypes,
): Compilation {
  const compiled = compile(expression, environment);
  if (!compiled.ok || typed === undefined) return compiled;
  const checked = compile(expression, typed);
  if (checked.ok) return compiled;
  const diagnostics = checked.diagnostics.map((item) => {
    const hints = item.hint === undefined ? [] : [item.hint];
    // A field may be newer than the schema that is known here; a variable cannot be.
    const isName = item.message.startsWith('undeclared reference');
    if (!isName) hints.push(`Where the schema of ${kind} is behind, write dyn(x).y for x.y.`);
    return hints.length === 0 ? item : { ...item, hint: hints.join(' ') };
  });
  return { ok: false, diagnostics };
}
