// The condition that says that changes are stopped, and by whom (package-operator §5.4, §7.1). Pure.
import type { ConditionInput } from '../../model/conditions.ts';
import type { StatusView } from './view.ts';

/** Paused is there only while it is true. The message is the one of the pause-message annotation. */
export function paused(view: StatusView): readonly ConditionInput[] {
  if (!view.suspended) return [];
  const message = view.suspendReason ?? 'Lifecycle state set to paused.';
  return [{ type: 'Paused', status: 'True', reason: 'Paused', message }];
}
