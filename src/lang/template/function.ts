// How a template function is declared, what it is given, and how it fails.
//
// A function is declared by its Go signature and an implementation:
//
//     export const STRINGS = [
//       defineFunction('trunc', 'func(int, string) string', (_, n, text) => truncate(text, n)),
//       defineFunction('fail', 'func(string) (string, error)', (_, message) => {
//         throw new TemplateFunctionError(message);
//       }),
//       defineFunction('list', 'func(...interface {}) []interface {}', (_, ...items) => items),
//     ];
//
// - The engine has checked number and types of the arguments against the signature before the
//   implementation runs, with Go's error texts. Arguments arrive as plain JavaScript where that
//   loses nothing a function looks at: string, boolean, number for every integer and float
//   parameter, GoList, GoMap, Uint8Array, and any Value for `interface {}`.
// - `undefined` reaches an `interface {}` parameter as `null`: Go passes a nil interface.
// - The result is wrapped by the declared result type: a `number` returned as `int` becomes a
//   GoInt of that kind, an array returned as `[]string` a GoList. For `interface {}` a `number` is
//   a float64: return `int(n)` or `int64(n)` for integers.
// - Go's errors and Go's run-time panics are both `TemplateFunctionError` with Go's text: the
//   engine puts "error calling NAME: " and the position before it.
// - Work that grows with an argument is announced with `context.charge(units)` before it is done,
//   a string of which the length is known with `context.checkLength(length)`: both end the render
//   when the budget is spent.
// - Types with a name (`time.Time`) are passed as `named`: `withTypes(named)` gives a
//   `defineFunction` that knows them.
// - `%v` of a value is `formatValue(value)` of fmt/print.ts, printf is `sprintf(format, args)`.
import type { TemplateHooks } from './hooks.ts';
import type { ArgumentsOf, ResultOf, Signature } from './signature.ts';
import { parseSignature } from './signature.ts';
import type { GoType } from './type.ts';
import type { Value } from './value.ts';

/** What a function is given beside its arguments. */
export interface CallContext {
  /** What the surroundings offer: cel, lookup, files, clock, randomness. Absent ones are undefined. */
  readonly hooks: TemplateHooks;
  /** The value a method is called on; `undefined` for plain functions. */
  readonly receiver: Value;
  /** Memory of one render, for functions that count (include's depth). Keys by function name. */
  readonly scratch: Map<string, unknown>;
  /**
   * Renders an associated template to a string: the heart of `include`.
   * @throws TemplateFunctionError with Go's text when it is missing or fails
   */
  readonly executeTemplate: (name: string, data: Value) => string;
  /**
   * Parses text as a further template beside the present set and renders it: the heart of `tpl`.
   * @param name the name that errors show
   * @throws TemplateTextError with Go's text, which tells parse errors from the rest
   */
  readonly executeText: (name: string, text: string, data: Value) => string;
  /** Takes units of work from the budget: about one per element or per 64 bytes touched. */
  readonly charge: (units: number) => void;
  /** Ends the render when a string of this many UTF-16 units is above the limit. */
  readonly checkLength: (length: number) => void;
}

/** Arguments are checked before the call, so that this is safe whatever they were inferred to. */
export type Implementation = (context: CallContext, ...args: readonly unknown[]) => unknown;

export interface TemplateFunction {
  readonly name: string;
  readonly signature: Signature;
  /** The function type itself, for func values in data and for %T. */
  readonly type: GoType;
  readonly implementation: Implementation;
  /** Gets `GoInt` for integer parameters and `undefined` for no value: builtins only. */
  readonly raw: boolean;
  /**
   * Why output differs from run to run (randomness, clock, host). Dialects with deterministic
   * output refuse such a function and quote this.
   */
  readonly varies?: string;
}

/** A failure inside a function: the text that Go's error or panic would carry. */
export class TemplateFunctionError extends Error {
  override readonly name = 'TemplateFunctionError';
}

/** How `executeText` fails: whether the text was refused or its execution ended in an error. */
export class TemplateTextError extends TemplateFunctionError {
  readonly stage: 'parse' | 'execute';

  constructor(message: string, stage: 'parse' | 'execute') {
    super(message);
    this.stage = stage;
  }
}

export interface FunctionOptions {
  /** See `TemplateFunction.varies`. */
  readonly varies?: string;
}

/**
 * Declares a function by its Go signature.
 * @throws Error when the signature is malformed
 */
export function defineFunction<const S extends string>(
  name: string,
  signature: S,
  implementation: (context: CallContext, ...args: ArgumentsOf<S>) => ResultOf<S>,
  options?: FunctionOptions,
): TemplateFunction {
  return withTypes(new Map())(name, signature, implementation, options);
}

/** A `defineFunction` whose signatures may use the given named types. */
export function withTypes(named: ReadonlyMap<string, GoType>): typeof defineFunction {
  return (name, signature, implementation, options) => ({
    name,
    signature: parseSignature(signature, named),
    type: { kind: 'func', name: signature },
    implementation: implementation as unknown as Implementation,
    raw: false,
    ...options,
  });
}
