// What a pass over one unit needs from around it.
import type { Probe } from '../apply/phase-engine.ts';
import type { RevisionEngine } from '../apply/revision-engine.ts';
import type { TargetPlace } from '../apply/target-place.ts';
import type { Clock } from '../lib/clock.ts';
import type { DesiredState } from '../model/desired.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { SafetyPolicy } from '../plan/safety.ts';
import type { StatusChange } from '../status/store.ts';
import type { UnitReport } from '../status/report.ts';
import type { PlaceReader } from './place-reader.ts';
import type { UnitState } from './unit-state.ts';

export type IntentResult =
  { readonly kind: 'acknowledged' } | { readonly kind: 'refused'; readonly diagnostic: Diagnostic };

/** The committer as units see it. */
export interface StatusWriter {
  /** Resolves when the files are safe where a second daemon would look for them. */
  intent(
    changes: readonly StatusChange[],
    message: string,
    signal: AbortSignal,
  ): Promise<IntentResult>;
  /** Coalesced with what other units have to say; the last content of a path wins. */
  status(changes: readonly StatusChange[]): void;
}

export interface RunningTarget extends TargetPlace {
  readonly engine: RevisionEngine;
  /** The other places that objects of its units live in. */
  readonly places: PlaceReader;
  /** Field manager. */
  readonly manager: string;
}

export interface UnitDeps {
  readonly instance: string;
  readonly clock: Clock;
  readonly writer: StatusWriter;
  /** Undefined when no such target is configured or it cannot be reached. */
  readonly target: (name: string) => Promise<RunningTarget | Diagnostic>;
  readonly probe: (desired: DesiredState) => Probe;
  readonly policy: () => SafetyPolicy;
  /** Why nothing may be removed from this target now. */
  readonly removalHold: (target: string) => string | undefined;
  /** Why the removal of this whole unit is held (`maxUnitDeletions`). */
  readonly unitHold: (unit: UnitId) => string | undefined;
  /** What the unit still waits for, one sentence each; empty when it may start. */
  readonly unmetDependencies: (dependsOn: readonly UnitId[]) => readonly string[];
  /** Units that are being removed and depend on this one: they go first. */
  readonly dependants: (unit: UnitId) => readonly UnitId[];
  /** Who is going to want the object that this unit gives up: it has to stay until then. */
  readonly reservedFor: (unit: UnitId, ref: ObjectRef) => UnitId | undefined;
  /** Whether another unit has claimed the object and has not taken it from this one yet. */
  readonly isLent: (unit: UnitId, ref: ObjectRef) => boolean;
  /** Called when something about the unit's readiness changed, to wake whoever depends on it. */
  readonly onReadiness: (unit: UnitId) => void;
  /** Called with everything that a pass has to say. */
  readonly onReport: (state: UnitState, report: UnitReport) => void;
  /** Called when the inventory names other keys than before. */
  readonly onClaims: (unit: UnitId) => void;
  /** Called when nothing of the unit is left. */
  readonly onGone: (unit: UnitId) => void;
}

/** What one pass carries through its steps. */
export interface PassContext {
  readonly deps: UnitDeps;
  readonly signal: AbortSignal;
  /** Keys that events have touched since the pass before. */
  readonly dirty: (key: string) => boolean;
}
