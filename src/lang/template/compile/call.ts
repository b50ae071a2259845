// Calls of functions and methods: argument counts, argument types, results and errors.
import { isAssignable } from '../argument.ts';
import { AND, CALL, OR } from '../builtins/control.ts';
import { SLICE } from '../builtins/elements.ts';
import { NestedFailure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { TemplateFunctionError } from '../function.ts';
import type { IdentifierNode, Node, OperandNode } from '../node.ts';
import { nodeText } from '../node-text.ts';
import { isTrue } from '../truth.ts';
import type { GoType } from '../type.ts';
import { ANY, canBeNil, isIntKind } from '../type.ts';
import type { Value } from '../value.ts';
import { GoFunc, GoInt, GoList, GoObject, integer, typeOf, zeroValue } from '../value.ts';
import type { Argument, BoundArgument, Parameter } from './argument.ts';
import { bindArgument, compileArgument, converter } from './argument.ts';
import type { Compiler, EvaluateFinal } from './compiler.ts';

/** A call site: its arguments compiled in place, the callee perhaps not known yet. */
export interface CallSite {
  readonly args: readonly Argument[];
  /** The arguments as written, for the name that `call` gives its callee. */
  readonly nodes: readonly OperandNode[];
  readonly hasFinal: boolean;
  /** What "error calling" points at. */
  readonly errorNode: Node;
}

/** A call of a known function at a site; `context` is the run's own unless a method is called. */
export type BoundCall = (frame: Frame, dot: Value, final: Value, context?: CallContext) => Value;

export function compileCallSite(
  compiler: Compiler,
  nodes: readonly OperandNode[],
  given: { readonly hasFinal: boolean; readonly errorNode: Node },
): CallSite {
  const args = nodes.map((node) => compileArgument(compiler, node));
  return { args, nodes, hasFinal: given.hasFinal, errorNode: given.errorNode };
}

/** A call of a function by its name in a template: errors before the call point at the name. */
export function bindFunctionCall(
  site: CallSite,
  fn: TemplateFunction,
  name: IdentifierNode,
): EvaluateFinal {
  const problem = wrongCount(site, fn);
  if (problem !== undefined) {
    return (frame) => {
      frame.node = name;
      return problem(frame);
    };
  }
  if (fn === AND || fn === OR) return bindLogic(site, fn === OR);
  if (fn === CALL) return bindCallBuiltin(site);
  return bindCall(site, fn, name);
}

/** A call of a method found while running; the last one is remembered, as sites rarely change. */
export function bindMethodCall(site: CallSite): (method: TemplateFunction) => BoundCall {
  let known: TemplateFunction | undefined;
  let call: BoundCall | undefined;
  return (method) => {
    if (call === undefined || known !== method) {
      known = method;
      call = wrongCount(site, method) ?? bindCall(site, method, site.errorNode);
    }
    return call;
  };
}

function fixedCount(fn: TemplateFunction): number {
  const { params, variadic } = fn.signature;
  return variadic ? params.length - 1 : params.length;
}

function wrongCount(site: CallSite, fn: TemplateFunction): ((frame: Frame) => never) | undefined {
  const given = site.args.length + (site.hasFinal ? 1 : 0);
  const { variadic } = fn.signature;
  const fixed = fixedCount(fn);
  if (variadic ? given >= fixed : given === fixed) return undefined;
  // Go counts the piped value in one of the two messages only.
  const detail = variadic
    ? `want at least ${fixed} got ${site.args.length}`
    : `want ${fixed} got ${given}`;
  return (frame) => frame.fail(`wrong number of args for ${fn.name}: ${detail}`);
}

function parameterAt(fn: TemplateFunction, index: number): Parameter {
  if (fn.raw) return undefined;
  const { params } = fn.signature;
  return params[Math.min(index, params.length - 1)];
}

/** Strings up to this length are not counted one by one. */
const LONG = 256;

/** The closure that makes the call; kept in one piece, because nested includes pile it up. */
function bindCall(site: CallSite, fn: TemplateFunction, nameNode: Node): BoundCall {
  const args = site.args.map((arg, index) => {
    const bound = bindArgument(arg, parameterAt(fn, index));
    return fn === SLICE && index > 0 ? markInterface(site.nodes[index], bound) : bound;
  });
  const convertFinal = converter(parameterAt(fn, args.length));
  const evaluate = argumentList(args, site.hasFinal ? convertFinal : undefined);
  const wrap = resultWrapper(fn);
  const { implementation } = fn;
  return (frame, dot, final, context) => {
    frame.node = nameNode;
    const values = evaluate(frame, dot, final);
    frame.run.budget.step();
    let result: unknown;
    try {
      // Two arguments are by far the most common; spreading them costs time and stack.
      result =
        values.length === 2
          ? implementation(context ?? frame.run.context, values[0], values[1])
          : implementation(context ?? frame.run.context, ...values);
    } catch (error) {
      if (!(error instanceof TemplateFunctionError)) throw error;
      frame.node = site.errorNode;
      const cause = error instanceof NestedFailure ? error.error : undefined;
      return frame.fail(`error calling ${fn.name}: ${error.message}`, cause);
    }
    if (typeof result === 'string' && result.length > LONG) {
      frame.run.budget.checkLength(result.length);
    }
    return wrap(result);
  };
}

/**
 * `slice` refuses an index that stands in an interface, such as a field of the data, because Go
 * looks at its static type there; `index` looks inside. Such a value is passed on as that type.
 */
function markInterface(node: OperandNode | undefined, argument: BoundArgument): BoundArgument {
  if (node?.kind === 'dot') {
    return (frame, dot) => (frame.dotFromInterface ? new GoObject(ANY, dot) : argument(frame, dot));
  }
  const isPath = node?.kind === 'field' || node?.kind === 'chain';
  if (!isPath && !(node?.kind === 'variable' && node.path.length > 1)) return argument;
  return (frame, dot) => {
    const value = argument(frame, dot);
    return value !== undefined && frame.pathFromInterface ? new GoObject(ANY, value) : value;
  };
}

type ArgumentList = (frame: Frame, dot: Value, final: Value) => readonly unknown[];

function argumentList(
  args: readonly BoundArgument[],
  convertFinal: ReturnType<typeof converter> | undefined,
): ArgumentList {
  const [first, second] = args;
  if (convertFinal === undefined) {
    if (first === undefined) return () => [];
    if (second === undefined) return (frame, dot) => [first(frame, dot)];
    if (args.length === 2) return (frame, dot) => [first(frame, dot), second(frame, dot)];
    return (frame, dot) => args.map((arg) => arg(frame, dot));
  }
  if (first === undefined) return (frame, _, final) => [convertFinal(frame, final)];
  if (second === undefined) {
    return (frame, dot, final) => [first(frame, dot), convertFinal(frame, final)];
  }
  return (frame, dot, final) => {
    const values = args.map((arg) => arg(frame, dot));
    values.push(convertFinal(frame, final));
    return values;
  };
}

/** Gives a result the declared type: see function.ts. */
function resultWrapper(fn: TemplateFunction): (result: unknown) => Value {
  const { result: type } = fn.signature;
  if (fn.raw) return (result) => result as Value;
  if (isIntKind(type.kind)) {
    return (result) =>
      result instanceof GoInt ? result : integer(type, result as number | bigint);
  }
  if (type.kind === 'slice') {
    return (result) =>
      Array.isArray(result) ? new GoList(result as Value[], type) : (result as Value);
  }
  if (type.kind === 'interface') {
    return (result) => (result === undefined ? null : (result as Value));
  }
  return (result) => result as Value;
}

/** `and` and `or`: arguments are evaluated only until the answer is known. */
function bindLogic(site: CallSite, isOr: boolean): EvaluateFinal {
  const args = site.args.map((arg) => bindArgument(arg, undefined));
  return (frame, dot, final) => {
    frame.run.budget.step();
    let value: Value;
    for (const arg of args) {
      value = arg(frame, dot) as Value;
      if (isTrue(value) === isOr) return value;
    }
    return site.hasFinal ? final : value;
  };
}

/** `call`: the callee is a value, and its name in errors is the text of the operand. */
function bindCallBuiltin(site: CallSite): EvaluateFinal {
  const args = site.args.map((arg) => bindArgument(arg, undefined));
  const first = site.nodes[0];
  return (frame, dot, final) => {
    const values = args.map((arg) => arg(frame, dot) as Value);
    if (site.hasFinal) values.push(final);
    frame.run.budget.step();
    const name = first === undefined ? pipedName(final) : nodeText(first);
    try {
      return callValue(frame, name, values);
    } catch (error) {
      if (!(error instanceof TemplateFunctionError)) throw error;
      frame.node = site.errorNode;
      return frame.fail(`error calling call: ${error.message}`);
    }
  };
}

/** reflect.Value.String of a value that is piped into `call`. */
function pipedName(value: Value): string {
  if (typeof value === 'string') return value;
  return value === undefined
    ? '<invalid Value>'
    : `<${typeOf(value)?.name ?? 'interface {}'} Value>`;
}

function callValue(frame: Frame, name: string, values: readonly Value[]): Value {
  const [callee, ...given] = values;
  if (callee === undefined || callee === null) throw new TemplateFunctionError('call of nil');
  if (!(callee instanceof GoFunc)) {
    throw new TemplateFunctionError(`non-function ${name} of type ${typeOf(callee)?.name}`);
  }
  const { fn } = callee;
  const fixed = fixedCount(fn);
  const { variadic } = fn.signature;
  if (variadic ? given.length < fixed : given.length !== fixed) {
    const wanted = `${variadic ? 'want at least' : 'want'} ${fixed}`;
    throw new TemplateFunctionError(
      `wrong number of args for ${name}: got ${given.length} ${wanted}`,
    );
  }
  const args = given.map((value, index) => {
    const type = parameterAt(fn, index);
    return type === undefined ? value : prepareArgument(value, type, index);
  });
  return resultWrapper(fn)(fn.implementation(frame.run.context, ...args));
}

function prepareArgument(value: Value, type: GoType, index: number): unknown {
  const problem = (text: string): never => {
    throw new TemplateFunctionError(`arg ${index}: ${text}; should be ${type.name}`);
  };
  if (value === undefined || value === null) {
    if (!canBeNil(type)) {
      throw new TemplateFunctionError(`arg ${index}: value is nil; should be of type ${type.name}`);
    }
    return zeroValue(type);
  }
  const actual = typeOf(value) as GoType;
  if (isIntKind(type.kind) && value instanceof GoInt)
    return Number(integer(type, value.value).value);
  if (!isAssignable(actual, type)) problem(`value has type ${actual.name}`);
  return value;
}
