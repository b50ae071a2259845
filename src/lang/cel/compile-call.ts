// Closures for function calls: overloads are told apart by the values that arrive.
import type { Call, Expr } from './ast.ts';
import { CALL_COST, constantCode, located } from './compile-context.ts';
import type { Code, CompileContext, Scope } from './compile-context.ts';
import { CelError, celError } from './error.ts';
import type { Frame, Run } from './frame.ts';
import { dispatcher, specialised, specialisingWeight } from './functions.ts';
import { noSuchOverload } from './library.ts';
import type { Overload } from './library.ts';
import { namespacedFunction } from './names.ts';
import { SyntaxFault } from './position.ts';
import { Optional } from './value.ts';
import type { Value } from './value.ts';

export function compileCall(call: Call, context: CompileContext, scope: Scope | undefined): Code {
  const { functions } = context.environment;
  const namespaced = namespacedFunction(call, context.environment);
  if (call.target === undefined || namespaced !== undefined) {
    const name = namespaced ?? (call.name.startsWith('.') ? call.name.slice(1) : call.name);
    return compileFunction(
      { call, name, args: call.args, overloads: functions.globals.get(name) },
      context,
      scope,
    );
  }
  if (functions.members.has('orValue') && call.args.length === 1) {
    const lazy = compileOr(call, context, scope);
    if (lazy !== undefined) return lazy;
  }
  const target = { call, name: call.name, args: [call.target, ...call.args] };
  return compileFunction(
    { ...target, overloads: functions.members.get(call.name) },
    context,
    scope,
  );
}

interface Target {
  readonly call: Call;
  readonly name: string;
  readonly args: readonly Expr[];
  readonly overloads: readonly Overload[] | undefined;
}

function compileFunction(target: Target, context: CompileContext, scope: Scope | undefined): Code {
  const { call, args } = target;
  const { offset } = call;
  const codes = args.map((arg) => context.compile(arg, scope));
  const cost = codes.reduce((sum, code) => sum + code.cost, CALL_COST);
  const declared = context.narrowed.get(call) ?? target.overloads;
  const fitting = declared?.filter((overload) => overload.params.length === args.length);
  if (fitting === undefined || fitting.length === 0) {
    // Reached only where the checker is off: then it is an error at run time, as in cel-go.
    const known = target.overloads !== undefined;
    return {
      run: () => {
        throw known
          ? celError('noSuchOverload', 'no such overload', offset)
          : celError('noSuchOverload', `unbound function: ${target.name}`, offset);
      },
      cost,
    };
  }
  const overloads = specialise(fitting, target, context);
  const runs = codes.map((code) => code.run);
  return (
    converted(target.name, codes, overloads) ?? { run: dispatch(runs, overloads, offset), cost }
  );
}

const CONVERSIONS: ReadonlySet<string> = new Set(
  'bool bytes double duration int string timestamp uint dyn'.split(' '),
);

/** A conversion of a constant is a constant; one that fails does so while evaluating. */
function converted(
  name: string,
  codes: readonly Code[],
  overloads: readonly Overload[],
): Code | undefined {
  const constant = codes[0]?.constant;
  if (codes.length !== 1 || constant === undefined || !CONVERSIONS.has(name)) return undefined;
  try {
    return constantCode(dispatcher(overloads)([constant]).call(constant));
  } catch (error) {
    if (error instanceof CelError) return undefined;
    throw error;
  }
}

function specialise(
  overloads: readonly Overload[],
  target: Target,
  context: CompileContext,
): readonly Overload[] {
  const { args } = target;
  const literals = args.map((arg) => (arg.kind === 'literal' ? arg.value : undefined));
  context.spend(specialisingWeight(overloads, literals), target.call.offset);
  try {
    return specialised(overloads, literals);
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    const at = args.find((_, index) => literals[index] !== undefined);
    const message = `invalid ${target.name} argument: ${error.message}`;
    throw new SyntaxFault(message, at?.offset ?? 0, error.class);
  }
}

function charge(frame: Frame, overload: Overload, args: Value[]): void {
  // The call itself (1) is part of the cost known beforehand.
  if (overload.cost !== undefined) frame.charge(overload.cost(...args));
}

function charged(frame: Frame, overload: Overload, result: Value): Value {
  if (overload.resultCost !== undefined) frame.charge(overload.resultCost(result));
  return result;
}

function dispatch(runs: readonly Run[], overloads: readonly Overload[], offset: number): Run {
  const pick = dispatcher(overloads);
  const [first, second] = runs;
  if (runs.length === 1 && first !== undefined) {
    return (frame) => {
      const args = [first(frame)];
      try {
        const overload = pick(args);
        charge(frame, overload, args);
        return charged(frame, overload, overload.call(args[0] as Value));
      } catch (error) {
        throw located(error, offset);
      }
    };
  }
  if (runs.length === 2 && first !== undefined && second !== undefined) {
    return (frame) => {
      const args = [first(frame), second(frame)];
      try {
        const overload = pick(args);
        charge(frame, overload, args);
        return charged(frame, overload, overload.call(args[0] as Value, args[1] as Value));
      } catch (error) {
        throw located(error, offset);
      }
    };
  }
  return (frame) => {
    const args: Value[] = [];
    for (const run of runs) args.push(run(frame));
    try {
      const overload = pick(args);
      charge(frame, overload, args);
      return charged(frame, overload, overload.call(...args));
    } catch (error) {
      throw located(error, offset);
    }
  };
}

/** `x.or(y)` and `x.orValue(y)`: y is evaluated only where x is none. */
function compileOr(
  call: Call,
  context: CompileContext,
  scope: Scope | undefined,
): Code | undefined {
  if (call.name !== 'or' && call.name !== 'orValue') return undefined;
  const target = context.compile(call.target as Expr, scope);
  const other = context.compile(call.args[0] as Expr, scope);
  const flat = call.name === 'orValue';
  const run: Run = (frame) => {
    const value = target.run(frame);
    if (!(value instanceof Optional)) throw located(noSuchOverload(), call.offset);
    if (value.value !== undefined) return flat ? value.value : value;
    frame.charge(other.cost);
    const fallback = other.run(frame);
    if (!flat && !(fallback instanceof Optional)) throw located(noSuchOverload(), call.offset);
    return fallback;
  };
  return { run, cost: target.cost + CALL_COST };
}
