// Status of ObjectDeployment and ClusterObjectDeployment (package-operator §6.2). Pure.
import type { ConditionInput } from '../../model/conditions.ts';
import type { RevisionRecord } from '../../model/unit-memory.ts';
import { setAvailability } from './availability.ts';
import { controllerOf } from './control.ts';
import { invalid } from './invalid.ts';
import { paused } from './paused.ts';
import { collisionCount, revisionName } from './revision-name.ts';
import { statusOf } from './view.ts';
import type { ApiStatus, StatusView } from './view.ts';

/** Conditions and fields of a deployment. */
export function deploymentStatus(view: StatusView): ApiStatus {
  const conditions = [...rolloutConditions(view), ...invalid(view), ...paused(view)];
  const newest = view.memory.revisions.at(-1);
  const collisions = newest ? collisionCount(view.memory, newest) : 0;
  return {
    conditions,
    fields: {
      phase: phaseOf(conditions),
      ...(collisions === 0 ? {} : { collisionCount: collisions }),
      ...(newest ? { templateHash: newest.hash, revision: newest.number } : {}),
      controllerOf: controllerOf(view.memory, newest, view.phases),
    },
  };
}

/** Available and Progressing by the table of §6.2, and what was mapped from objects. */
export function rolloutConditions(view: StatusView): readonly ConditionInput[] {
  return [...view.mapped.filter(({ type }) => type.includes('/')), ...progress(view)];
}

function progress(view: StatusView): readonly ConditionInput[] {
  const { current, memory } = view;
  if (!current) {
    const message = 'Progressing to a new ObjectSet.';
    return [progressing('True', 'Progressing', message), fromPrevious(view)];
  }
  if (current.succeeded) {
    const idle = progressing('False', 'Idle', 'Update concluded.');
    return [idle, current.available ? latestAvailable() : fromPrevious(view)];
  }
  const pending = (message: string): ConditionInput =>
    progressing('True', 'LatestRevisionPendingSuccess', message);
  // "Unchanged" in the table: what was said before stays.
  const before = memory.conditions.find(({ type }) => type === 'Available') ?? fromPrevious(view);
  const { type, status, reason, message } = before;
  const unchanged: ConditionInput = { type, status, reason, message };
  const available = setAvailability(view.phases, current.available);
  if (!available) return [pending('Latest Revision Status Unknown'), unchanged];
  if (available.status === 'False') {
    const text = `Latest Revision is Unavailable: ${available.message}`;
    return [pending(text), fromPrevious(view)];
  }
  return [pending('Latest Revision is Available: pending success delay period'), unchanged];
}

function progressing(
  status: ConditionInput['status'],
  reason: string,
  message: string,
): ConditionInput {
  return { type: 'Progressing', status, reason, message };
}

function latestAvailable(): ConditionInput {
  const message = 'Latest Revision is Available.';
  return { type: 'Available', status: 'True', reason: 'Available', message };
}

/** The oldest older revision that is available keeps the whole available. */
function fromPrevious({ memory, current }: StatusView): ConditionInput {
  const isPrevious = (record: RevisionRecord): boolean =>
    record.available && (current === undefined || record.number < current.number);
  const serving = memory.revisions.find(isPrevious);
  if (!serving) {
    const message = 'No ObjectSet is available.';
    return { type: 'Available', status: 'False', reason: 'ObjectSetUnready', message };
  }
  const message = `Previous Revision '${revisionName(memory, serving)}' is still Available.`;
  return { type: 'Available', status: 'True', reason: 'Available', message };
}

function phaseOf(conditions: readonly ConditionInput[]): string {
  switch (statusOf(conditions, 'Available')) {
    case 'True':
      return 'Available';
    case 'False':
      return 'NotReady';
    default:
      return 'Progressing';
  }
}
