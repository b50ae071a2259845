// Objects in memory only: for tests, rehearsals and throw-away targets.
import type { LiveObject } from '../target.ts';
import type { ObjectStore } from './store.ts';

/** @param id identity of the store */
export function createMemoryStore(id: string): ObjectStore {
  // By group and kind, because nearly every scan is over one kind.
  const kinds = new Map<string, Map<string, LiveObject>>();
  const listeners: ((version: number) => void)[] = [];
  let current = 0;
  let announced = Promise.resolve();
  let waiting = false;

  const matching = (prefix: string): string[] => {
    const only = kindOf(prefix);
    const found: string[] = [];
    for (const [kind, objects] of kinds) {
      if (only !== undefined && kind !== only) continue;
      for (const key of objects.keys()) if (key.startsWith(prefix)) found.push(key);
    }
    return found.sort();
  };
  const get = (key: string): LiveObject | undefined => kinds.get(kindOf(key) ?? '')?.get(key);

  return {
    id,
    readOnly: false,
    version: () => current,
    get,
    *entries(prefix) {
      for (const key of matching(prefix)) {
        const object = get(key);
        if (object) yield [key, object];
      }
    },
    keys: matching,
    write(version, changes) {
      current = version;
      for (const { key, object } of changes) {
        const kind = kindOf(key) ?? '';
        const objects = kinds.get(kind) ?? new Map<string, LiveObject>();
        kinds.set(kind, objects);
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

/** `group/Kind` of a key or of a prefix that goes so far; undefined for a shorter one. */
function kindOf(key: string): string | undefined {
  const end = key.indexOf('/', key.indexOf('/') + 1);
  return end < 0 ? undefined : key.slice(0, end);
}
