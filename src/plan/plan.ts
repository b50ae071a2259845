// The plan of a unit: what would be done, phase by phase, and what is held, as data for every output.
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { FieldChange } from './field-change.ts';
import type { SafetyVerdict } from './safety.ts';

export type Action =
  | 'create'
  | 'update'
  | 'recover'
  | 'adopt'
  | 'transfer'
  | 'replace'
  | 'prune'
  | 'release'
  | 'wait'
  | 'deferred'
  | 'none'
  | 'blocked';

export interface PlannedObject {
  readonly ref: ObjectRef;
  readonly action: Action;
  readonly changes: readonly FieldChange[];
  /** Why it waits, is deferred, blocked or held; for a transfer, from whom. */
  readonly reason?: string;
  readonly source?: Location;
}

export interface PlannedPhase {
  readonly name: string;
  readonly objects: readonly PlannedObject[];
}

export interface UnitPlan {
  readonly unit: UnitId;
  readonly target: string;
  /** Number that the revision has or would get; 0 for a unit that goes away. */
  readonly revision: number;
  readonly hash: string;
  /** True when the rollout would make a new revision. */
  readonly newRevision: boolean;
  readonly phases: readonly PlannedPhase[];
  /** Removals, in the order in which they would happen. */
  readonly removals: readonly PlannedObject[];
  readonly safety: SafetyVerdict;
  readonly diagnostics: readonly Diagnostic[];
}

export interface PlanCounts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly prune: number;
  readonly held: number;
  readonly blocked: number;
  readonly unchanged: number;
}

/** Sums for the summary line; `held` counts removals that wait for something. */
export function countActions(plans: readonly UnitPlan[]): PlanCounts {
  const counts = { create: 0, update: 0, replace: 0, prune: 0, held: 0, blocked: 0, unchanged: 0 };
  for (const plan of plans) {
    for (const object of plan.phases.flatMap((phase) => phase.objects))
      counts[bucket(object.action)] += 1;
    for (const removal of plan.removals) {
      if (removal.action === 'prune') {
        counts.prune += 1;
      } else if (removal.action === 'wait' || removal.action === 'blocked') {
        counts.prune += 1;
        counts.held += 1;
      }
    }
  }
  return counts;
}

/** True when carrying the plan out would change something. */
export function hasChanges(plan: UnitPlan): boolean {
  const counts = countActions([plan]);
  return counts.create + counts.update + counts.replace + counts.prune - counts.held > 0;
}

function bucket(action: Action): Exclude<keyof PlanCounts, 'held' | 'prune'> {
  switch (action) {
    case 'create':
    case 'deferred':
      return 'create';
    case 'update':
    case 'recover':
    case 'adopt':
    case 'transfer':
      return 'update';
    case 'replace':
      return 'replace';
    case 'blocked':
      return 'blocked';
    case 'prune':
    case 'release':
    case 'wait':
    case 'none':
      return 'unchanged';
  }
}
