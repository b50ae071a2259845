// JSON merge patch (RFC 7386).
import { isObject } from '../../model/json.ts';
import type { Json } from '../../model/json.ts';
import { setKey } from '../../schema/plain-object.ts';
import type { Writable } from '../../schema/plain-object.ts';

/** The target with the patch laid over it; null takes a field away, anything but an object replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const out: Writable = {};
  const old = isObject(target) ? target : {};
  for (const [key, value] of Object.entries(old)) {
    if (value !== undefined && patch[key] !== null) setKey(out, key, value);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined || value === null) continue;
    setKey(out, key, mergePatch(Object.hasOwn(old, key) ? old[key] : undefined, value));
  }
  return out;
}
