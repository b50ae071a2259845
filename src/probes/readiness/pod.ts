// Readiness of Pods.
import { isMap, textAt, valueAt } from '../object-fields.ts';
import { findCondition } from './conditions.ts';
import type { StatusCondition } from './conditions.ts';
import { current, inProgress, stalled, undecided } from './readiness.ts';
import type { Readiness } from './readiness.ts';

/** How long a pod may be unschedulable before that counts as a failure, in milliseconds. */
const SCHEDULE_WINDOW = 15_000;

/** @param now milliseconds since 1970; without it every pod is older than the schedule window */
export function podReadiness(
  object: unknown,
  conditions: readonly StatusCondition[],
  now: number | undefined,
): Readiness {
  const phase = textAt(object, 'status', 'phase') ?? '';
  switch (phase) {
    case '':
      return inProgress('PodNotObserved', 'the pod has no phase yet');
    case 'Succeeded':
      return current('the pod has completed');
    case 'Failed':
      // A pod that ran to its end is done, however it ended: its owner decides what that means.
      return current('the pod has ended, and not successfully');
    case 'Running':
      return runningPod(object, conditions);
    case 'Pending':
      return pendingPod(object, conditions, now);
    default:
      return undecided('UnknownPhase', 'the pod is in a phase that is not known');
  }
}

function runningPod(object: unknown, conditions: readonly StatusCondition[]): Readiness {
  if (findCondition(conditions, 'Ready', 'True') !== undefined) return current('the pod is ready');
  const crashing = crashingContainers(object);
  if (crashing.length > 0) {
    return stalled('ContainerCrashLooping', `containers keep crashing: ${crashing.join(', ')}`);
  }
  return inProgress('PodRunningNotReady', 'the pod runs, but is not ready');
}

function pendingPod(
  object: unknown,
  conditions: readonly StatusCondition[],
  now: number | undefined,
): Readiness {
  const unscheduled = findCondition(conditions, 'PodScheduled', 'False');
  if (unscheduled?.reason !== 'Unschedulable') {
    return inProgress('PodPending', 'the pod is pending');
  }
  const created = Date.parse(textAt(object, 'metadata', 'creationTimestamp') ?? '');
  const young = now !== undefined && now - SCHEDULE_WINDOW < created;
  return young
    ? inProgress('PodNotScheduled', 'the pod is not scheduled yet')
    : stalled('PodUnschedulable', unscheduled.message || 'no node takes the pod');
}

function crashingContainers(object: unknown): readonly string[] {
  const statuses = valueAt(object, 'status', 'containerStatuses');
  if (!Array.isArray(statuses)) return [];
  return statuses.filter(isMap).flatMap((status) => {
    const name = textAt(status, 'name');
    const crashing = textAt(status, 'state', 'waiting', 'reason') === 'CrashLoopBackOff';
    return crashing && name !== undefined ? [name] : [];
  });
}
