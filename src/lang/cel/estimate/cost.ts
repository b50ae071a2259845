// The worst that an expression can cost, before any value is seen (cel-go's checker, Kubernetes' CRD rules).
import type { Bind, Call, Comprehension, Expr, Index, Select } from '../ast.ts';
import { nodeTypes } from '../checker.ts';
import { namespacedFunction } from '../names.ts';
import type { Program } from '../program.ts';
import { DYN } from '../type.ts';
import type { Type } from '../type.ts';
import { estimateCall, literalSize } from './call.ts';
import type { Operand } from './call.ts';
import { eitherSize, fixed, times, UNKNOWN } from './size.ts';
import type { Size } from './size.ts';

const NEW_LIST = 10;
const NEW_MAP = 30;

/** The cost of a part, and the size of its value where it is known better than by type. */
interface Estimate {
  readonly cost: number;
  readonly size?: Size | undefined;
}

interface Scope {
  readonly name: string;
  readonly size: Size | undefined;
  readonly parent: Scope | undefined;
}

/**
 * The most that one evaluation of the program can cost, in Kubernetes' units; Infinity where nothing limits
 * it. As in Kubernetes, `has()` costs nothing here.
 * @param variables how large the variables can be; those that are not named are taken for unlimited
 */
export function estimateCost(program: Program, variables: Readonly<Record<string, Size>>): number {
  const { tree, environment } = program;
  const estimator = new Estimator(program, nodeTypes(tree, environment), variables);
  return estimator.estimate(tree, undefined).cost;
}

class Estimator {
  private readonly program: Program;
  private readonly types: ReadonlyMap<Expr, Type>;
  private readonly variables: Readonly<Record<string, Size>>;

  constructor(
    program: Program,
    types: ReadonlyMap<Expr, Type>,
    variables: Readonly<Record<string, Size>>,
  ) {
    this.program = program;
    this.types = types;
    this.variables = variables;
  }

  estimate(expr: Expr, scope: Scope | undefined): Estimate {
    switch (expr.kind) {
      case 'literal':
        return { cost: 0, size: literalSize(expr.value) };
      case 'ident':
        return { cost: 1, size: this.variable(expr.name, scope) };
      case 'select':
        return this.select(expr, scope);
      case 'index':
        return this.index(expr, scope);
      case 'call':
        return this.call(expr, scope);
      case 'list': {
        const values = expr.elements.map(({ value }) => value);
        return this.literal(values, { base: NEW_LIST, entries: values.length }, scope);
      }
      case 'map': {
        const parts = expr.entries.flatMap(({ key, value }) => [value, key]);
        const base = { base: NEW_MAP, entries: expr.entries.length };
        return { ...this.literal(parts, base, scope), size: fixed(expr.entries.length) };
      }
      case 'comprehension':
        return this.comprehension(expr, scope);
      case 'bind':
        return this.bind(expr, scope);
      case 'struct':
        return { cost: Infinity };
    }
  }

  private typeOf(expr: Expr): Type {
    return this.types.get(expr) ?? DYN;
  }

  private variable(name: string, scope: Scope | undefined): Size | undefined {
    for (let at = scope; at !== undefined; at = at.parent) {
      if (at.name === name) return at.size;
    }
    return this.variables[name.replace(/^\./, '')];
  }

  private sizeOf(expr: Expr, { size }: Estimate): Size {
    return size ?? (isScalar(this.typeOf(expr)) ? fixed(1) : UNKNOWN);
  }

  private literal(
    parts: readonly Expr[],
    { base, entries }: { readonly base: number; readonly entries: number },
    scope: Scope | undefined,
  ): Estimate {
    let cost = base;
    let element: Size | undefined = entries === 0 ? fixed(0) : undefined;
    for (const part of parts) {
      const found = this.estimate(part, scope);
      cost += found.cost;
      const size = this.sizeOf(part, found);
      element = element === undefined ? size : eitherSize(element, size);
    }
    return { cost, size: { ...fixed(entries), element } };
  }

  private select(expr: Select, scope: Scope | undefined): Estimate {
    const operand = this.estimate(expr.operand, scope);
    if (expr.test) return operand.size === undefined ? operand : { cost: operand.cost };
    if (expr.optional) return { cost: operand.cost + 1 };
    const { kind } = this.typeOf(expr.operand);
    const access = kind === 'map' || kind === 'object' ? 1 : 0;
    return { cost: operand.cost + access, size: operand.size?.field?.(expr.field) };
  }

  private index(expr: Index, scope: Scope | undefined): Estimate {
    const operand = this.estimate(expr.operand, scope);
    const index = this.estimate(expr.index, scope);
    const cost = operand.cost + index.cost + 1;
    return expr.optional ? { cost } : { cost, size: operand.size?.element };
  }

  private call(expr: Call, scope: Scope | undefined): Estimate {
    const namespaced = namespacedFunction(expr, this.program.environment);
    const receiver = namespaced === undefined ? expr.target : undefined;
    const parts = receiver === undefined ? expr.args : [receiver, ...expr.args];
    const estimates = parts.map((part) => this.estimate(part, scope));
    const sum = estimates.reduce((total, { cost }) => total + cost, 0);
    const name = namespaced ?? expr.name.replace(/^\./, '');
    if (name === '_&&_' || name === '_||_') return { cost: sum };
    if (name === '_?_:_') return this.choice(parts, estimates);
    if (name === 'dyn') return { cost: sum + 1, size: estimates[0]?.size };
    const operands = parts.map((part, index): Operand => ({
      expr: part,
      type: this.typeOf(part),
      size: this.sizeOf(part, estimates[index] ?? { cost: 0 }),
    }));
    const { cost, size } = estimateCall({ name, operands });
    return { cost: sum + cost, size };
  }

  private choice(parts: readonly Expr[], estimates: readonly Estimate[]): Estimate {
    const [condition, yes, no] = estimates as [Estimate, Estimate, Estimate];
    const [, thenPart, elsePart] = parts as [Expr, Expr, Expr];
    return {
      cost: condition.cost + Math.max(yes.cost, no.cost),
      size: eitherSize(this.sizeOf(thenPart, yes), this.sizeOf(elsePart, no)),
    };
  }

  private comprehension(expr: Comprehension, scope: Scope | undefined): Estimate {
    const range = this.estimate(expr.range, scope);
    const size = this.sizeOf(expr.range, range);
    const isList = this.typeOf(expr.range).kind === 'list';
    const [first, second] = expr.variables;
    const key = isList ? fixed(1) : size.key;
    const single = isList ? size.element : key;
    let inner: Scope = { name: first, size: second === undefined ? single : key, parent: scope };
    if (second !== undefined) inner = { name: second, size: size.element, parent: inner };
    const condition = expr.condition === undefined ? 0 : this.estimate(expr.condition, inner).cost;
    const body = this.estimate(expr.body, inner);
    const loop = LOOPS[expr.does];
    const each = condition + body.cost + loop.step;
    const cost = range.cost + loop.once + times(size.max, each);
    switch (expr.does) {
      case 'all':
      case 'exists':
      case 'existsOne':
        return { cost, size: fixed(1) };
      case 'filter':
        return { cost, size: { min: size.min, max: size.max, element: single } };
      case 'map':
      case 'transformList': {
        const element = this.sizeOf(expr.body, body);
        return { cost, size: { min: size.min, max: size.max, element } };
      }
      case 'transformMap':
      case 'transformMapEntry':
        return { cost, size: { min: size.min, max: size.max } };
    }
  }

  /** A bound value is computed once; macros make an empty list for it. */
  private bind(expr: Bind, scope: Scope | undefined): Estimate {
    const value = this.estimate(expr.value, scope);
    const size = this.sizeOf(expr.value, value);
    const body = this.estimate(expr.body, { name: expr.variable, size, parent: scope });
    return { cost: NEW_LIST + value.cost + body.cost, size: body.size };
  }
}

/**
 * What the loops that macros stand for cost beside predicates and bodies: for each element, and once for the
 * start value and the result.
 */
const LOOPS: Readonly<Record<Comprehension['does'], { step: number; once: number }>> = {
  // Each turn asks whether it is still undecided, and joins what is known with the predicate.
  all: { step: 3, once: 1 },
  exists: { step: 4, once: 1 },
  existsOne: { step: 2, once: 2 },
  // Each turn adds a list of one element.
  map: { step: 2 + NEW_LIST, once: NEW_LIST + 1 },
  filter: { step: 3 + NEW_LIST, once: NEW_LIST + 1 },
  transformList: { step: 2 + NEW_LIST, once: NEW_LIST + 1 },
  transformMap: { step: 3, once: NEW_MAP + 1 },
  transformMapEntry: { step: 2, once: NEW_MAP + 1 },
};

function isScalar(type: Type): boolean {
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'uint':
    case 'double':
    case 'timestamp':
    case 'duration':
    case 'type':
      return true;
    case 'opaque':
      return type.name === 'optional_type' && isScalar(type.params[0] ?? DYN);
    default:
      return false;
  }
}
