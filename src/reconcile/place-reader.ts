// Reads objects of a unit wherever they live, and tells which place an entry was made for.
import { openPlaces } from '../apply/target-place.ts';
import type { OpenPlace, TargetPlace } from '../apply/target-place.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { ReadResult } from '../targets/target.ts';

export interface PlaceReader {
  /** Opens every place that these objects live in. @returns why one of them cannot be opened */
  open(refs: readonly ObjectRef[]): Promise<Diagnostic | undefined>;
  /** Identity of the place of an object, or undefined where it has not been opened. */
  identityOf(ref: ObjectRef): string | undefined;
  /** One answer per reference, in order; what cannot be reached is unreadable. */
  read(refs: readonly ObjectRef[]): Promise<readonly ReadResult[]>;
}

/** @param opened places by name, as far as they have been opened */
export function createPlaceReader(
  own: TargetPlace,
  open: (place: string) => Promise<TargetPlace | Diagnostic>,
  opened: (place: string) => TargetPlace | undefined,
): PlaceReader {
  const openAny: OpenPlace = (place) => (place === undefined ? Promise.resolve(own) : open(place));
  return {
    open: async (refs) => {
      const places = await openPlaces(refs, openAny);
      return 'code' in places ? places : undefined;
    },
    identityOf: ({ place }) => (place === undefined ? own : opened(place))?.identity,
    read: async (refs) => {
      const answers: ReadResult[] = refs.map(() => unanswered('the target gave no answer'));
      for (const place of new Set(refs.map((ref) => ref.place))) {
        const indexes = [...refs.keys()].filter((index) => refs[index]?.place === place);
        const there = await openAny(place);
        const found =
          'code' in there
            ? indexes.map(() => unanswered(there.message))
            : await there.target.read(indexes.flatMap((index) => refs[index] ?? []));
        for (const [at, index] of indexes.entries()) {
          const answer = found[at];
          if (answer) answers[index] = answer;
        }
      }
      return answers;
    },
  };
}

function unanswered(reason: string): ReadResult {
  return { state: 'unreadable', reason, retryable: true };
}
