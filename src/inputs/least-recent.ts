// What has to go from the disk until the rest fits: what was used least recently first, and nothing that is in use.
import { utimes } from 'node:fs/promises';
import type { Clock } from '../lib/clock.ts';

export interface Held {
  readonly path: string;
  /** What counts towards the bound: bytes, or 1 for each. */
  readonly weight: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/**
 * Pure.
 * @param most of all weights together; more than that stays only where it is in use
 * @returns what has to go, in the order in which it should
 */
export function leastRecent(
  held: readonly Held[],
  inUse: ReadonlySet<string>,
  most: number,
): readonly Held[] {
  let total = held.reduce((sum, { weight }) => sum + weight, 0);
  const going: Held[] = [];
  const free = held.filter((item) => !inUse.has(item.path));
  for (const item of free.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= most) break;
    going.push(item);
    total -= item.weight;
  }
  return going;
}

/** Notes that a file or folder is used now: its time tells the next start in which order all were used. */
export function markUsed(path: string, clock: Pick<Clock, 'now'>): Promise<void> {
  const now = clock.now() / 1000;
  return utimes(path, now, now).catch(() => undefined);
}
