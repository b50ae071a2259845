// Building plain objects whose keys come from users: a key named __proto__ must stay data.
import type { Json, JsonObject } from '../model/json.ts';

export type Writable = Record<string, Json>;

/** Sets a key as data, whatever its name. */
export function setKey(target: Writable, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
    return;
  }
  target[key] = value;
}

/** The value at an own key, or undefined. */
export function valueAt(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A copy with one key set, or removed where the value is undefined. */
export function withKey<T extends JsonObject>(object: T, key: string, value: Json | undefined): T {
  const copy: Writable = {};
  for (const [name, entry] of Object.entries(object)) {
    if (entry !== undefined && name !== key) setKey(copy, name, entry);
  }
  if (value !== undefined) setKey(copy, key, value);
  return copy as JsonObject as T;
}
