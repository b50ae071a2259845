// Turns a syntax tree into closures over plain JSON.
import {
  element,
  fieldOrThrow,
  hasField,
  optionalElement,
  optionalField,
  ownField,
} from './access.ts';
import type { Narrowed } from './checker.ts';
import type { Bind, Expr, Ident, Index, Select } from './ast.ts';
import { compileCall } from './compile-call.ts';
import { compileComprehension } from './compile-comprehension.ts';
import { ACCESS_COST, constantCode } from './compile-context.ts';
import type { Code, CompileContext, Scope } from './compile-context.ts';
import { compileList, compileMap } from './compile-literal.ts';
import { compileOperator } from './compile-operator.ts';
import type { Environment } from './environment.ts';
import { celError } from './error.ts';
import type { Run } from './frame.ts';
import { resolveDotted } from './names.ts';
import { SyntaxFault } from './position.ts';
import { TypeValue } from './value.ts';
import type { Value } from './value.ts';

/** Closures for a whole expression, and the variables that must be put in slots before they run. */
export interface Compiled {
  readonly code: Code;
  readonly variables: readonly { readonly name: string; readonly slot: number }[];
  readonly slots: number;
}

/** Compiles a parsed expression. Throws SyntaxFault for literals that a function refuses. */
export function compileTree(tree: Expr, environment: Environment, narrowed: Narrowed): Compiled {
  const compiler = new Compiler(environment, narrowed);
  const code = compiler.compile(tree, undefined);
  return { code, variables: compiler.variables(), slots: compiler.slots };
}

/** Most that the literal regular expressions of one expression may have, in instructions. */
const MAX_WEIGHT = 10_000;

class Compiler implements CompileContext {
  readonly environment: Environment;
  readonly narrowed: Narrowed;
  private readonly slotOf = new Map<string, number>();
  slots = 0;
  private weight = 0;

  constructor(environment: Environment, narrowed: Narrowed) {
    this.environment = environment;
    this.narrowed = narrowed;
  }

  variables(): { name: string; slot: number }[] {
    return Array.from(this.slotOf, ([name, slot]) => ({ name, slot }));
  }

  spend(weight: number, offset: number): void {
    this.weight += weight;
    if (this.weight > MAX_WEIGHT) {
      const message = `regular expressions are larger than ${MAX_WEIGHT} instructions in all`;
      throw new SyntaxFault(message, offset);
    }
  }

  allocate(): number {
    return this.slots++;
  }

  compile(expr: Expr, scope: Scope | undefined): Code {
    switch (expr.kind) {
      case 'literal':
        return constantCode(expr.value);
      case 'ident':
        return this.ident(expr, scope);
      case 'select':
        return this.select(expr, scope);
      case 'index':
        return this.index(expr, scope);
      case 'call':
        return compileOperator(expr, this, scope) ?? compileCall(expr, this, scope);
      case 'list':
        return compileList(expr, this, scope);
      case 'map':
        return compileMap(expr, this, scope);
      case 'comprehension':
        return compileComprehension(expr, this, scope);
      case 'bind':
        return this.bind(expr, scope);
      case 'struct':
        return failing(`unknown type: ${expr.name}`, expr.offset);
    }
  }

  /** The closure of a variable or a type name, if the expression as a whole names one. */
  private named(expr: Ident | Select, scope: Scope | undefined): Code | undefined {
    const resolution = resolveDotted(
      expr,
      this.environment,
      (name) => find(scope, name) !== undefined,
    );
    if (resolution === undefined) return undefined;
    if (resolution.kind === 'variable') return this.variable(resolution.name, expr.offset);
    const type = new TypeValue(resolution.type.params[0]?.name ?? 'type');
    if (this.environment.openVariables && expr.kind === 'ident') {
      const slot = this.slotFor(expr.name.replace(/^\./, ''));
      return { run: (frame) => frame.slots[slot] ?? type, cost: ACCESS_COST };
    }
    return { run: () => type, cost: ACCESS_COST };
  }

  private ident(expr: Ident, scope: Scope | undefined): Code {
    const local = find(scope, expr.name);
    if (local !== undefined) {
      const { slot } = local;
      return { run: (frame) => frame.slots[slot] as Value, cost: ACCESS_COST };
    }
    const name = expr.name.startsWith('.') ? expr.name.slice(1) : expr.name;
    return this.named(expr, scope) ?? this.variable(name, expr.offset);
  }

  private slotFor(name: string): number {
    const known = this.slotOf.get(name);
    if (known !== undefined) return known;
    const slot = this.allocate();
    this.slotOf.set(name, slot);
    return slot;
  }

  private variable(name: string, offset: number): Code {
    const at = this.slotFor(name);
    const run: Run = (frame) => {
      const value = frame.slots[at];
      if (value !== undefined) return value;
      throw celError('noSuchVariable', `no such attribute(s): ${name}`, offset);
    };
    return { run, cost: ACCESS_COST };
  }

  private select(expr: Select, scope: Scope | undefined): Code {
    const named = expr.test || expr.optional ? undefined : this.named(expr, scope);
    if (named !== undefined) return named;
    if (!expr.test && !expr.optional) return this.path(expr, scope);
    const operand = this.compile(expr.operand, scope);
    const { field: name, offset } = expr;
    const { run } = operand;
    const cost = operand.cost + ACCESS_COST;
    if (expr.test) return { run: (frame) => hasField(run(frame), name), cost };
    return { run: (frame) => optionalField(run(frame), name, offset), cost };
  }

  /** A chain of selections, `self.status.replicas`, in one closure. */
  private path(expr: Select, scope: Scope | undefined): Code {
    const steps: Step[] = [];
    let base: Expr = expr;
    while (base.kind === 'select' && !base.test && !base.optional) {
      if (base !== expr && this.named(base, scope) !== undefined) break;
      steps.unshift({ name: base.field, offset: base.offset });
      base = base.operand;
    }
    const operand = this.compile(base, scope);
    return { run: pathRun(operand.run, steps), cost: operand.cost + steps.length * ACCESS_COST };
  }

  private index(expr: Index, scope: Scope | undefined): Code {
    const operand = this.compile(expr.operand, scope);
    const index = this.compile(expr.index, scope);
    const cost = operand.cost + index.cost + ACCESS_COST;
    const { offset } = expr;
    if (expr.optional) {
      return {
        run: (frame) => optionalElement(operand.run(frame), index.run(frame), offset),
        cost,
      };
    }
    // A message may name the index only where the expression itself spells it out.
    const shown = expr.index.kind === 'literal' ? shownIndex(expr.index.value) : undefined;
    const at = { offset, shown };
    return { run: (frame) => element(operand.run(frame), index.run(frame), at), cost };
  }

  private bind(expr: Bind, scope: Scope | undefined): Code {
    const value = this.compile(expr.value, scope);
    const slot = this.allocate();
    const body = this.compile(expr.body, { name: expr.variable, slot, parent: scope });
    return {
      run: (frame) => {
        frame.slots[slot] = value.run(frame);
        return body.run(frame);
      },
      cost: value.cost + body.cost,
    };
  }
}

function shownIndex(value: Value): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function find(scope: Scope | undefined, name: string): Scope | undefined {
  for (let at = scope; at !== undefined; at = at.parent) {
    if (at.name === name) return at;
  }
  return undefined;
}

function failing(message: string, offset: number): Code {
  return {
    run: () => {
      throw celError('noSuchOverload', message, offset);
    },
    cost: 0,
  };
}

interface Step {
  readonly name: string;
  readonly offset: number;
}

function pathRun(base: Run, steps: readonly Step[]): Run {
  const [first, second] = steps as readonly [Step, Step];
  const { name, offset } = first;
  if (steps.length === 1) {
    return (frame) => {
      const value = base(frame);
      return ownField(value, name) ?? fieldOrThrow(value, name, offset);
    };
  }
  if (steps.length === 2) {
    const last = second.name;
    return (frame) => {
      const outer = base(frame);
      const inner = ownField(outer, name) ?? fieldOrThrow(outer, name, offset);
      return ownField(inner, last) ?? fieldOrThrow(inner, last, second.offset);
    };
  }
  return (frame) => {
    let value = base(frame);
    for (const step of steps) {
      value = ownField(value, step.name) ?? fieldOrThrow(value, step.name, step.offset);
    }
    return value;
  };
}
