// A fixed number of slots shared fairly: nobody holds more than a quarter of them while others wait.

export interface Slots {
  /** Runs the task when a slot is free for this owner; tasks of one owner start in order. */
  run<T>(owner: string, task: () => Promise<T>): Promise<T>;
}

interface Waiter {
  readonly owner: string;
  readonly start: () => void;
}

/** @param total slots in all, at least 1 */
export function createSlots(total: number): Slots {
  const share = Math.max(1, Math.floor(total / 4));
  const held = new Map<string, number>();
  const waiting: Waiter[] = [];
  let busy = 0;

  const othersWait = (owner: string): boolean => waiting.some((waiter) => waiter.owner !== owner);
  const mayStart = (owner: string): boolean =>
    busy < total && ((held.get(owner) ?? 0) < share || !othersWait(owner));
  const take = (owner: string): void => {
    busy += 1;
    held.set(owner, (held.get(owner) ?? 0) + 1);
  };
  const startWaiters = (): void => {
    for (let index = 0; index < waiting.length && busy < total;) {
      const waiter = waiting[index];
      if (waiter && mayStart(waiter.owner)) {
        waiting.splice(index, 1);
        take(waiter.owner);
        waiter.start();
      } else {
        index += 1;
      }
    }
  };
  const release = (owner: string): void => {
    busy -= 1;
    const left = (held.get(owner) ?? 1) - 1;
    if (left === 0) held.delete(owner);
    else held.set(owner, left);
    startWaiters();
  };

  return {
    async run(owner, task) {
      if (waiting.length === 0 && mayStart(owner)) take(owner);
      else {
        await new Promise<void>((resolve) => {
          waiting.push({ owner, start: resolve });
          startWaiters();
        });
      }
      try {
        return await task();
      } finally {
        release(owner);
      }
    },
  };
}
