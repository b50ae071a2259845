// The one error that CEL operations throw, and the classes it is told apart by.

/**
 * What went wrong, as cel-spec and cel-go tell errors apart. `cost` and `deadline` are limits: they
 * are never absorbed by `&&` and `||` and become an `unknown` result.
 */
export type ErrorClass =
  | 'noSuchOverload'
  | 'noSuchKey'
  | 'noSuchVariable'
  | 'indexOutOfBounds'
  | 'divideByZero'
  | 'overflow'
  | 'invalidArgument'
  | 'tooDeep'
  | 'cost'
  | 'deadline';

/**
 * A CEL run-time error. Build it with `celError`: no stack is captured, because `a.b || c` may throw
 * once per element. The message never contains object data, only what the expression itself says.
 */
export abstract class CelError extends Error {
  declare readonly class: ErrorClass;
  /** Offset in UTF-16 units into the expression; -1 until the failing call node fills it in. */
  declare offset: number;
}

/** Builds (does not throw) an error; `offset` is filled in by the evaluator for library functions. */
export function celError(errorClass: ErrorClass, message: string, offset = -1): CelError {
  // Object.create skips the Error constructor, which would spend microseconds on a stack trace.
  const error = Object.create(CelError.prototype) as {
    -readonly [K in 'class' | 'message' | 'offset']: CelError[K];
  };
  error.class = errorClass;
  error.message = message;
  error.offset = offset;
  return error as CelError;
}

/** True for errors that end the whole evaluation and are never absorbed. */
export function isLimit(error: CelError): boolean {
  return error.class === 'cost' || error.class === 'deadline';
}
