// What every stage tells about a unit; status files, live output and events are made from Reports only.
import type { Condition } from '../model/conditions.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import type { JsonObject } from '../model/json.ts';
import type { ErrorCode } from '../model/error-codes.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';

export interface ObjectReport {
  readonly ref: ObjectRef;
  /** What the last pass did: `created`, `idle`, `collision`, … */
  readonly action: string;
  readonly ready: 'True' | 'False' | 'Unknown';
  /** Probe messages, or why nothing was done. */
  readonly messages: readonly string[];
  /** What made a probe say so: sub-expressions with their values. Never of objects that hold secrets. */
  readonly because: readonly string[];
  readonly source: Location;
}

export interface PhaseReport {
  readonly name: string;
  /** `waiting`: an earlier gate is closed, nothing was done. */
  readonly gate: 'open' | 'closed' | 'waiting';
  readonly objects: readonly ObjectReport[];
}

export interface RemovalReport {
  readonly ref: ObjectRef;
  /** `deleting`, `held`, `failed`, `pending` */
  readonly state: string;
  readonly reason: string;
  /** Of what is held or has failed. */
  readonly code?: ErrorCode;
}

export interface RevisionReport {
  readonly number: number;
  readonly hash: string;
  readonly commit: string;
  readonly state: string;
  readonly changeCause: string | undefined;
}

export interface UnitReport {
  readonly id: UnitId;
  readonly name: UnitName;
  /** Version and kind of the unit's own object; a folder has none. */
  readonly apiVersion: string | undefined;
  /** Snapshot whose content of this unit is in force. */
  readonly commit: string;
  readonly source: Location | undefined;
  /** The unit that asks for this one; undefined for units of Git. */
  readonly parent?: UnitId | undefined;
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly conditions: readonly Condition[];
  readonly revision: number;
  readonly hash: string;
  /** Further fields that the unit's API defines under `status`. */
  readonly apiStatus: JsonObject;
  readonly phases: readonly PhaseReport[];
  readonly removals: readonly RemovalReport[];
  readonly revisions: readonly RevisionReport[];
  readonly dependsOn: readonly UnitId[];
  /** Kept for the next start. */
  readonly unpackedHash: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}
