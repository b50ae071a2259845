// `x in y` for lists and maps.
import { equals } from './equality.ts';
import type { Meter } from './equality.ts';
import { noSuchOverload } from './library.ts';
import { CelMap, isMap } from './value.ts';
import type { Value } from './value.ts';

/** True where the list has an equal element or the map has the key. */
export function contains(container: Value, item: Value, meter?: Meter): boolean {
  if (Array.isArray(container)) {
    const list = container as readonly Value[];
    if (typeof item === 'string') return list.includes(item);
    for (const candidate of list) {
      if (equals(candidate, item, meter)) return true;
    }
    return false;
  }
  if (!isMap(container)) throw noSuchOverload();
  if (container instanceof CelMap) return container.has(item);
  return typeof item === 'string' && Object.hasOwn(container, item);
}
