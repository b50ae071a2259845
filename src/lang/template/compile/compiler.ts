// What the parts of the compiler share: functions, variables, and each other.
import type { Evaluate, Frame } from '../frame.ts';
import type { TemplateFunction } from '../function.ts';
import type { OperandNode, PipeNode } from '../node.ts';
import type { Value } from '../value.ts';
import type { Slot, Variables } from '../variables.ts';

/** Like `Evaluate`, with the value that the previous command of the pipeline gave. */
export type EvaluateFinal = (frame: Frame, dot: Value, final: Value) => Value;

/** Puts a value into a variable. */
export type Store = (frame: Frame, value: Value) => void;

/** Operands that are no literals. */
export type Expression = Exclude<OperandNode, { kind: 'bool' | 'number' | 'string' | 'nil' }>;

export interface CompiledPipe {
  readonly evaluate: Evaluate;
  /** The slots it declares, in order. */
  readonly declared: readonly Slot[];
  /** For `=`: stores into the variables it assigns, in order. */
  readonly assigned: readonly Store[];
}

export interface Compiler {
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly variables: Variables;
  /** @param fromRange whether its variables hold the elements of a `range` */
  readonly pipe: (node: PipeNode, fromRange?: boolean) => CompiledPipe;
  /** An operand that stands alone, as an argument does. */
  readonly operand: (node: Expression) => Evaluate;
}
