// The conditions and the API status of a unit: those of its kind, and kstatus' plain three on top. Pure.
import type { PhaseResult } from '../apply/phase-engine.ts';
import type { ConditionInput } from '../model/conditions.ts';
import { latestRevision } from '../model/unit-memory.ts';
import type { RevisionRecord } from '../model/unit-memory.ts';
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
    yielded:
      work.kind === 'desired' &&
      work.desired.phases.some(({ objects }) => objects.some((object) => object.yielded === true)),
    archived: header?.archived === true,
    mapped: [...new Map(mapped.map((item) => [item.type, item])).values()],
  };
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
