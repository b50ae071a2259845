// The state of one render and of each template that is executing in it.
import type { CallContext } from './function.ts';
import type { TemplateError } from './failure.ts';
import { ExecutionFailure, executionError } from './failure.ts';
import type { Budget } from './limits.ts';
import { LimitReached } from './limits.ts';
import type { Node } from './node.ts';
import type { Template, TemplateSet } from './set.ts';
import type { Value } from './value.ts';

/** What a statement tells the list it stands in: go on, leave the loop, or begin its next round. */
export type Signal = 0 | 1 | 2;
export const GO_ON = 0;
export const BREAK = 1;
export const CONTINUE = 2;

export type Execute = (frame: Frame, dot: Value) => Signal;
export type Evaluate = (frame: Frame, dot: Value) => Value;

/** A compiled template. */
export interface Body {
  readonly execute: Execute;
  /** How many variables it declares, `$` included. */
  readonly slots: number;
}

/** What a run is built with. */
export interface RunParts {
  readonly compile: (template: Template) => Body;
  readonly makeContext: (run: Run) => CallContext;
}

/** One render: output so far, budget, and the set that names are looked up in. */
export class Run {
  readonly budget: Budget;
  readonly context: CallContext;
  /** Compiles a template, and keeps the result with it. */
  readonly compile: (template: Template) => Body;
  set: TemplateSet;
  frame: Frame | undefined;
  depth = 0;
  output = '';

  constructor(set: TemplateSet, budget: Budget, parts: RunParts) {
    this.set = set;
    this.budget = budget;
    this.compile = parts.compile;
    this.context = parts.makeContext(this);
  }

  write(text: string): void {
    this.budget.text(text.length);
    this.output += text;
    if (this.output.length > this.budget.limits.outputBytes) throw outputTooLong(this.budget);
  }
}

/** The error of a result that is too long. */
export function outputTooLong(budget: Budget): LimitReached {
  return new LimitReached(
    'outputBytes',
    `output is longer than ${budget.limits.outputBytes} bytes`,
  );
}

/** One executing template: its variables, and the node that an error would name. */
export class Frame {
  readonly run: Run;
  readonly template: Template;
  /** By slot; slot 0 is `$`. */
  readonly variables: Value[];
  /** Slots that hold an element of a container of interfaces: their type shows as that. */
  readonly fromInterface: boolean[] = [];
  /** The same for dot. */
  dotFromInterface = false;
  /** The same for the field chain that was read last. */
  pathFromInterface = false;
  node: Node | undefined;

  constructor(run: Run, template: Template, slots: number) {
    this.run = run;
    this.template = template;
    this.variables = [];
    for (let i = 0; i < slots; i++) this.variables.push(undefined);
  }

  /** Ends the render with an error at the present node. */
  fail(reason: string, cause?: TemplateError): never {
    const error = this.errorHere(reason);
    throw new ExecutionFailure(cause === undefined ? error : { ...error, cause });
  }

  /** The error of a limit or a failure at the present node. */
  errorHere(
    reason: string,
    stage: 'execute' | 'limit' = 'execute',
  ): ReturnType<typeof executionError> {
    const { name, source } = this.template.tree;
    return executionError({ template: name, source, node: this.node }, reason, stage);
  }
}
