// A clock that jumps to the next moment at which anybody waits: hours of backoff pass in no time, always in one order.
import type { Clock } from '../../src/lib/clock.ts';

export interface SimulatedClock extends Clock {
  /**
   * Lets time pass until the condition holds.
   * @returns false when it did not hold within so many simulated milliseconds
   */
  runUntil(done: () => boolean, limitMs: number): Promise<boolean>;
  /** Lets so much time pass. */
  run(ms: number): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Turns of the event loop after which everything that needs no time has happened. */
const TURNS = 4;

export function createSimulatedClock(start = 1_700_000_000_000): SimulatedClock {
  let now = start;
  const sleepers = new Set<Sleeper>();

  const drain = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const first = (): Sleeper | undefined => {
    let found: Sleeper | undefined;
    for (const sleeper of sleepers) if (!found || sleeper.at < found.at) found = sleeper;
    return found;
  };
  const runUntil = async (done: () => boolean, limitMs: number): Promise<boolean> => {
    const end = now + limitMs;
    for (;;) {
      await drain();
      if (done()) return true;
      const next = first();
      if (!next || next.at > end) {
        now = end;
        return false;
      }
      now = Math.max(now, next.at);
      for (const sleeper of [...sleepers]) {
        if (sleeper.at > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    }
  };

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const aborted = (): Error =>
          signal?.reason instanceof Error ? signal.reason : new Error('aborted');
        if (signal?.aborted) {
          reject(aborted());
          return;
        }
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(aborted());
        };
        const wake = (): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        };
        const sleeper: Sleeper = { at: now + ms, wake };
        signal?.addEventListener('abort', onAbort, { once: true });
        sleepers.add(sleeper);
      }),
    runUntil,
    run: async (ms) => {
      await runUntil(() => false, ms);
    },
  };
}
