// Laying applied configuration over the live object.
import { isObject } from '../../model/json.ts';
import type { Json } from '../../model/json.ts';
import { childType, DEDUCED } from '../merge-type.ts';
import type { MergeType } from '../merge-type.ts';
import { setKey, valueAt } from '../plain-object.ts';
import type { Writable } from '../plain-object.ts';
import { entriesOf, formOf, itemType } from './shape.ts';
import type { Entry } from './shape.ts';

/** The live value with everything that the configuration names taken from there. */
export function mergeValues(type: MergeType, live: Json | undefined, config: Json): Json {
  if (live === undefined || live === null) return config;
  const form = formOf(type, config);
  if (form === 'object' && isObject(config) && isObject(live)) {
    const out: Writable = {};
    for (const [key, value] of Object.entries(live)) {
      if (value !== undefined) setKey(out, key, value);
    }
    for (const [key, value] of Object.entries(config)) {
      if (value === undefined) continue;
      setKey(out, key, mergeValues(childType(type, key) ?? DEDUCED, valueAt(live, key), value));
    }
    return out;
  }
  if (form === 'list' && Array.isArray(live)) {
    return mergeLists(type, entriesOf(type, live), entriesOf(type, config));
  }
  return config;
}

/**
 * Entries of the configuration keep their order. Entries that only the live list has keep theirs and come
 * as early as they can without overtaking a common entry (transcript `ssa-deployment-lists`).
 */
function mergeLists(type: MergeType, live: readonly Entry[], config: readonly Entry[]): Json {
  const item = itemType(type);
  const wanted = new Set(config.map((entry) => entry.element));
  const known = new Map(live.map((entry) => [entry.element, entry.value]));
  const common = config.map((entry) => entry.element).filter((element) => known.has(element));
  const out: Json[] = [];
  let at = 0;
  let met = 0;
  const takeLiveOnly = (): void => {
    for (let entry = live[at]; entry && entry.element !== common[met]; entry = live[++at]) {
      // A common entry that is not the next one has been moved by the configuration: it comes in its turn.
      if (!wanted.has(entry.element)) out.push(entry.value);
    }
  };
  for (const entry of config) {
    takeLiveOnly();
    out.push(mergeValues(item, known.get(entry.element), entry.value));
    if (entry.element !== common[met]) continue;
    if (live[at]?.element === entry.element) at++;
    met++;
  }
  takeLiveOnly();
  return out;
}
