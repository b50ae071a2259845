// How a library adds functions, types and macros to CEL.
//
// A library is data; an environment lists the libraries it carries. Example, a library with a type of
// its own, a constructor, a member function and a namespaced function:
//
//   class Version extends Opaque {
//     readonly major: number;
//     constructor(major: number) { super(); this.major = major; }
//     get celType(): string { return 'example.Version'; }
//     equals(other: Opaque): boolean { return other instanceof Version && other.major === this.major; }
//   }
//   const VERSION = opaqueType<Version>('example.Version');
//
//   export const versions: Library = {
//     name: 'versions',
//     types: [VERSION],
//     functions: [
//       global('version', overload([STRING], VERSION, parse, { specialise: literal(parse) })),
//       member('major', overload([VERSION], INT, (v) => v.major)),
//       member('pick',
//         overload([listOf(INT), INT], INT, (list, index) => ...),
//         overload([STRING, INT], STRING, (text, index) => ...)),
//       global('version.max',
//         overload([listOf(VERSION)], VERSION, max, { cost: (list) => list.length })),
//     ],
//   };
//
// The receiver of a member function is its first parameter. Arguments arrive evaluated and already
// checked against the parameter types (of lists and maps only "is a list", "is a map": elements of a
// `listOf(STRING)` may still be anything, throw `noSuchOverload()` for them). Where no overload fits,
// the engine answers `no such overload` itself. Failures are thrown: `throw celError(class, message)`.
// A message never repeats an argument: arguments are object data, often of a Secret.
import type { Expr, MacroContext } from './ast.ts';
import { celError } from './error.ts';
import type { CelError } from './error.ts';
import type { Type } from './type.ts';
import type { Value } from './value.ts';

type ValuesOf<P extends readonly Type[]> = {
  -readonly [K in keyof P]: P[K] extends Type<infer T> ? T : never;
};

/** An implementation as the engine calls it: arity is that of the overload, at most 4. */
export type Implementation = (...args: Value[]) => Value;

/** One signature with its implementation. Build it with `overload`, which ties both together. */
export interface Overload {
  readonly params: readonly Type[];
  readonly result: Type;
  readonly call: Implementation;
  /**
   * What the call costs on top of 1, from its arguments. Asked *before* the call, so count the
   * largest result that it may build: this is what keeps `'a'.replace('', b)` from filling memory.
   */
  readonly cost?: (...args: Value[]) => number;
  /** Charged once the result is known, on top of `cost`: for work that shows only then. */
  readonly resultCost?: (result: Value) => number;
  /**
   * Called once at compile time with the arguments that are literals (undefined for the others).
   * Returns an implementation with the work on literals already done, or undefined to keep `call`.
   * What it throws is a compile-time diagnostic: this is how a bad literal regex is found early.
   */
  readonly specialise?: (
    args: readonly (Value | undefined)[],
  ) => Implementation | Pick<Overload, 'call' | 'cost'> | undefined;
  /** How much work `specialise` is, in instructions of a regular expression; 0 if not given. */
  readonly weight?: (args: readonly (Value | undefined)[]) => number;
}

export interface OverloadOptions<P extends readonly Type[]> {
  readonly cost?: (...args: ValuesOf<P>) => number;
  readonly specialise?: Overload['specialise'];
  readonly weight?: Overload['weight'];
  /** Charged once the result is known, on top of `cost`. */
  readonly resultCost?: Overload['resultCost'];
}

/** Declares one signature; the implementation's parameters follow from the declared types. */
export function overload<const P extends readonly Type[]>(
  params: P,
  result: Type,
  call: (...args: ValuesOf<P>) => Value,
  options: OverloadOptions<P> = {},
): Overload {
  return { params, result, call, ...options } as unknown as Overload;
}

/** A function name with its overloads. */
export interface FunctionDeclaration {
  /** `size`, or with its namespace `sets.contains`. */
  readonly name: string;
  /** True for `x.name(…)`, where x is the first parameter; false for `name(…)`. */
  readonly member: boolean;
  readonly overloads: readonly Overload[];
}

export function global(name: string, ...overloads: readonly Overload[]): FunctionDeclaration {
  return { name, member: false, overloads };
}

export function member(name: string, ...overloads: readonly Overload[]): FunctionDeclaration {
  return { name, member: true, overloads };
}

/** A macro: rewrites a call before anything is evaluated. */
export interface Macro {
  /** The last part of the call's name; with `namespace: 'cel'` and name `bind`, `cel.bind(…)`. */
  readonly name: string;
  readonly namespace?: string;
  /** True where the macro is called on a receiver, `list.sortBy(e, e.key)`. */
  readonly member: boolean;
  readonly arity: number;
  /** The expression to use instead; undefined leaves the call as it is; `context.fail` refuses it. */
  readonly expand: (context: MacroContext) => Expr | undefined;
}

/** A named set of functions, types and macros. */
export interface Library {
  readonly name: string;
  readonly functions: readonly FunctionDeclaration[];
  /** Types whose names become expressions (`type(x) == net.IP`). */
  readonly types?: readonly Type[];
  readonly macros?: readonly Macro[];
}

/** For `specialise` of a function of one argument: a literal argument is converted once, up front. */
export function literal<T extends Value>(
  convert: (argument: T) => Value,
): NonNullable<Overload['specialise']> {
  return ([argument]) => {
    if (argument === undefined) return undefined;
    const value = convert(argument as T);
    return () => value;
  };
}

/** The error for arguments that no signature takes, found while looking at elements. */
export function noSuchOverload(): CelError {
  return celError('noSuchOverload', 'no such overload');
}
