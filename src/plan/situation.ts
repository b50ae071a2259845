// Who owns a live object, seen from one revision of one unit: the question before every write.
import { MARKER } from '../model/annotations.ts';
import type { Claim, InventoryEntry } from '../model/inventory.ts';
import { annotationOf, labelsOf } from '../model/manifest.ts';
import { previousRevision } from './previous-owner.ts';
import { readMarkers } from '../model/owner-marker.ts';
import type { RevisionMarker } from '../model/owner-marker.ts';
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';
import type { ObjectKey } from '../model/object-key.ts';
import type { UnitId } from '../model/unit-id.ts';

export interface OwnerContext {
  readonly instance: string;
  readonly unit: UnitId;
  readonly revision: RevisionMarker;
  /** Units whose claim on this key has come to us and whose marker the object may still carry. */
  readonly transferredFrom: (key: ObjectKey) => readonly UnitId[];
  /** What our inventory says of the key. */
  readonly claimOf: (key: ObjectKey) => Claim | undefined;
  /** Whether the newest revision lets the object go: then no other takes its deletion back. */
  readonly isLeaving?: (key: ObjectKey) => boolean;
  /** Field manager. */
  readonly manager: string;
  /** Sets that this one names as previous. */
  readonly previous?: readonly string[] | undefined;
}

export type Situation =
  | { readonly kind: 'ours' }
  /** Same unit, an older revision: to be taken over. */
  | { readonly kind: 'olderSibling'; readonly revision: number }
  /** Same unit, a newer revision: left alone. */
  | { readonly kind: 'newerSibling'; readonly revision: number }
  /** Same unit and number but other content: two writers made the same number. */
  | { readonly kind: 'sameNumberSibling' }
  | { readonly kind: 'transfer'; readonly from: UnitId }
  /** A controller ownerReference, or a marker of another unit or instance. */
  | { readonly kind: 'foreign'; readonly owner: string }
  | { readonly kind: 'unowned' };

/**
 * Reads markers and ownerReferences of a live object.
 * Rule: architecture, "Ownership without ownerReferences"; table: package-operator §16.13.
 */
export function situationOf(live: JsonObject, key: ObjectKey, context: OwnerContext): Situation {
  const controller = controllerOf(live);
  const markers = readMarkers(live, key);
  if (markers && markers.owner.instance === context.instance) {
    if (markers.owner.unit === context.unit) return siblingSituation(markers.revision, context);
    if (context.transferredFrom(key).includes(markers.owner.unit)) {
      return { kind: 'transfer', from: markers.owner.unit };
    }
  }
  if (markers) return { kind: 'foreign', owner: `${markers.owner.instance}/${markers.owner.unit}` };
  const handed = previousRevision(live, context.previous ?? []);
  if (handed !== undefined) return numberSituation(handed, context);
  if (controller !== undefined) return { kind: 'foreign', owner: controller };
  // Somebody took our markers off an object that is ours all the same: a missing revision counts as 0. A release
  // gives up our managedFields entry, so what was released is not taken for ours.
  const claim = context.claimOf(key);
  if (claim && (isClaimed(live, claim) || wasWrittenBy(live, context.manager))) {
    return { kind: 'olderSibling', revision: 0 };
  }
  return { kind: 'unowned' };
}

export interface Owner {
  readonly instance: string;
  readonly units: readonly UnitId[];
  /** Field manager. */
  readonly manager: string;
}

/**
 * True where the live object proves that one of these units wrote it: by its marker or, where somebody took that
 * off, by a managedFields entry of ours. Such an entry outlives a release, so it counts only with the recorded uid or
 * with what a release would have taken off.
 */
export function provesOwnership(
  live: JsonObject,
  entry: Pick<InventoryEntry, 'ref' | 'claim'>,
  owner: Owner,
): boolean {
  const markers = readMarkers(live, entry.ref);
  if (markers) {
    return markers.owner.instance === owner.instance && owner.units.includes(markers.owner.unit);
  }
  const traced =
    annotationOf(live, MARKER.revision) !== undefined ||
    labelsOf(live)[MARKER.instanceLabel] === owner.instance;
  return wasWrittenBy(live, owner.manager) && (traced || isClaimed(live, entry.claim));
}

/** True for the very object that the claim was made for. */
export function isClaimed(live: JsonObject, claim: Claim): boolean {
  return claim.kind === 'applied' && claim.uid === objectAt(live, 'metadata')['uid'];
}

function wasWrittenBy(live: JsonObject, manager: string): boolean {
  return listAt(objectAt(live, 'metadata'), 'managedFields').some(
    (entry) => isObject(entry) && entry['manager'] === manager && entry['operation'] === 'Apply',
  );
}

/** Of another controller only the number is known: an equal one is no proof of equal content. */
function numberSituation(number: number, context: OwnerContext): Situation {
  if (number > context.revision.number) return { kind: 'newerSibling', revision: number };
  return number < context.revision.number
    ? { kind: 'olderSibling', revision: number }
    : { kind: 'sameNumberSibling' };
}

function siblingSituation(live: RevisionMarker | undefined, context: OwnerContext): Situation {
  const ours = context.revision;
  // A missing or unreadable revision counts as 0, as upstream treats it (package-operator §8).
  const number = live?.number ?? 0;
  if (number > ours.number) return { kind: 'newerSibling', revision: number };
  if (number < ours.number) return { kind: 'olderSibling', revision: number };
  return live?.hash === ours.hash ? { kind: 'ours' } : { kind: 'sameNumberSibling' };
}

function controllerOf(live: JsonObject): string | undefined {
  for (const entry of listAt(objectAt(live, 'metadata'), 'ownerReferences')) {
    if (isObject(entry) && entry['controller'] === true) {
      return `${stringAt(entry, 'kind') ?? '?'} ${stringAt(entry, 'name') ?? '?'}`;
    }
  }
  return undefined;
}
