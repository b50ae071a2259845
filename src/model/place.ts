// Where an object of a unit lives: on the unit's own target unless the reference names another place.
import { formatObjectKey } from './object-key.ts';
import type { ObjectKey } from './object-key.ts';

/**
 * The name of another target, or of the registry of units that belongs to a target; undefined is the unit's own
 * target. No target's name holds a `+`, so the two never meet.
 */
export type Place = string | undefined;

const UNITS = '+units';

/** The registry whose objects are the units that go to a target. */
export function unitsPlace(target: string): string {
  return `${target}${UNITS}`;
}

/** The target of a registry of units, or undefined for any other place. */
export function targetOfUnits(place: Place): string | undefined {
  return place?.endsWith(UNITS) === true ? place.slice(0, -UNITS.length) : undefined;
}

/** `ConfigMap/web/a`, or `edge:ConfigMap/web/a` for an object that does not live on the unit's own target. */
export function placedKey(key: ObjectKey, place: Place): string {
  const text = formatObjectKey(key);
  return place === undefined ? text : `${place}:${text}`;
}

/** Takes apart what `placedKey` wrote: kinds and groups hold no colon, so one before the first slash ends a place. */
export function splitPlacedKey(text: string): { readonly place: Place; readonly key: string } {
  const slash = text.indexOf('/');
  const colon = text.indexOf(':');
  if (colon < 0 || colon > slash) return { place: undefined, key: text };
  return { place: text.slice(0, colon), key: text.slice(colon + 1) };
}
