// Closures for operators. Frequent cases (ints, strings, literals) are answered in place.
import { add, copiedSize, divide, modulo, multiply, negate, subtract } from './arithmetic.ts';
import type { Call, Expr } from './ast.ts';
import { absorbed, CALL_COST, located, noOverload, traversal } from './compile-context.ts';
import type { Code, CompileContext, Scope } from './compile-context.ts';
import { equals } from './equality.ts';
import type { CelError } from './error.ts';
import type { Frame, Run } from './frame.ts';
import { contains } from './membership.ts';
import { compare } from './order.ts';
import { isMap, mapSize } from './value.ts';
import type { Value } from './value.ts';

type Binary = (left: Run, right: Run, offset: number) => Run;

/** Closures for the operators of two operands that are always both evaluated. */
const BINARY: Readonly<Record<string, Binary>> = {
  '_+_': (left, right, offset) => (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === 'number' && typeof b === 'number') {
      const sum = a + b;
      if (Number.isInteger(a) && Number.isInteger(b) && Number.isSafeInteger(sum)) return sum;
    }
    try {
      const size = copiedSize(a, b);
      if (size > 10) frame.charge(traversal(size) - 1);
      return add(a, b);
    } catch (error) {
      throw located(error, offset);
    }
  },
  '_-_': arithmetic(subtract),
  '_*_': arithmetic(multiply),
  '_/_': arithmetic(divide),
  '_%_': arithmetic(modulo),
  '_==_': (left, right) => (frame) => isEqual(frame, left(frame), right(frame)),
  '_!=_': (left, right) => (frame) => !isEqual(frame, left(frame), right(frame)),
  '_<_': (left, right, offset) => (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === 'number' && typeof b === 'number') return a < b;
    return order(frame, [a, b], offset) < 0;
  },
  '_<=_': (left, right, offset) => (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === 'number' && typeof b === 'number') return a <= b;
    return order(frame, [a, b], offset) <= 0;
  },
  '_>_': (left, right, offset) => (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === 'number' && typeof b === 'number') return a > b;
    return order(frame, [a, b], offset) > 0;
  },
  '_>=_': (left, right, offset) => (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === 'number' && typeof b === 'number') return a >= b;
    return order(frame, [a, b], offset) >= 0;
  },
  '@in': (left, right, offset) => (frame) => {
    const item = left(frame);
    const container = right(frame);
    try {
      if (Array.isArray(container)) frame.charge(container.length);
      return contains(container, item, (size) => frame.charge(traversal(size)));
    } catch (error) {
      throw located(error, offset);
    }
  },
};

function arithmetic(operation: (a: Value, b: Value) => Value): Binary {
  return (left, right, offset) => (frame) => {
    const a = left(frame);
    const b = right(frame);
    try {
      return operation(a, b);
    } catch (error) {
      throw located(error, offset);
    }
  };
}

/** The size by which comparing costs: the length of strings, bytes, lists and maps, else 1. */
function comparedSize(value: Value): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.length;
  return isMap(value) ? mapSize(value) : 1;
}

function isEqual(frame: Frame, a: Value, b: Value): boolean {
  if (typeof a === 'string') {
    if (typeof b !== 'string') return false;
    if (a === '' || b === '' || (a.length > 10 && b.length > 10)) {
      frame.charge(traversal(Math.min(a.length, b.length)) - 1);
    }
    return a === b;
  }
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  if (typeof a === 'boolean' || a === null || b === null) return a === b;
  return equals(a, b, (size) => frame.charge(traversal(size)));
}

function order(frame: Frame, operands: readonly [Value, Value], offset: number): number {
  const [a, b] = operands;
  const size = Math.min(comparedSize(a), comparedSize(b));
  if (size !== 1) frame.charge(traversal(size) - 1);
  try {
    return compare(a, b);
  } catch (error) {
    throw located(error, offset);
  }
}

/** `x == literal`: strings, bools and null need no look at the other side's type. */
function equalToLiteral(run: Run, literal: Value): Run | undefined {
  if (typeof literal === 'string') {
    const cost = traversal(literal.length) - 1;
    if (cost === 0) {
      return (frame) => {
        const value = run(frame);
        if (value === literal) return true;
        // Kubernetes counts a tenth of the shorter text, which is nothing for an empty one.
        if (value === '') frame.charge(-1);
        return false;
      };
    }
    return (frame) => {
      const value = run(frame);
      if (typeof value !== 'string') return false;
      frame.charge(Math.min(cost, traversal(value.length) - 1));
      return value === literal;
    };
  }
  if (typeof literal === 'boolean' || literal === null) return (frame) => run(frame) === literal;
  if (typeof literal === 'number') {
    return (frame) => {
      const value = run(frame);
      return typeof value === 'number' ? value === literal : equals(value, literal);
    };
  }
  return undefined;
}

function compileEquality(call: Call, codes: readonly [Code, Code]): Run {
  const [left, right] = call.args as [Expr, Expr];
  const [a, b] = codes;
  const quick =
    right.kind === 'literal'
      ? equalToLiteral(a.run, right.value)
      : left.kind === 'literal'
        ? equalToLiteral(b.run, left.value)
        : undefined;
  if (quick === undefined) return (BINARY[call.name] as Binary)(a.run, b.run, call.offset);
  return call.name === '_==_' ? quick : (frame) => quick(frame) !== true;
}

/** The closure of an operator, or undefined where the call is none. */
export function compileOperator(
  call: Call,
  context: CompileContext,
  scope: Scope | undefined,
): Code | undefined {
  if (call.target !== undefined) return undefined;
  switch (call.name) {
    case '_||_':
      return compileLogical(call, true, (expr) => context.compile(expr, scope));
    case '_&&_':
      return compileLogical(call, false, (expr) => context.compile(expr, scope));
    case '_?_:_':
      return compileTernary(call, (expr) => context.compile(expr, scope));
    case '!_':
    case '-_':
      return compileUnary(call, (expr) => context.compile(expr, scope));
    default:
  }
  const binary = Object.hasOwn(BINARY, call.name) ? BINARY[call.name] : undefined;
  if (binary === undefined) return undefined;
  const [left, right] = call.args as [Expr, Expr];
  const a = context.compile(left, scope);
  const b = context.compile(right, scope);
  const isEquality = call.name === '_==_' || call.name === '_!=_';
  const run = isEquality ? compileEquality(call, [a, b]) : binary(a.run, b.run, call.offset);
  return { run, cost: a.cost + b.cost + CALL_COST };
}

type Compile = (expr: Expr) => Code;

/**
 * `&&` and `||`: the deciding value wins over errors of the other operands, on either side
 * (cel-spec "Logical Operators"). `decisive` is true for `||` and false for `&&`.
 */
function compileLogical(call: Call, decisive: boolean, compile: Compile): Code {
  const codes = call.args.map(compile);
  const [first, second] = codes as [Code, Code];
  if (codes.length === 2) {
    return { run: logicalPair(first.run, second, { decisive, call }), cost: first.cost };
  }
  const run: Run = (frame) => {
    let pending: CelError | undefined;
    for (let index = 0; index < codes.length; index++) {
      const code = codes[index] as Code;
      if (index > 0) frame.charge(code.cost);
      try {
        const value = code.run(frame);
        if (value === decisive) return decisive;
        if (value !== !decisive) pending ??= noOverload(call.offset);
      } catch (error) {
        pending ??= absorbed(error);
      }
    }
    if (pending !== undefined) throw pending;
    return !decisive;
  };
  return { run, cost: first.cost };
}

function logicalPair(
  first: Run,
  second: Code,
  how: { readonly decisive: boolean; readonly call: Call },
): Run {
  const { decisive, call } = how;
  const other = second.run;
  return (frame) => {
    let pending: CelError | undefined;
    try {
      const value = first(frame);
      if (value === decisive) return decisive;
      if (value !== !decisive) pending = noOverload(call.offset);
    } catch (error) {
      pending = absorbed(error);
    }
    frame.charge(second.cost);
    if (pending === undefined) {
      const value = other(frame);
      if (typeof value === 'boolean') return value;
      throw noOverload(call.offset);
    }
    try {
      if (other(frame) === decisive) return decisive;
    } catch (error) {
      absorbed(error);
    }
    throw pending;
  };
}

function compileTernary(call: Call, compile: Compile): Code {
  const [condition, yes, no] = call.args.map(compile) as [Code, Code, Code];
  const run: Run = (frame) => {
    const value = condition.run(frame);
    if (typeof value !== 'boolean') throw noOverload(call.offset);
    const branch = value ? yes : no;
    frame.charge(branch.cost);
    return branch.run(frame);
  };
  return { run, cost: condition.cost };
}

function compileUnary(call: Call, compile: Compile): Code {
  const operand = compile(call.args[0] as Expr);
  const { offset } = call;
  const not: Run = (frame) => {
    const value = operand.run(frame);
    if (typeof value === 'boolean') return !value;
    throw noOverload(offset);
  };
  const minus: Run = (frame) => {
    const value = operand.run(frame);
    try {
      return negate(value);
    } catch (error) {
      throw located(error, offset);
    }
  };
  return { run: call.name === '!_' ? not : minus, cost: operand.cost + CALL_COST };
}
