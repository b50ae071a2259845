// Function signatures: Go's text, the type TypeScript infers from it, and the parsed form.
import type { GoType } from './type.ts';
import { parseType } from './type.ts';
import type { GoComplex, GoFunc, GoInt, GoList, GoMap, GoObject, Value } from './value.ts';

export interface Signature {
  /** Parameter types in order; of a variadic one the element type of the last. */
  readonly params: readonly GoType[];
  readonly variadic: boolean;
  readonly result: GoType;
  /** Whether the Go function returns an error beside its result. */
  readonly fails: boolean;
}

/** How an argument of a Go type reaches an implementation. Integers arrive as plain numbers. */
type Argument<T extends string> = T extends 'string'
  ? string
  : T extends 'bool'
    ? boolean
    : T extends 'int' | 'int64' | 'int32' | 'uint32' | 'uint64' | 'uint8' | 'float64'
      ? number
      : T extends '[]uint8' | '[]byte'
        ? Uint8Array
        : T extends `[]${string}`
          ? GoList
          : T extends `map[${string}`
            ? GoMap
            : T extends 'interface {}'
              ? Value
              : T extends 'complex128'
                ? GoComplex
                : T extends `func(${string}`
                  ? GoFunc
                  : GoObject | GoMap | GoList | GoInt;

type Arguments<P extends string> = P extends ''
  ? []
  : P extends `${infer Head}, ${infer Tail}`
    ? [Argument<Head>, ...Arguments<Tail>]
    : P extends `...${infer Rest}`
      ? Argument<Rest>[]
      : [Argument<P>];

/** What an implementation may return for a Go result type. */
type Result<T extends string> = T extends `(${infer First}, error)`
  ? Result<First>
  : T extends 'string'
    ? string
    : T extends 'bool'
      ? boolean
      : T extends 'int' | 'int64' | 'int32' | 'uint32' | 'uint64' | 'uint8'
        ? number | bigint | GoInt
        : T extends 'float64'
          ? number
          : T extends '[]string'
            ? readonly string[] | GoList
            : T extends '[]interface {}'
              ? readonly Value[] | GoList
              : Value;

export type ArgumentsOf<S extends string> = S extends `func(${infer P}) ${string}`
  ? Arguments<P>
  : never;

export type ResultOf<S extends string> = S extends `func(${string}) ${infer R}` ? Result<R> : never;

/**
 * Reads `func(int, ...string) (string, error)`.
 * @param named types with a package name, by that name
 * @throws Error when the text is no such signature
 */
export function parseSignature(
  text: string,
  named: ReadonlyMap<string, GoType> = new Map(),
): Signature {
  const match = /^func\(([^)]*)\) (?:\((.+), error\)|(.+))$/.exec(text);
  if (match === null) throw new Error(`not a signature: ${text}`);
  const words = match[1] === '' ? [] : (match[1] ?? '').split(', ');
  const variadic = words.at(-1)?.startsWith('...') ?? false;
  return {
    params: words.map((word) => parseType(word.replace(/^\.\.\./, ''), named)),
    variadic,
    result: parseType(match[2] ?? match[3] ?? '', named),
    fails: match[2] !== undefined,
  };
}
