// Kubernetes-style conditions, with the rule that lastTransitionTime moves only with the status.

export type ConditionStatus = 'True' | 'False' | 'Unknown';

export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339, seconds. */
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

export type ConditionInput = Omit<Condition, 'lastTransitionTime'>;

/**
 * The next list of conditions, sorted by type.
 * @param now RFC 3339 time given to conditions whose status changed
 */
export function nextConditions(
  before: readonly Condition[],
  after: readonly ConditionInput[],
  now: string,
): readonly Condition[] {
  const known = new Map(before.map((condition) => [condition.type, condition]));
  return after
    .map((condition) => {
      const old = known.get(condition.type);
      const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : now;
      return { ...condition, lastTransitionTime };
    })
    .toSorted((a, b) => (a.type < b.type ? -1 : Number(a.type > b.type)));
}
