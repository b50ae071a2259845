// Growing, jittered delays, so that many waiters do not come back at the same moment.

/** A number in [0, 1), as `Math.random` gives it; injected so that tests can fix it. */
export type Random = () => number;

export interface BackoffOptions {
  /** Delay after the first failure, in milliseconds. */
  readonly baseMs: number;
  /** No delay is longer than this, in milliseconds. */
  readonly maxMs: number;
}

/**
 * Delay before the next try: doubles with each failure up to the limit, half of it random.
 * @param failures failures in a row so far, from 1
 * @returns milliseconds between half of the step and the whole step
 */
export function backoffDelay(failures: number, options: BackoffOptions, random: Random): number {
  const exponent = Math.min(Math.max(failures, 1) - 1, 52);
  const step = Math.min(options.maxMs, options.baseMs * 2 ** exponent);
  return Math.round(step / 2 + (step / 2) * random());
}
