// A compiled expression: evaluates with limits, and every outcome is a value.
import type { Expr } from './ast.ts';
import type { Narrowed } from './checker.ts';
import { field } from './access.ts';
import { doublesOf } from './adapt.ts';
import { compileTree } from './compiler.ts';
import type { Code } from './compile-context.ts';
import type { Compiled } from './compiler.ts';
import type { Environment } from './environment.ts';
import { CelError, celError } from './error.ts';
import type { ErrorClass } from './error.ts';
import { DEFAULT_LIMITS, Frame } from './frame.ts';
import type { Limits } from './frame.ts';
import { locate } from './position.ts';
import type { Position } from './position.ts';
import type { Type } from './type.ts';
import { typeName } from './value.ts';
import type { Value } from './value.ts';

/** Variables by name: JSON as it is, or CEL values. */
export type Variables = { readonly [name: string]: Value };

export type Outcome =
  | { readonly kind: 'value'; readonly value: Value }
  | {
      readonly kind: 'error';
      readonly class: Exclude<ErrorClass, 'cost' | 'deadline'>;
      /** Never contains object data. */
      readonly message: string;
      readonly position: Position;
    }
  | { readonly kind: 'unknown'; readonly reason: 'cost' | 'deadline'; readonly message: string };

export interface Program {
  readonly source: string;
  readonly environment: Environment;
  /** The static type of the result, as the checker found it; `dyn` without the checker. */
  readonly type: Type;
  readonly tree: Expr;
  /** Names of the variables that the expression reads. */
  readonly variables: readonly string[];
  evaluate(variables: Variables, limits?: Partial<Limits>): Outcome;
  /** As `evaluate`, and what the evaluation cost. */
  measure(variables: Variables, limits?: Partial<Limits>): { outcome: Outcome; cost: number };
}

/** Parts of a program that `createProgram` puts together. */
export interface ProgramParts {
  readonly source: string;
  readonly environment: Environment;
  readonly type: Type;
  readonly tree: Expr;
}

/** Compiles a parsed and checked tree. Throws SyntaxFault for literals that a function refuses. */
export function createProgram(parts: ProgramParts, narrowed: Narrowed = new Map()): Program {
  const { source, environment, tree, type } = parts;
  const compiled = compileTree(tree, environment, narrowed);
  const fill = slotFiller(compiled, environment);
  const start = (variables: Variables, limits: Partial<Limits> | undefined): Frame => {
    const all = limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...limits };
    return new Frame(fill(variables), all);
  };
  return {
    source,
    environment,
    type,
    tree,
    variables: compiled.variables.map(({ name }) => name),
    evaluate: (variables, limits) => run(source, compiled.code, start(variables, limits)),
    measure: (variables, limits) => {
      const frame = start(variables, limits);
      const outcome = run(source, compiled.code, frame);
      return { outcome, cost: frame.cost };
    },
  };
}

type Slots = (Value | undefined)[];

/** Puts variables into their slots; the loop is unrolled for the frequent case of one variable. */
function slotFiller(compiled: Compiled, environment: Environment): (from: Variables) => Slots {
  const doubles = environment.jsonNumbers === 'double';
  const { variables, slots: size } = compiled;
  const [only] = variables;
  const read = (from: Variables, name: string): Value | undefined => {
    // Names that every object inherits are variables only where the caller has set them.
    const value = name in Object.prototype ? field(from, name) : from[name];
    return doubles && value !== undefined ? doublesOf(value) : value;
  };
  if (
    variables.length === 1 &&
    only !== undefined &&
    !doubles &&
    !(only.name in Object.prototype)
  ) {
    const { name, slot } = only;
    if (size === 1) return (from) => [from[name]];
    return (from) => {
      const slots = emptySlots(size);
      slots[slot] = from[name];
      return slots;
    };
  }
  return (from) => {
    const slots = emptySlots(size);
    for (const { name, slot } of variables) slots[slot] = read(from, name);
    return slots;
  };
}

function emptySlots(size: number): Slots {
  const slots: Slots = [undefined, undefined, undefined, undefined];
  while (slots.length < size) slots.push(undefined);
  return slots;
}

function run(source: string, code: Code, frame: Frame): Outcome {
  try {
    frame.charge(code.cost);
    return { kind: 'value', value: code.run(frame) };
  } catch (error) {
    return failure(source, error);
  }
}

function failure(source: string, thrown: unknown): Outcome {
  const error = thrown instanceof RangeError ? tooDeep() : thrown;
  if (!(error instanceof CelError)) throw thrown;
  const { class: kind, message } = error;
  if (kind === 'cost' || kind === 'deadline') return { kind: 'unknown', reason: kind, message };
  const position = locate(source, Math.max(0, error.offset));
  return { kind: 'error', class: kind, message, position };
}

/** The stack is full (data nested thousands deep), or a text longer than JavaScript can hold. */
function tooDeep(): CelError {
  return celError('tooDeep', 'value is too deep or too long');
}

/** The check of a result that is not known to be bool statically (package-operator §4). */
export function requireBool(outcome: Outcome): Outcome {
  if (outcome.kind !== 'value' || typeof outcome.value === 'boolean') return outcome;
  return {
    kind: 'error',
    class: 'invalidArgument',
    message: `invalid return type: ${typeName(outcome.value)}, expected bool`,
    position: { line: 1, column: 1 },
  };
}
