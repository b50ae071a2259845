// Why an expression came out as it did: the parts that decided, with their values in the text.
import type { Call, Comprehension, Expr } from './ast.ts';
import { DEFAULT_LIMITS } from './frame.ts';
import type { Limits } from './frame.ts';
import { createProgram } from './program.ts';
import type { Outcome, Program, Variables } from './program.ts';
import { toJson } from './to-json.ts';
import { DYN } from './type.ts';
import { CelMap, isMap, mapKeys, mapSize } from './value.ts';
import type { Value } from './value.ts';

/** Lines beyond this say nothing new. */
const MAX_LINES = 16;
/** Sub-expressions looked at for one explanation. */
const MAX_LOOKS = 200;
/** Longest value shown in full, in characters. */
const MAX_SHOWN = 60;

/**
 * The comparisons that decided an expression's value, one line each:
 * `self.status.readyReplicas (1) == self.spec.replicas (3)`. The lines contain object data: do not
 * ask for an object that holds secrets.
 */
export function explain(
  program: Program,
  variables: Variables,
  limits: Partial<Limits> = {},
): readonly string[] {
  return new Explainer(program, limits).lines(program.tree, variables).slice(0, MAX_LINES);
}

class Explainer {
  readonly #program: Program;
  readonly #limits: Partial<Limits>;
  #looks = 0;
  /** What is left of the cost limit, which holds for the explanation as a whole. */
  #budget: number;

  constructor(program: Program, limits: Partial<Limits>) {
    this.#program = program;
    this.#limits = limits;
    this.#budget = limits.cost ?? DEFAULT_LIMITS.cost;
  }

  #evaluate(tree: Expr, variables: Variables): Outcome {
    if (++this.#looks > MAX_LOOKS) return { kind: 'unknown', reason: 'cost', message: '…' };
    const { source, environment } = this.#program;
    const { outcome, cost } = createProgram({ source, environment, type: DYN, tree }).measure(
      variables,
      { ...this.#limits, cost: this.#budget },
    );
    this.#budget = Math.max(0, this.#budget - cost);
    return outcome;
  }

  lines(expr: Expr, variables: Variables): string[] {
    if (expr.kind === 'comprehension') return this.#loop(expr, variables);
    if (expr.kind !== 'call') return [this.#annotate(expr, variables)];
    switch (expr.name) {
      case '_&&_':
        return this.#logical(expr, variables, false);
      case '_||_':
        return this.#logical(expr, variables, true);
      case '!_':
        return this.lines(expr.args[0] as Expr, variables);
      case '_?_:_':
        return this.#choice(expr, variables);
      default:
        return [this.#annotate(expr, variables)];
    }
  }

  /** The operand that decided, or all of them where none did. */
  #logical(expr: Call, variables: Variables, decisive: boolean): string[] {
    for (const arg of expr.args) {
      const outcome = this.#evaluate(arg, variables);
      if (outcome.kind === 'value' && outcome.value === decisive) return this.lines(arg, variables);
    }
    return expr.args.flatMap((arg) => this.lines(arg, variables));
  }

  #choice(expr: Call, variables: Variables): string[] {
    const [condition, yes, no] = expr.args as [Expr, Expr, Expr];
    const lines = this.lines(condition, variables);
    const outcome = this.#evaluate(condition, variables);
    if (outcome.kind !== 'value') return lines;
    return [...lines, ...this.lines(outcome.value === true ? yes : no, variables)];
  }

  /** `all` that is false and `exists` that is true: the element that decided. */
  #loop(expr: Comprehension, variables: Variables): string[] {
    const decisive = expr.does === 'exists';
    if (!decisive && expr.does !== 'all') return [this.#annotate(expr, variables)];
    const range = this.#evaluate(expr.range, variables);
    if (range.kind !== 'value') return [this.#annotate(expr, variables)];
    for (const [key, item] of steps(range.value)) {
      const inner = bind(expr, variables, { key, item, isMap: isMap(range.value) });
      const outcome = this.#evaluate(expr.body, inner);
      if (outcome.kind === 'value' && outcome.value === decisive) {
        const place = `${this.#text(expr.range)}[${JSON.stringify(toJson(key))}]`;
        return this.lines(expr.body, inner).map((line) => `${place}: ${line}`);
      }
      if (this.#looks > MAX_LOOKS) break;
    }
    return [this.#annotate(expr, variables)];
  }

  #text(expr: Expr): string {
    return this.#program.source.slice(expr.start, expr.end);
  }

  /** The expression's own text with the values of its operands after them. */
  #annotate(expr: Expr, variables: Variables): string {
    const notes = new Map<number, string>();
    this.#collect(expr, variables, notes);
    const { source } = this.#program;
    let text = '';
    let from = expr.start;
    for (const [end, note] of [...notes].toSorted((a, b) => a[0] - b[0])) {
      text += `${source.slice(from, end)} (${note})`;
      from = end;
    }
    return (text + source.slice(from, expr.end)).replaceAll(/\s+/g, ' ');
  }

  #collect(expr: Expr, variables: Variables, notes: Map<number, string>): void {
    if (expr.kind === 'literal') return;
    if (expr.kind === 'list') {
      for (const { value } of expr.elements) this.#collect(value, variables, notes);
      return;
    }
    const isOperator =
      expr.kind === 'call' && expr.target === undefined && /^(_|!|-|@)/.test(expr.name);
    if (isOperator) {
      for (const arg of expr.args) this.#collect(arg, variables, notes);
      return;
    }
    notes.set(expr.end, shown(this.#evaluate(expr, variables)));
  }
}

function* steps(range: Value): Iterable<readonly [Value, Value]> {
  if (Array.isArray(range)) yield* (range as readonly Value[]).entries();
  else if (isMap(range)) {
    for (const key of mapKeys(range)) {
      const item = range instanceof CelMap ? range.get(key) : range[key as string];
      yield [key, item as Value];
    }
  }
}

function bind(
  expr: Comprehension,
  variables: Variables,
  step: { readonly key: Value; readonly item: Value; readonly isMap: boolean },
): Variables {
  const [first, second] = expr.variables;
  if (second === undefined) return { ...variables, [first]: step.isMap ? step.key : step.item };
  return { ...variables, [first]: step.key, [second]: step.item };
}

function shown(outcome: Outcome): string {
  if (outcome.kind !== 'value') return outcome.message;
  const { value } = outcome;
  const text = JSON.stringify(toJson(value));
  if (text.length <= MAX_SHOWN) return text;
  if (Array.isArray(value)) return `${value.length} elements`;
  if (isMap(value)) return `${mapSize(value)} entries`;
  return `${text.slice(0, MAX_SHOWN)}…`;
}
