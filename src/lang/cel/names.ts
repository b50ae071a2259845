// Dotted names: `a.b.c` may be a field of a field, a variable, a type or a function's namespace.
import type { Call, Expr } from './ast.ts';
import type { Environment } from './environment.ts';
import { resolveName } from './environment.ts';
import type { Resolution } from './environment.ts';

/** The dotted name that an expression spells, if it does; it keeps a leading dot. */
export function dottedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  if (expr.kind !== 'select' || expr.optional || expr.test) return undefined;
  const operand = dottedName(expr.operand);
  return operand === undefined ? undefined : `${operand}.${expr.field}`;
}

/** A resolved expression; `isLocal` says whether a macro's variable has that name. */
export function resolveDotted(
  expr: Expr,
  environment: Environment,
  isLocal: (name: string) => boolean,
): Resolution | undefined {
  let first = expr;
  while (first.kind === 'select') first = first.operand;
  if (first.kind !== 'ident') return undefined;
  const absolute = first.name.startsWith('.');
  const head = absolute ? first.name.slice(1) : first.name;
  if (expr.kind === 'select' && !environment.dotted.has(head)) return undefined;
  if (!absolute && isLocal(head)) return undefined;
  const name = dottedName(expr);
  if (name === undefined) return undefined;
  return resolveName(environment, absolute ? name.slice(1) : name, absolute);
}

/** The name of the namespaced function that a call means (`sets.contains`), if it does. */
export function namespacedFunction(call: Call, environment: Environment): string | undefined {
  const { target } = call;
  if (target === undefined || (target.kind !== 'ident' && target.kind !== 'select')) {
    return undefined;
  }
  const namespace = dottedName(target);
  if (namespace === undefined || !environment.functions.namespaces.has(namespace)) return undefined;
  const name = `${namespace}.${call.name}`;
  return environment.functions.globals.has(name) ? name : undefined;
}
