// Reads the snapshot again a moment after something changed that renders rest on: many changes cost one reading.
import type { Clock } from '../lib/clock.ts';

export interface Refresher {
  /** Something changed. */
  request(): void;
  /** A reading is due or running. */
  isPending(): boolean;
  /** Lets a running one finish and starts none. */
  stop(): Promise<void>;
}

/** Changes of one object come in bursts: a write, a controller's answer, another. In milliseconds. */
const DELAY_MS = 50;

/** @param read never called twice at a time */
export function createRefresher(deps: {
  readonly clock: Clock;
  readonly read: (signal: AbortSignal) => Promise<void>;
  readonly onFault: (fault: unknown) => void;
}): Refresher {
  const stopping = new AbortController();
  let asked = false;
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (asked && !stopping.signal.aborted) {
      await deps.clock.sleep(DELAY_MS, stopping.signal);
      asked = false;
      await deps.read(stopping.signal);
    }
  };

  const request = (): void => {
    asked = true;
    if (running || stopping.signal.aborted) return;
    running = run()
      .catch((fault: unknown) => {
        if (!stopping.signal.aborted) deps.onFault(fault);
      })
      .finally(() => {
        running = undefined;
        // Asked for between the last look and here, or while a reading failed.
        if (asked && !stopping.signal.aborted) request();
      });
  };

  return {
    request,
    isPending: () => running !== undefined,
    stop: async () => {
      stopping.abort(new Error('shutting down'));
      await running;
    },
  };
}
