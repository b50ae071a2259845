// Status of ObjectSet, ObjectSetPhase and their cluster-scoped kinds (package-operator §7.1). Pure.
import type { ConditionInput } from '../../model/conditions.ts';
import { setAvailability } from './availability.ts';
import { controllerOf, isInTransition, remotePhases } from './control.ts';
import { invalid } from './invalid.ts';
import { paused } from './paused.ts';
import { statusOf } from './view.ts';
import type { ApiStatus, StatusView } from './view.ts';

/** Conditions and fields of an ObjectSet. */
export function objectSetStatus(view: StatusView): ApiStatus {
  const newest = view.memory.revisions.at(-1);
  const conditions = view.archived ? archiving(view) : running(view);
  const remote = remotePhases(view.memory, newest);
  return {
    conditions: [...conditions, ...invalid(view)],
    fields: {
      phase: phaseOf(conditions),
      ...(newest ? { revision: newest.number } : {}),
      ...(remote.length === 0 ? {} : { remotePhases: remote }),
      controllerOf: controllerOf(view.memory, newest, view.phases),
    },
  };
}

/** Conditions and fields of an ObjectSetPhase: fewer than those of a set, and no phase text. */
export function objectSetPhaseStatus(view: StatusView): ApiStatus {
  return {
    conditions: [...mappedOnly(view), ...available(view), ...invalid(view), ...paused(view)],
    fields: { controllerOf: controllerOf(view.memory, view.memory.revisions.at(-1), view.phases) },
  };
}

function running(view: StatusView): readonly ConditionInput[] {
  const newest = view.memory.revisions.at(-1);
  const found = [...mappedOnly(view), ...available(view), ...paused(view)];
  if (newest && (view.yielded || isInTransition(view.memory, newest))) {
    const message = 'ObjectSet is still rolling out or is being replaced by a newer version.';
    found.push({ type: 'InTransition', status: 'True', reason: 'InTransition', message });
  }
  if (newest?.succeeded === true) {
    const message =
      'ObjectSet rolled out all objects successfully and was Available at least once.';
    found.push({ type: 'Succeeded', status: 'True', reason: 'RolloutSuccess', message });
  }
  return found;
}

/** Available goes with archiving; what succeeded once has succeeded. */
function archiving(view: StatusView): readonly ConditionInput[] {
  const gone = view.memory.inventory.size === 0;
  const archived: ConditionInput = gone
    ? { type: 'Archived', status: 'True', reason: 'Archived', message: '' }
    : {
        type: 'Archived',
        status: 'False',
        reason: 'ArchivalInProgress',
        message: 'Object teardown in progress.',
      };
  return [archived, ...running(view).filter(({ type }) => type === 'Succeeded')];
}

function available(view: StatusView): readonly ConditionInput[] {
  const record = view.memory.revisions.at(-1);
  const found = setAvailability(view.phases, record?.available === true);
  if (found) return [found];
  // Nobody has looked since the start: what was said last still stands.
  const before = view.memory.conditions.find(({ type }) => type === 'Available');
  if (!before) return [];
  const { type, status, reason, message } = before;
  return [{ type, status, reason, message }];
}

function mappedOnly(view: StatusView): readonly ConditionInput[] {
  return view.mapped.filter(({ type }) => type.includes('/'));
}

function phaseOf(conditions: readonly ConditionInput[]): string {
  if (statusOf(conditions, 'Archived') === 'True') return 'Archived';
  if (statusOf(conditions, 'Paused') === 'True') return 'Paused';
  switch (statusOf(conditions, 'Available')) {
    case 'True':
      return 'Available';
    case undefined:
      return 'Pending';
    default:
      return 'NotReady';
  }
}
