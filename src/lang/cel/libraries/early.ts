// Converting literal arguments once, before the first evaluation.
import { CelError } from '../error.ts';
import type { Overload } from '../library.ts';
import type { Value } from '../value.ts';

/**
 * For `specialise`: a literal that converts is converted once; one that does not stays a run-time
 * error, because `isIP(x) ? ip('y') : …` and `ip('y') == x || z` are valid in Kubernetes.
 */
export function early<T extends Value>(
  convert: (argument: T) => Value,
): NonNullable<Overload['specialise']> {
  return ([argument]) => {
    if (argument === undefined) return undefined;
    try {
      const value = convert(argument as T);
      return () => value;
    } catch (error) {
      if (error instanceof CelError) return undefined;
      throw error;
    }
  };
}

/** For the predicates `isIP`, `isURL` …: true where the conversion does not fail. */
export function converts(convert: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      convert(text);
      return true;
    } catch (error) {
      if (error instanceof CelError) return false;
      throw error;
    }
  };
}
