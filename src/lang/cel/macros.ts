// The macros: calls that are rewritten before anything is evaluated (cel-spec "Macros").
import type { Comprehension, ComprehensionKind, Expr, MacroContext } from './ast.ts';
import type { Macro } from './library.ts';

/** Macros by receiver style, name and arity: `x.map/2`, `has/1`. */
export type MacroTable = ReadonlyMap<string, readonly Macro[]>;

function macroKey(name: string, member: boolean, arity: number): string {
  return `${member ? '.' : ''}${name}/${arity}`;
}

export function macroTable(macros: readonly Macro[]): MacroTable {
  const table = new Map<string, Macro[]>();
  for (const macro of macros) {
    const key = macroKey(macro.name, macro.member || macro.namespace !== undefined, macro.arity);
    table.set(key, [...(table.get(key) ?? []), macro]);
  }
  return table;
}

/** The macro that a call means, if any. */
export function findMacro(
  table: MacroTable,
  name: string,
  target: Expr | undefined,
  arity: number,
): Macro | undefined {
  const candidates = table.get(macroKey(name, target !== undefined, arity));
  return candidates?.find(
    (macro) =>
      macro.namespace === undefined ||
      (target?.kind === 'ident' && target.name === macro.namespace),
  );
}

const has: Macro = {
  name: 'has',
  member: false,
  arity: 1,
  expand: (context) => {
    const [operand] = context.args as [Expr];
    if (operand.kind !== 'select' || operand.test || operand.optional) {
      return context.fail(operand, 'invalid argument to has() macro');
    }
    return { ...operand, start: context.at.start, end: context.at.end, test: true };
  },
};

function variableName(context: MacroContext, index: number): string {
  const expr = context.args[index] as Expr;
  if (expr.kind !== 'ident' || expr.name.startsWith('.')) {
    return context.fail(expr, 'argument must be a simple name');
  }
  return expr.name;
}

/** A macro over a range; `variables` counts names, `condition` says whether a predicate precedes the body. */
function over(
  name: string,
  does: ComprehensionKind,
  shape: { readonly variables: 1 | 2; readonly condition?: boolean },
): Macro {
  const arity = shape.variables + (shape.condition === true ? 2 : 1);
  const expand = (context: MacroContext): Comprehension => {
    const first = variableName(context, 0);
    const variables: [string] | [string, string] =
      shape.variables === 1 ? [first] : [first, variableName(context, 1)];
    if (variables[1] === first) {
      return context.fail(context.args[1] as Expr, `overlapping bindings: ${first}`);
    }
    return {
      kind: 'comprehension',
      ...context.at,
      does,
      range: context.target as Expr,
      variables,
      condition: shape.condition === true ? context.args[shape.variables] : undefined,
      body: context.args[arity - 1] as Expr,
    };
  };
  return { name, member: true, arity, expand };
}

/** The macros of the language itself. */
export const STANDARD_MACROS: readonly Macro[] = [
  has,
  over('all', 'all', { variables: 1 }),
  over('exists', 'exists', { variables: 1 }),
  over('exists_one', 'existsOne', { variables: 1 }),
  over('existsOne', 'existsOne', { variables: 1 }),
  over('map', 'map', { variables: 1 }),
  over('map', 'map', { variables: 1, condition: true }),
  over('filter', 'filter', { variables: 1 }),
];

/** Two-variable comprehensions (Kubernetes 1.32). */
export const TWO_VARIABLE_MACROS: readonly Macro[] = [
  over('all', 'all', { variables: 2 }),
  over('exists', 'exists', { variables: 2 }),
  over('exists_one', 'existsOne', { variables: 2 }),
  over('existsOne', 'existsOne', { variables: 2 }),
  over('transformList', 'transformList', { variables: 2 }),
  over('transformList', 'transformList', { variables: 2, condition: true }),
  over('transformMap', 'transformMap', { variables: 2 }),
  over('transformMap', 'transformMap', { variables: 2, condition: true }),
  over('transformMapEntry', 'transformMapEntry', { variables: 2 }),
  over('transformMapEntry', 'transformMapEntry', { variables: 2, condition: true }),
];

/** No name that a user can write contains `#`. */
const HELD = '#optional';

/** `x.optMap(v, e)`: none stays none, otherwise e with v bound to the value, wrapped (or flat). */
function optionalMacro(name: string, wrap: boolean): Macro {
  const expand = (context: MacroContext): Expr => {
    const { at } = context;
    const call = (callName: string, target: Expr | undefined, args: readonly Expr[]): Expr => ({
      kind: 'call',
      ...at,
      name: callName,
      target,
      args,
    });
    const held: Expr = { kind: 'ident', ...at, name: HELD };
    const optional: Expr = { kind: 'ident', ...at, name: 'optional' };
    const body: Expr = {
      kind: 'bind',
      ...at,
      variable: variableName(context, 0),
      value: call('value', held, []),
      body: context.args[1] as Expr,
    };
    const some = wrap ? call('of', optional, [body]) : body;
    const choice = call('_?_:_', undefined, [
      call('hasValue', held, []),
      some,
      call('none', optional, []),
    ]);
    return { kind: 'bind', ...at, variable: HELD, value: context.target as Expr, body: choice };
  };
  return { name, member: true, arity: 2, expand };
}

/** Optional values (Kubernetes 1.28). */
export const OPTIONAL_MACROS: readonly Macro[] = [
  optionalMacro('optMap', true),
  optionalMacro('optFlatMap', false),
];

/** `cel.bind(name, value, body)`: in neither Kubernetes nor Flux, therefore behind an option. */
export const BIND_MACROS: readonly Macro[] = [
  {
    name: 'bind',
    namespace: 'cel',
    member: true,
    arity: 3,
    expand: (context) => ({
      kind: 'bind',
      ...context.at,
      variable: variableName(context, 0),
      value: context.args[1] as Expr,
      body: context.args[2] as Expr,
    }),
  },
];
