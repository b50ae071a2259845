// Spreads a fixed interval, so that daemons that started together do not poll together for ever.
import type { Random } from './backoff.ts';

/**
 * The interval, moved by at most `share` of itself in either direction.
 * @param intervalMs milliseconds between two polls as configured
 * @param random source of numbers in [0, 1)
 * @param share 0.1 unless given
 */
export function jittered(intervalMs: number, random: Random, share = 0.1): number {
  return Math.round(intervalMs * (1 + share * (2 * random() - 1)));
}
