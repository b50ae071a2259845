// One place where objects of a phase live, opened: another target's, or the registry of units, beside the unit's own.
import type { Slots } from '../lib/slots.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { Place } from '../model/place.ts';
import type { Target } from '../targets/target.ts';
import type { ObjectEngine } from './object-engine.ts';

export interface TargetPlace {
  readonly target: Target;
  readonly identity: string;
  readonly objects: ObjectEngine;
  /** Requests at the same time. */
  readonly slots: Slots;
}

/** Opens a place when it is first used. */
export type OpenPlace = (place: Place) => Promise<TargetPlace | Diagnostic>;

export interface Places {
  of(ref: ObjectRef): TargetPlace;
}

/** Opens every place that these objects live in. @returns the reason where one cannot be opened */
export async function openPlaces(
  refs: readonly ObjectRef[],
  open: OpenPlace,
): Promise<Places | Diagnostic> {
  const opened = new Map<Place, TargetPlace>();
  for (const { place } of refs) {
    if (opened.has(place)) continue;
    const found = await open(place);
    if ('code' in found) return found;
    opened.set(place, found);
  }
  return {
    of: ({ place }) => {
      const found = opened.get(place);
      if (!found) throw new Error(`the place ${place ?? 'of the unit'} was not opened`);
      return found;
    },
  };
}

/** Why nothing can be done in a place, said of one object. */
export function placeTrouble(ref: ObjectRef, problem: Diagnostic): Diagnostic {
  const { code, message } = problem;
  return diagnostic(code, ref.place === undefined ? message : `${ref.place}: ${message}`, {
    object: ref,
  });
}
