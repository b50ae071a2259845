// Which revision number a desired state gets. Pure.
import type { RevisionMarker } from '../model/owner-marker.ts';
import { latestRevision } from '../model/unit-memory.ts';
import type { UnitMemory } from '../model/unit-memory.ts';

export interface RevisionChoice {
  readonly number: number;
  /** False when the recorded or live revision has this very content. */
  readonly isNew: boolean;
}

/**
 * 1 + max(recorded, live); the newest recorded revision, or a live marker, with an equal hash keeps its number.
 * Going back to an older template makes a new revision and never wakes an old one (package-operator §6).
 */
export function chooseRevision(
  memory: UnitMemory,
  hash: string,
  live: readonly RevisionMarker[],
): RevisionChoice {
  const latest = latestRevision(memory);
  const highestLive = live.reduce<RevisionMarker | undefined>(
    (best, marker) => (best === undefined || marker.number > best.number ? marker : best),
    undefined,
  );
  const recorded = latest?.number ?? 0;
  if (latest?.hash === hash && (highestLive?.number ?? 0) <= recorded) {
    return { number: recorded, isNew: false };
  }
  if (highestLive !== undefined && highestLive.number > recorded && highestLive.hash === hash) {
    return { number: highestLive.number, isNew: true };
  }
  return { number: 1 + Math.max(recorded, highestLive?.number ?? 0), isNew: true };
}
