// What the status of an API kind is made of: records, the last look at the phases, and what stands in the way. Pure data.
import type { PhaseResult } from '../../apply/phase-engine.ts';
import type { ConditionInput } from '../../model/conditions.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { JsonObject } from '../../model/json.ts';
import type { UnitName } from '../../model/unit-id.ts';
import type { RevisionRecord, UnitMemory } from '../../model/unit-memory.ts';
import type { Verdict } from '../unit-report.ts';

export interface StatusView {
  readonly name: UnitName;
  readonly memory: UnitMemory;
  readonly verdict: Verdict;
  /** The newest revision, where it is what the newest content asks for (or what goes on beside broken content). */
  readonly current: RevisionRecord | undefined;
  /** Phases of the newest revision as last seen, in order; empty when nobody has looked since the start. */
  readonly phases: readonly PhaseResult[];
  /** Errors of content that cannot be taken. */
  readonly refused: readonly Diagnostic[];
  readonly suspended: boolean;
  readonly suspendReason: string | undefined;
  /** A newer set has taken some of its objects. */
  readonly yielded: boolean;
  /** `lifecycleState: Archived` is asked for. */
  readonly archived: boolean;
  /** Nothing asks for it any more: it is being taken down. */
  readonly removing: boolean;
  /** Conditions of objects that belong on the unit. */
  readonly mapped: readonly ConditionInput[];
}

/** What an API writes under `status`; nothing of it is read back except conditions, for their transition times. */
export interface ApiStatus {
  readonly conditions: readonly ConditionInput[];
  readonly fields: JsonObject;
}

/** The status of one condition among others, or undefined where it is not there. */
export function statusOf(
  conditions: readonly ConditionInput[],
  type: string,
): ConditionInput['status'] | undefined {
  return conditions.find((condition) => condition.type === type)?.status;
}
