// A compiled expression: evaluates with limits, and every outcome is a value.
import type { Expr } from './ast.ts';
import type { Narrowed } from './checker.ts';
import { doublesOf } from './adapt.ts';
import { compileTree } from './compiler.ts';
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
  const compiled = compileTree(parts.tree, parts.environment, narrowed);
  const start = (variables: Variables, limits: Partial<Limits> | undefined): Frame => {
    const all = limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...limits };
    return new Frame(fillSlots(compiled, variables, parts.environment), all);
  };
  return {
    ...parts,
    evaluate: (variables, limits) => run(parts, compiled, start(variables, limits)),
    measure: (variables, limits) => {
      const frame = start(variables, limits);
      const outcome = run(parts, compiled, frame);
      return { outcome, cost: frame.cost };
    },
  };
}

function fillSlots(
  compiled: Compiled,
  variables: Variables,
  environment: Environment,
): (Value | undefined)[] {
  const slots: (Value | undefined)[] = [];
  for (let slot = 0; slot < compiled.slots; slot++) slots.push(undefined);
  for (const { name, slot } of compiled.variables) {
    if (!Object.hasOwn(variables, name)) continue;
    const value = variables[name] as Value;
    slots[slot] = environment.jsonNumbers === 'double' ? doublesOf(value) : value;
  }
  return slots;
}

function run(parts: ProgramParts, compiled: Compiled, frame: Frame): Outcome {
  try {
    frame.charge(compiled.code.cost);
    return { kind: 'value', value: compiled.code.run(frame) };
  } catch (error) {
    return failure(parts.source, error);
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
