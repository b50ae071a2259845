// The conditions of a unit: Package Operator's, those mapped from objects, and kstatus' plain three on top. Pure.
import type { ConditionInput } from '../model/conditions.ts';
import { latestRevision } from '../model/unit-memory.ts';
import type { PassEnd, Verdict } from './unit-report.ts';
import type { UnitState } from './unit-state.ts';

/** All conditions; of mapped ones with the same type the last object's counts. */
export function conditionsOf(
  state: UnitState,
  end: Exclude<PassEnd, { kind: 'gone' }>,
  verdict: Verdict,
): readonly ConditionInput[] {
  const { reason, message } = verdict;
  const mapped =
    end.kind === 'rollout'
      ? end.rollout.phases.flatMap((phase) =>
          [...phase.objects.values()].flatMap((object) => object.mapped),
        )
      : [];
  return [
    ...new Map(mapped.map((condition) => [condition.type, condition])).values(),
    availability(state, end, verdict),
    ...progress(state, end, verdict),
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

/** Available as Package Operator words it (package-operator §6.2). */
function availability(
  state: UnitState,
  end: Exclude<PassEnd, { kind: 'gone' }>,
  verdict: Verdict,
): ConditionInput {
  if (verdict.ready === 'True') {
    return {
      type: 'Available',
      status: 'True',
      reason: 'Available',
      message: 'Latest Revision is Available.',
    };
  }
  const current = end.kind === 'rollout' ? end.begun.number : Number.POSITIVE_INFINITY;
  const serving = state.memory.revisions.find(
    (record) => record.available && record.number < current,
  );
  if (serving) {
    return {
      type: 'Available',
      status: 'True',
      reason: 'Available',
      message: `Previous Revision '${serving.number}' is still Available.`,
    };
  }
  return { type: 'Available', status: 'False', reason: verdict.reason, message: verdict.message };
}

function progress(
  state: UnitState,
  end: Exclude<PassEnd, { kind: 'gone' }>,
  verdict: Verdict,
): readonly ConditionInput[] {
  const record = latestRevision(state.memory);
  if (end.kind !== 'rollout' || !record) {
    return [
      { type: 'Progressing', status: 'False', reason: verdict.reason, message: verdict.message },
    ];
  }
  if (record.succeeded) {
    const succeeded: ConditionInput = {
      type: 'Succeeded',
      status: 'True',
      reason: 'RolloutSuccess',
      message: 'Every phase was rolled out and available at least once.',
    };
    return [
      { type: 'Progressing', status: 'False', reason: 'Idle', message: 'Update concluded.' },
      succeeded,
    ];
  }
  const message =
    verdict.ready === 'True'
      ? 'Latest Revision is Available: pending success delay period'
      : `Latest Revision is Unavailable: ${verdict.message}`;
  return [{ type: 'Progressing', status: 'True', reason: 'LatestRevisionPendingSuccess', message }];
}
