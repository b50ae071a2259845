// Commands of a pipeline: a field, variable, chain, function, parenthesised pipeline or literal.
import type { Evaluate, Frame } from '../frame.ts';
import type { Chain } from '../field.ts';
import { followPath, readField } from '../field.ts';
import { AND, OR } from '../builtins/control.ts';
import { anyLiteral } from '../literal.ts';
import type {
  ChainNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  OperandNode,
  VariableNode,
} from '../node.ts';
import { nodeText } from '../node-text.ts';
import { quote } from '../strconv/quote.ts';
import type { Value } from '../value.ts';
import { UNSET } from '../variables.ts';
import { bindFunctionCall, bindMethodCall, compileCallSite } from './call.ts';
import type { Compiler, EvaluateFinal, Expression } from './compiler.ts';

/** What a command gives its operand: the further words, and whether a value is piped in. */
interface Given {
  readonly args: readonly OperandNode[];
  readonly hasFinal: boolean;
}

const NOTHING: Given = { args: [], hasFinal: false };

/** One command; `hasFinal` for all but the first of a pipeline. */
export function compileCommand(
  compiler: Compiler,
  command: CommandNode,
  hasFinal: boolean,
): EvaluateFinal {
  const [first, ...args] = command.args;
  if (first === undefined) return () => undefined;
  const given = { args, hasFinal };
  switch (first.kind) {
    case 'field':
      return compileField(compiler, first, given);
    case 'chain':
      return compileChain(compiler, first, given);
    case 'variable':
      return compileVariable(compiler, first, given);
    case 'identifier':
      return compileFunction(compiler, first, { ...given, errorNode: command });
    case 'pipe': {
      if (hasArguments(given)) return (frame) => notAFunction(frame, first);
      return compiler.pipe(first).evaluate;
    }
    default:
      return compileLiteral(first, given);
  }
}

/** An operand that stands alone, as an argument does. */
export function compileOperand(compiler: Compiler, node: Expression): Evaluate {
  switch (node.kind) {
    case 'dot':
      return (frame, dot) => {
        frame.node = node;
        return dot;
      };
    case 'field':
      return withoutFinal(compileField(compiler, node, NOTHING));
    case 'chain':
      return withoutFinal(compileChain(compiler, node, NOTHING));
    case 'variable':
      return withoutFinal(compileVariable(compiler, node, NOTHING));
    case 'identifier':
      return withoutFinal(compileFunction(compiler, node, { ...NOTHING, errorNode: node }));
    case 'pipe':
      return compiler.pipe(node).evaluate;
  }
}

function withoutFinal(evaluate: EvaluateFinal): Evaluate {
  return (frame, dot) => evaluate(frame, dot, undefined);
}

function hasArguments({ args, hasFinal }: Given): boolean {
  return args.length > 0 || hasFinal;
}

function notAFunction(frame: Frame, node: OperandNode): never {
  return frame.fail(`can't give argument to non-function ${nodeText(node)}`);
}

function compileLiteral(
  node: Exclude<OperandNode, { kind: 'field' | 'chain' | 'variable' | 'identifier' | 'pipe' }>,
  given: Given,
): EvaluateFinal {
  if (hasArguments(given)) {
    return (frame) => {
      frame.node = node;
      return notAFunction(frame, node);
    };
  }
  if (node.kind === 'dot') {
    return (frame, dot) => {
      frame.node = node;
      return dot;
    };
  }
  const literal = anyLiteral(node);
  return (frame) => {
    frame.node = node;
    if (node.kind === 'nil') frame.fail('nil is not a command');
    return 'problem' in literal ? frame.fail(literal.problem) : literal.value;
  };
}

function compileFunction(
  compiler: Compiler,
  node: IdentifierNode,
  given: Given & { readonly errorNode: CommandNode | IdentifierNode },
): EvaluateFinal {
  const fn = compiler.functions.get(node.name);
  if (fn === undefined) {
    return (frame) => {
      frame.node = node;
      return frame.fail(`${quote(node.name)} is not a defined function`);
    };
  }
  // What stands behind the first argument of `and` and `or` may never be evaluated.
  const skippable = fn === AND || fn === OR ? 1 : 0;
  compiler.variables.skippable += skippable;
  const site = compileCallSite(compiler, given.args, given);
  compiler.variables.skippable -= skippable;
  return bindFunctionCall(site, fn, node);
}

/** Reads a path of fields from a start value whose static type may be `interface {}`. */
type ReadPath = (frame: Frame, start: Value, fromInterface: boolean, piped: Piped) => Value;

/** What a method at the end of a path is given. */
interface Piped {
  readonly dot: Value;
  readonly final: Value;
}

const NOT_PIPED: Piped = { dot: undefined, final: undefined };

function compilePath(
  compiler: Compiler,
  path: readonly string[],
  given: Given & { readonly errorNode: OperandNode },
): ReadPath {
  const plainSite = compileCallSite(compiler, [], { ...given, hasFinal: false });
  const plain = bindMethodCall(plainSite);
  const chain: Chain = {
    path,
    callMethod: (frame, method, receiver) =>
      plain(method)(frame, undefined, undefined, { ...frame.run.context, receiver }),
  };
  if (!hasArguments(given)) {
    return (frame, start, fromInterface) => followPath(frame, start, chain, fromInterface);
  }
  const bind = bindMethodCall(compileCallSite(compiler, given.args, given));
  const before = { ...chain, path: path.slice(0, -1) };
  const name = path.at(-1) ?? '';
  return (frame, start, fromInterface, { dot, final }) => {
    const target = followPath(frame, start, before, fromInterface);
    const step = {
      name,
      hasArguments: true,
      callMethod: (...[, method, receiver]: Parameters<Chain['callMethod']>) =>
        bind(method)(frame, dot, final, { ...frame.run.context, receiver }),
    };
    return readField(frame, target, step, frame.pathFromInterface);
  };
}

function compileField(compiler: Compiler, node: FieldNode, given: Given): EvaluateFinal {
  const read = compilePath(compiler, node.path, { ...given, errorNode: node });
  if (!hasArguments(given)) {
    return (frame, dot) => {
      frame.node = node;
      return read(frame, dot, frame.dotFromInterface, NOT_PIPED);
    };
  }
  return (frame, dot, final) => {
    frame.node = node;
    return read(frame, dot, frame.dotFromInterface, { dot, final });
  };
}

function compileVariable(compiler: Compiler, node: VariableNode, given: Given): EvaluateFinal {
  const [name = '$', ...path] = node.path;
  const variable = compileVariableRead(compiler, node, name);
  if (path.length === 0) {
    if (!hasArguments(given)) return variable.value;
    return (frame) => {
      variable.value(frame);
      return notAFunction(frame, node);
    };
  }
  const read = compilePath(compiler, path, { ...given, errorNode: node });
  if (!hasArguments(given)) {
    return (frame) => read(frame, variable.value(frame), variable.fromInterface(frame), NOT_PIPED);
  }
  return (frame, dot, final) =>
    read(frame, variable.value(frame), variable.fromInterface(frame), { dot, final });
}

interface VariableRead {
  readonly value: (frame: Frame) => Value;
  readonly fromInterface: (frame: Frame) => boolean;
}

function compileVariableRead(compiler: Compiler, node: VariableNode, name: string): VariableRead {
  const slots = compiler.variables.resolve(name);
  const [first] = slots;
  if (first !== undefined && slots.length === 1 && !first.conditional) {
    const { index, fromRange } = first;
    return {
      value: (frame) => {
        frame.node = node;
        return frame.variables[index];
      },
      fromInterface: (frame) => fromRange && frame.fromInterface[index] === true,
    };
  }
  return {
    value: (frame) => {
      frame.node = node;
      for (const { index } of slots) {
        const value = frame.variables[index];
        if (value !== UNSET) return value;
      }
      return frame.fail(`undefined variable: ${name}`);
    },
    fromInterface: () => false,
  };
}

function compileChain(compiler: Compiler, node: ChainNode, given: Given): EvaluateFinal {
  const read = compilePath(compiler, node.path, { ...given, errorNode: node });
  const inner = node.node;
  if (inner.kind === 'nil') {
    return (frame) => {
      frame.node = node;
      return frame.fail(`indirection through explicit nil in ${nodeText(node)}`);
    };
  }
  if (inner.kind === 'bool' || inner.kind === 'number' || inner.kind === 'string') {
    throw new Error(`the parser refuses a chain on a ${inner.kind}`);
  }
  const start = compileOperand(compiler, inner);
  const fromInterface =
    inner.kind === 'identifier' &&
    compiler.functions.get(inner.name)?.signature.result.kind === 'interface';
  return (frame, dot, final) => {
    frame.node = node;
    return read(frame, start(frame, dot), fromInterface, { dot, final });
  };
}
