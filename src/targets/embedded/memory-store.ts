// Objects in memory only: for tests, rehearsals and throw-away targets.
import type { LiveObject } from '../target.ts';
import type { ObjectStore } from './store.ts';

/** @param id identity of the store */
export function createMemoryStore(id: string): ObjectStore {
  const objects = new Map<string, LiveObject>();
  const listeners: ((version: number) => void)[] = [];
  let current = 0;
  let announced = Promise.resolve();
  let waiting = false;

  const matching = (prefix: string): string[] =>
    [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();

  return {
    id,
    readOnly: false,
    version: () => current,
    get: (key) => objects.get(key),
    *entries(prefix) {
      for (const key of matching(prefix)) {
        const object = objects.get(key);
        if (object) yield [key, object];
      }
    },
    keys: (prefix) => matching(prefix),
    write(version, changes) {
      current = version;
      for (const { key, object } of changes) {
        if (object) objects.set(key, object);
        else objects.delete(key);
      }
      if (waiting) return;
      waiting = true;
      // Listeners hear of writes later, as they do from a disk: nobody may depend on hearing at once.
      announced = Promise.resolve().then(() => {
        waiting = false;
        for (const listener of listeners) listener(current);
      });
    },
    durable: () => announced,
    onDurable: (listener) => void listeners.push(listener),
    close: () => Promise.resolve(),
  };
}
