// The conditions and the API status of a unit: those of its kind, and kstatus' plain three on top. Pure.
import type { PhaseResult } from '../apply/phase-engine.ts';
import type { ConditionInput } from '../model/conditions.ts';
import { latestRevision } from '../model/unit-memory.ts';
import type { RevisionRecord } from '../model/unit-memory.ts';
import { inventoryKey } from '../model/inventory.ts';
import { lentObjects } from './api-status/control.ts';
import { apiStatusOf } from './api-status/index.ts';
import type { ApiStatus, StatusView } from './api-status/index.ts';
import type { PassEnd, Verdict } from './unit-report.ts';
import type { UnitState } from './unit-state.ts';

type Ended = Exclude<PassEnd, { kind: 'gone' }>;

/** Everything that stands under `status`; of conditions with the same type kstatus' own count. */
export function statusFor(state: UnitState, end: Ended, verdict: Verdict): ApiStatus {
  const { conditions, fields } = apiStatusOf(viewOf(state, end, verdict));
  const all = [...conditions, ...plainConditions(verdict)];
  return { conditions: [...new Map(all.map((item) => [item.type, item])).values()], fields };
}

function plainConditions(verdict: Verdict): readonly ConditionInput[] {
  const { reason, message } = verdict;
  return [
    { type: 'Ready', status: verdict.ready, reason, message },
    {
      type: 'Reconciling',
      status: verdict.reconciling ? 'True' : 'False',
      reason: verdict.reconciling ? reason : 'Idle',
      message: verdict.reconciling ? message : '',
    },
    {
      type: 'Stalled',
      status: verdict.stalled ? 'True' : 'False',
      reason: verdict.stalled ? reason : 'Idle',
      message: verdict.stalled ? message : '',
    },
  ];
}

function viewOf(state: UnitState, end: Ended, verdict: Verdict): StatusView {
  const { work } = state;
  const header = work.kind === 'removed' ? undefined : work.header;
  const phases = phasesOf(state, end);
  const mapped = phases.flatMap((phase) =>
    [...phase.objects.values()].flatMap((object) => object.mapped),
  );
  return {
    name: state.name,
    memory: state.memory,
    verdict,
    current: currentRevision(state, end),
    phases,
    refused:
      work.kind === 'broken' ? work.diagnostics.filter(({ severity }) => severity === 'error') : [],
    suspended: header?.suspended === true,
    suspendReason: header?.suspendReason,
    yielded: hasYielded(state, phases),
    archived: header?.archived === true || latestRevision(state.memory)?.state === 'archived',
    removing: work.kind === 'removed',
    mapped: [...new Map(mapped.map((item) => [item.type, item])).values()],
  };
}

/** Whether another unit has taken an object that this one asks for too. */
function hasYielded({ work, memory }: UnitState, phases: readonly PhaseResult[]): boolean {
  if (work.kind !== 'desired') return false;
  const yielded = work.desired.phases.flatMap(({ objects }) =>
    objects.filter((object) => object.yielded === true).map(({ ref }) => inventoryKey(ref)),
  );
  if (yielded.length === 0) return false;
  const kept = new Set(lentObjects(memory, phases).map(({ ref }) => inventoryKey(ref)));
  return yielded.some((key) => !kept.has(key));
}

/** Phases of the newest revision as last seen; of another revision they would tell nothing about it. */
function phasesOf(state: UnitState, end: Ended): readonly PhaseResult[] {
  if (end.kind === 'rollout') return end.rollout.phases;
  const newest = latestRevision(state.memory);
  return newest?.number === state.resultsOf ? [...state.results.values()] : [];
}

/** Content that waits (for a dependency, a person, the status branch) has no revision yet. */
function currentRevision(state: UnitState, end: Ended): RevisionRecord | undefined {
  const newest = latestRevision(state.memory);
  if (end.kind === 'rollout' || state.work.kind !== 'desired') return newest;
  return newest?.hash === state.work.desired.templateHash ? newest : undefined;
}
