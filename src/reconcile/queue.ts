// One queue of units: each runs at most once at a time, failures wait longer each time, waiters hold no worker.
import { setMaxListeners } from 'node:events';
import { backoffDelay } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';

export interface QueueResult {
  /** Milliseconds until the unit wants to run again; undefined: only when something happens. */
  readonly againInMs: number | undefined;
  /** Count it as a failure: the next attempt waits with growing delay. */
  readonly failed: boolean;
}

export interface UnitQueueDeps {
  readonly clock: Clock;
  /** Passes at the same time. */
  readonly concurrency: number;
  readonly run: (id: string, signal: AbortSignal) => Promise<QueueResult>;
  /** A fault of the program itself; the queue goes on. */
  readonly onFault: (id: string, fault: unknown) => void;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
}

export interface UnitQueue {
  /** Runs the unit soon; once more after the current pass if it is running. */
  wake(id: string): void;
  forget(id: string): void;
  /** Units that run, wait for a worker, or wait for a time that is not further away than this. */
  busy(withinMs?: number): readonly string[];
  /** Number of failures in a row. */
  failures(id: string): number;
  /** Lets running passes finish and starts nothing new. */
  stop(): Promise<void>;
}

interface Item {
  running: boolean;
  /** Something happened while it ran. */
  again: boolean;
  queued: boolean;
  failures: number;
  dueAt: number | undefined;
  /** Ends the wait for `dueAt`. */
  timer: AbortController | undefined;
}

/** First and longest delay after failures, in milliseconds. */
const BACKOFF = { baseMs: 500, maxMs: 300_000 } as const;

/** Builds an empty queue. */
export function createUnitQueue(deps: UnitQueueDeps): UnitQueue {
  const items = new Map<string, Item>();
  const ready: string[] = [];
  const stopping = new AbortController();
  // Every pass that waits listens to it, and a thousand of them are no leak.
  setMaxListeners(0, stopping.signal);
  const running = new Set<Promise<void>>();

  const start = (): void => {
    while (running.size < deps.concurrency && !stopping.signal.aborted) {
      const id = ready.shift();
      if (id === undefined) return;
      const item = items.get(id);
      if (!item) continue;
      item.queued = false;
      item.running = true;
      const pass = runPass(id, item).finally(() => {
        running.delete(pass);
        start();
      });
      running.add(pass);
    }
  };

  const enqueue = (id: string, item: Item): void => {
    clearTimer(item);
    if (item.running) {
      item.again = true;
      return;
    }
    if (item.queued) return;
    item.queued = true;
    ready.push(id);
    start();
  };

  const runPass = async (id: string, item: Item): Promise<void> => {
    let result: QueueResult;
    try {
      result = await deps.run(id, stopping.signal);
    } catch (fault) {
      if (!stopping.signal.aborted) deps.onFault(id, fault);
      result = { againInMs: undefined, failed: true };
    }
    item.running = false;
    item.failures = result.failed ? item.failures + 1 : 0;
    if (items.get(id) !== item || stopping.signal.aborted) return;
    if (item.again) {
      item.again = false;
      enqueue(id, item);
      return;
    }
    const delay = result.failed
      ? backoffDelay(item.failures, BACKOFF, deps.random)
      : result.againInMs;
    if (delay !== undefined) schedule(id, item, delay);
  };

  const schedule = (id: string, item: Item, delay: number): void => {
    clearTimer(item);
    const timer = new AbortController();
    item.dueAt = deps.clock.now() + delay;
    item.timer = timer;
    void deps.clock.sleep(delay, timer.signal).then(
      () => {
        if (item.timer === timer) enqueue(id, item);
      },
      () => undefined,
    );
  };

  const itemOf = (id: string): Item => {
    const known = items.get(id);
    if (known) return known;
    const item: Item = {
      running: false,
      again: false,
      queued: false,
      failures: 0,
      dueAt: undefined,
      timer: undefined,
    };
    items.set(id, item);
    return item;
  };

  return {
    wake: (id) => {
      if (!stopping.signal.aborted) enqueue(id, itemOf(id));
    },
    forget: (id) => {
      const item = items.get(id);
      if (item) clearTimer(item);
      items.delete(id);
    },
    busy: (withinMs = 0) => {
      const limit = deps.clock.now() + withinMs;
      return [...items]
        .filter(
          ([, item]) =>
            item.running || item.queued || (item.dueAt !== undefined && item.dueAt <= limit),
        )
        .map(([id]) => id);
    },
    failures: (id) => items.get(id)?.failures ?? 0,
    stop: async () => {
      stopping.abort(new Error('shutting down'));
      for (const item of items.values()) clearTimer(item);
      await Promise.allSettled(running);
    },
  };
}

function clearTimer(item: Item): void {
  item.timer?.abort();
  item.timer = undefined;
  item.dueAt = undefined;
}
