// What the status branch remembers of a unit, so that a restart goes on where the last run stopped.
import type { Condition } from './conditions.ts';
import type { AvailabilityProbe } from './desired.ts';
import type { Inventory } from './inventory.ts';
import type { UnitId, UnitName } from './unit-id.ts';

/**
 * `rolling`: being brought out, or broken while being so. `available`: every gate was open at least once and
 * nothing has replaced it. `superseded`: a newer revision exists, this one still serves what it controls.
 * `archived`: everything that only it had is gone.
 */
export type RevisionState = 'rolling' | 'available' | 'superseded' | 'archived';

export interface RevisionRecord {
  readonly number: number;
  readonly hash: string;
  /** Snapshot that asked for it. */
  readonly commit: string;
  readonly state: RevisionState;
  /** All probes passed when last looked. */
  readonly available: boolean;
  /** Rolled out completely and available for the success delay, at least once. */
  readonly succeeded: boolean;
  /** `kubernetes.io/change-cause`, for history. */
  readonly changeCause: string | undefined;
  /** Phase names in order, each with the keys of its objects (`inventoryKey`). */
  readonly phases: readonly {
    readonly name: string;
    readonly objects: readonly string[];
    /** Its one object is an ObjectSetPhase: somebody else runs the phase. */
    readonly remote?: true;
  }[];
  /** `availabilityProbes` of the API, so that a restart can go on judging the revision. */
  readonly availabilityProbes: readonly AvailabilityProbe[];
  readonly builtinProbes: boolean;
  /** Its template was on record when it began, so its name is told apart by its number. Absent: as the records say. */
  readonly again?: true;
  /** How often that had happened to the unit by then; never less than before. Absent: as the records say. */
  readonly collisionCount?: number;
  /** Names of the revisions before it, as its ObjectSetPhases were told; absent where it has none of these. */
  readonly previous?: readonly string[];
  /** RFC 3339: when it became available, as long as it has to stay so before it counts as succeeded. */
  readonly availableSince?: string | undefined;
  /** The phase whose gate holds it up, and since when (RFC 3339), where it has a progress deadline. */
  readonly closed?: { readonly phase: string; readonly since: string } | undefined;
  /** Digests of the fields that the API calls immutable, as they were accepted. */
  readonly immutableFields?: Readonly<Record<string, string>>;
}

export interface UnitMemory {
  readonly id: UnitId;
  readonly name: UnitName;
  readonly inventory: Inventory;
  /** Ascending by number. */
  readonly revisions: readonly RevisionRecord[];
  readonly conditions: readonly Condition[];
  /** Of a package: the hash of what it was last unpacked from; undefined for others, and where none is recorded. */
  readonly unpackedHash?: string | undefined;
  /** What it depended on when it was last asked for: its removal runs in reverse. */
  readonly dependsOn: readonly UnitId[];
}

/** A unit that nothing is known of yet. */
export function emptyMemory(id: UnitId, name: UnitName): UnitMemory {
  return { id, name, inventory: new Map(), revisions: [], conditions: [], dependsOn: [] };
}

/** The record with the highest number, or undefined. */
export function latestRevision(memory: UnitMemory): RevisionRecord | undefined {
  return memory.revisions.at(-1);
}
