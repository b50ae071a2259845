// The conditions of an object, for the readiness rules.
import { isMap, textAt, valueAt } from '../object-fields.ts';

export interface StatusCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** The conditions in their order; undefined where `.status.conditions` is not a list of conditions. */
export function conditionsOf(object: unknown): readonly StatusCondition[] | undefined {
  const list = valueAt(object, 'status', 'conditions') ?? [];
  if (!Array.isArray(list) || !list.every(isMap)) return undefined;
  return list.map((condition) => ({
    type: textAt(condition, 'type') ?? '',
    status: textAt(condition, 'status') ?? '',
    reason: textAt(condition, 'reason') ?? '',
    message: textAt(condition, 'message') ?? '',
  }));
}

/** The first condition of a type, with one of the statuses if given. */
export function findCondition(
  conditions: readonly StatusCondition[],
  type: string,
  status?: string,
): StatusCondition | undefined {
  return conditions.find((condition) => {
    return condition.type === type && (status === undefined || condition.status === status);
  });
}

/** What a condition says for people; its type and status where it says nothing. */
export function told({ type, status, message }: StatusCondition): string {
  return message === '' ? `condition ${type} is ${status}` : message;
}
