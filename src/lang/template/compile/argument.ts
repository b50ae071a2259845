// Arguments of a call: compiled without a type, bound to one when the callee is known.
import { toArgument, validate } from '../argument.ts';
import type { Evaluate, Frame } from '../frame.ts';
import type { LiteralNode } from '../literal.ts';
import { anyLiteral, typedLiteral } from '../literal.ts';
import type { OperandNode } from '../node.ts';
import type { GoType } from '../type.ts';
import { canBeNil, isIntKind } from '../type.ts';
import type { Value } from '../value.ts';
import { GoInt, zeroValue } from '../value.ts';
import type { Compiler } from './compiler.ts';

/** A literal, or an expression that has been compiled at its place. */
export type Argument =
  { readonly literal: LiteralNode } | { readonly literal?: undefined; readonly evaluate: Evaluate };

/** Gives the argument as the implementation wants it. */
export type BoundArgument = (frame: Frame, dot: Value) => unknown;

/** Turns a value into an argument of a type: checks it, and unwraps integers. */
export type Convert = (frame: Frame, value: Value) => unknown;

/** How a parameter takes values: `undefined` for a builtin that looks at the value itself. */
export type Parameter = GoType | undefined;

export function compileArgument(compiler: Compiler, node: OperandNode): Argument {
  switch (node.kind) {
    case 'bool':
    case 'number':
    case 'string':
    case 'nil':
      return { literal: node };
    default:
      return { evaluate: compiler.operand(node) };
  }
}

export function bindArgument(argument: Argument, parameter: Parameter): BoundArgument {
  if (argument.literal !== undefined) return bindLiteral(argument.literal, parameter);
  const { evaluate } = argument;
  if (parameter === undefined) return evaluate;
  const convert = converter(parameter);
  return (frame, dot) => convert(frame, evaluate(frame, dot));
}

function bindLiteral(node: LiteralNode, parameter: Parameter): BoundArgument {
  if (node.kind === 'nil') return bindNil(node, parameter);
  const result = parameter === undefined ? anyLiteral(node) : typedLiteral(node, parameter);
  if ('problem' in result) {
    return (frame) => {
      frame.node = node;
      return frame.fail(result.problem);
    };
  }
  const unwraps = parameter !== undefined && isIntKind(parameter.kind);
  const value = unwraps ? toArgument(result.value) : result.value;
  return (frame) => {
    frame.node = node;
    return value;
  };
}

function bindNil(node: LiteralNode, parameter: Parameter): BoundArgument {
  if (parameter !== undefined && !canBeNil(parameter)) {
    return (frame) => {
      frame.node = node;
      return frame.fail(`cannot assign nil to ${parameter.name}`);
    };
  }
  const value = parameter === undefined ? undefined : zeroValue(parameter);
  return (frame) => {
    frame.node = node;
    return value;
  };
}

/** The conversion into a parameter's type. */
export function converter(parameter: Parameter): Convert {
  if (parameter === undefined) return (_, value) => value;
  if (parameter.kind === 'interface') return (_, value) => (value === undefined ? null : value);
  if (parameter.kind === 'string') {
    return (frame, value) =>
      typeof value === 'string' ? value : validate(frame, value, parameter);
  }
  if (isIntKind(parameter.kind)) {
    return (frame, value) => {
      const checked =
        value instanceof GoInt && value.type === parameter
          ? value
          : validate(frame, value, parameter);
      return toArgument(checked);
    };
  }
  return (frame, value) => validate(frame, value, parameter);
}
