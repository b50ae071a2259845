// News about objects, told in order of versions and only once they are durable.
import type { LiveObject } from '../target.ts';
import type { ObjectStore } from './store.ts';

export interface ObjectChange {
  readonly version: number;
  /** Storage key. */
  readonly key: string;
  readonly before: LiveObject | undefined;
  /** Undefined when the object is gone. */
  readonly after: LiveObject | undefined;
}

export interface ChangeFeed {
  /** Notes a change that has just been written to the store. */
  record(change: ObjectChange): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (change: ObjectChange) => void): () => void;
}

export function createChangeFeed(store: ObjectStore): ChangeFeed {
  const listeners = new Set<(change: ObjectChange) => void>();
  let undelivered: ObjectChange[] = [];
  store.onDurable((version) => {
    const ready = undelivered.filter((change) => change.version <= version);
    undelivered = undelivered.filter((change) => change.version > version);
    for (const change of ready) for (const listener of listeners) listener(change);
  });
  return {
    record: (change) => void undelivered.push(change),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
