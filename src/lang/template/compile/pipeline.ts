// Pipelines: commands in a row, each given the value of the one before, and the variables they set.
import type { Evaluate, Frame } from '../frame.ts';
import type { PipeNode, VariableNode } from '../node.ts';
import type { Value } from '../value.ts';
import { UNSET } from '../variables.ts';
import { compileCommand } from './command.ts';
import type { CompiledPipe, Compiler, EvaluateFinal, Store } from './compiler.ts';

/** A pipeline, and what its variables are stored by. */
export function compilePipe(compiler: Compiler, node: PipeNode, fromRange = false): CompiledPipe {
  const commands = node.commands.map((command, index) =>
    compileCommand(compiler, command, index > 0),
  );
  const plain = chainCommands(node, commands);
  if (node.variables.length === 0) return { evaluate: plain, declared: [], assigned: [] };
  if (node.isAssign) {
    const assigned = node.variables.map((variable) => assignTo(compiler, variable));
    return { evaluate: storing(plain, assigned), declared: [], assigned };
  }
  const declared = node.variables.map((variable) =>
    compiler.variables.declare(variable.path[0] ?? '$', fromRange),
  );
  const stores = declared.map(({ index }): Store => (frame, value) => {
    frame.variables[index] = value;
  });
  return { evaluate: storing(plain, stores), declared, assigned: [] };
}

/** After each command a nil interface becomes no value: the engine digs into interfaces there. */
function chainCommands(node: PipeNode, commands: readonly EvaluateFinal[]): Evaluate {
  const [first, second] = commands;
  if (first === undefined) return () => undefined;
  if (second === undefined) {
    return (frame, dot) => {
      frame.node = node;
      const value = first(frame, dot, undefined);
      return value === null ? undefined : value;
    };
  }
  return (frame, dot) => {
    frame.node = node;
    let value: Value;
    for (const command of commands) {
      value = command(frame, dot, value);
      if (value === null) value = undefined;
    }
    return value;
  };
}

function storing(evaluate: Evaluate, stores: readonly Store[]): Evaluate {
  const [only] = stores;
  if (stores.length === 1 && only !== undefined) {
    return (frame, dot) => {
      const value = evaluate(frame, dot);
      only(frame, value);
      return value;
    };
  }
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    for (const store of stores) store(frame, value);
    return value;
  };
}

function assignTo(compiler: Compiler, variable: VariableNode): Store {
  const name = variable.path[0] ?? '$';
  const slots = compiler.variables.resolve(name);
  return (frame: Frame, value: Value) => {
    for (const { index, conditional } of slots) {
      if (conditional && frame.variables[index] === UNSET) continue;
      frame.variables[index] = value;
      frame.fromInterface[index] = false;
      return;
    }
    frame.fail(`undefined variable: ${name}`);
  };
}

/**
 * A pipeline of a statement. Declarations that `and` or `or` may skip are marked unset before it
 * runs, so that names fall back to what they meant outside.
 */
export function compileStatementPipe(
  compiler: Compiler,
  node: PipeNode,
  fromRange = false,
): CompiledPipe {
  compiler.variables.conditionals = [];
  const pipe = compiler.pipe(node, fromRange);
  const unset = compiler.variables.conditionals;
  compiler.variables.conditionals = [];
  if (unset.length === 0) return pipe;
  return {
    ...pipe,
    evaluate: (frame, dot) => {
      for (const index of unset) frame.variables[index] = UNSET;
      return pipe.evaluate(frame, dot);
    },
  };
}
