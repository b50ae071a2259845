// Runs tasks one after another in the order they were handed in: the lock around a thing with one writer.

export type Serial = <T>(task: () => Promise<T>) => Promise<T>;

/** A failed task does not hold up the next one. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next.catch(() => undefined);
    return next;
  };
}
