// Readiness rules that hold for every kind: deletion, generation, Reconciling, Stalled, Ready.
import { groupKindOf, integerAt, textAt } from '../object-fields.ts';
import { told } from './conditions.ts';
import type { StatusCondition } from './conditions.ts';
import { current, inProgress, stalled, terminating } from './readiness.ts';
import type { Readiness } from './readiness.ts';

/** What decides before any rule of a kind is asked. */
export function generalReadiness(
  object: unknown,
  conditions: readonly StatusCondition[],
): Readiness | undefined {
  if ((textAt(object, 'metadata', 'deletionTimestamp') ?? '') !== '') {
    return terminating('being deleted');
  }
  return staleReadiness(object) ?? standardConditions(conditions);
}

/** A controller that reports which generation it has seen must have seen the latest. */
export function staleReadiness(object: unknown): Readiness | undefined {
  const generation = integerAt(object, 'metadata', 'generation');
  const observed = integerAt(object, 'status', 'observedGeneration');
  if (generation === undefined || observed === undefined || observed === generation) {
    return undefined;
  }
  const { kind } = groupKindOf(object);
  return inProgress(
    'LatestGenerationNotObserved',
    `${kind} is at generation ${generation}, its controller has seen ${observed}`,
  );
}

function standardConditions(conditions: readonly StatusCondition[]): Readiness | undefined {
  const decisive = conditions.find((condition) => {
    return /^(?:Reconciling|Stalled)$/.test(condition.type) && condition.status === 'True';
  });
  if (decisive === undefined) return undefined;
  return decisive.type === 'Stalled'
    ? stalled(decisive.reason, told(decisive))
    : inProgress(decisive.reason, told(decisive));
}

/** The last resort for kinds without rules: a Ready condition, where there is one. */
export function readyCondition(conditions: readonly StatusCondition[]): Readiness {
  const ready = conditions.find((condition) => {
    return condition.type === 'Ready' && /^(?:True|False|Unknown)$/.test(condition.status);
  });
  if (ready === undefined) return current('exists, and reports nothing that speaks against it');
  if (ready.status === 'True') return current('condition Ready is True');
  return inProgress(ready.reason, told(ready));
}
