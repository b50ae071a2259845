// Readiness of an object by the rules of kstatus: general rules first, then those of its kind, then Ready.
import { groupKindOf } from '../object-fields.ts';
import { conditionsOf } from './conditions.ts';
import type { StatusCondition } from './conditions.ts';
import { generalReadiness, readyCondition } from './generic.ts';
import {
  alwaysReady,
  claimReadiness,
  crdReadiness,
  disruptionBudgetReadiness,
  jobReadiness,
  namespaceReadiness,
  serviceReadiness,
} from './kinds.ts';
import { podReadiness } from './pod.ts';
import { undecided } from './readiness.ts';
import type { Readiness } from './readiness.ts';
import {
  daemonSetReadiness,
  deploymentReadiness,
  replicaSetReadiness,
  statefulSetReadiness,
} from './workloads.ts';

type Rule = (
  object: unknown,
  conditions: readonly StatusCondition[],
  now: number | undefined,
) => Readiness;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['apps/Deployment', deploymentReadiness],
  ['extensions/Deployment', deploymentReadiness],
  ['apps/StatefulSet', statefulSetReadiness],
  ['apps/DaemonSet', daemonSetReadiness],
  ['extensions/DaemonSet', daemonSetReadiness],
  ['apps/ReplicaSet', replicaSetReadiness],
  ['extensions/ReplicaSet', replicaSetReadiness],
  ['batch/Job', jobReadiness],
  ['batch/CronJob', alwaysReady],
  ['policy/PodDisruptionBudget', disruptionBudgetReadiness],
  ['apiextensions.k8s.io/CustomResourceDefinition', crdReadiness],
  ['/Pod', podReadiness],
  ['/PersistentVolumeClaim', claimReadiness],
  ['/Service', serviceReadiness],
  ['/Namespace', namespaceReadiness],
  ['/ConfigMap', alwaysReady],
  ['/Secret', alwaysReady],
]);

export interface ReadinessOptions {
  /** The time of the observation in milliseconds since 1970, for the pod schedule window. */
  readonly now?: number;
}

/**
 * The readiness of an object.
 * @param object the object as read from the target, undefined where it does not exist
 */
export function readinessOf(object: unknown, options: ReadinessOptions = {}): Readiness {
  if (object === undefined) {
    return { status: 'NotFound', reason: 'NotFound', message: 'not found' };
  }
  const conditions = conditionsOf(object);
  if (conditions === undefined) {
    return undecided('MalformedConditions', 'malformed .status.conditions');
  }
  const general = generalReadiness(object, conditions);
  if (general !== undefined) return general;
  const { group, kind } = groupKindOf(object);
  const rule = RULES.get(`${group}/${kind}`);
  return rule?.(object, conditions, options.now) ?? readyCondition(conditions);
}
