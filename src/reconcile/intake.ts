// What a snapshot asks for, ready to be put in force: the work of every unit, who wants which key, what holds removals.
import type { UnitId } from '../model/unit-id.ts';
import type { SafetyPolicy } from '../plan/safety.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ClaimKey } from './ownership-index.ts';
import type { UnitWork, Works } from './unit-state.ts';

export interface Intake {
  readonly snapshot: string;
  /** The same object as in the intake before where nothing that the unit reads has changed. */
  readonly works: Works;
  /** Which unit wants which key of which target. */
  readonly wanted: ReadonlyMap<ClaimKey, UnitId>;
  /** Which unit is going to want which key once the unit that asks for it has got there. */
  readonly reserved: ReadonlyMap<ClaimKey, UnitId>;
  readonly policy: SafetyPolicy;
  /** Why nothing may be removed from a target, by its name. */
  readonly holds: ReadonlyMap<string, string>;
  /** Why nothing may be removed anywhere. */
  readonly generalHold: string | undefined;
  /** What becomes of a unit that no manifest asks for any more. */
  readonly disappeared: (unit: UnitId, before: UnitWork) => UnitWork;
  /** Trouble that belongs to no unit. */
  readonly diagnostics: readonly Diagnostic[];
}
