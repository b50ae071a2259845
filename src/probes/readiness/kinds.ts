// Readiness of the remaining built-in kinds: Job, PVC, Service, PDB, CRD, Namespace.
import { integerAt, textAt, valueAt } from '../object-fields.ts';
import { findCondition, told } from './conditions.ts';
import type { StatusCondition } from './conditions.ts';
import { current, inProgress, stalled, terminating } from './readiness.ts';
import type { Readiness } from './readiness.ts';

/** A Job counts as soon as it runs: what waits for its end probes the condition Complete. */
export function jobReadiness(object: unknown, conditions: readonly StatusCondition[]): Readiness {
  const parallelism = integerAt(object, 'spec', 'parallelism') ?? 1;
  const completions = integerAt(object, 'spec', 'completions') ?? parallelism;
  const succeeded = integerAt(object, 'status', 'succeeded') ?? 0;
  const failures = integerAt(object, 'status', 'failed') ?? 0;
  const suspended = valueAt(object, 'spec', 'suspend') === true;
  for (const { type, status } of conditions) {
    if (status !== 'True') continue;
    if (type === 'Complete') return current(`completed, ${succeeded} of ${completions} succeeded`);
    if (type === 'Failed') {
      return stalled('JobFailed', `the job failed, ${failures} of ${completions} pods failed`);
    }
    if (type === 'Suspended' && suspended) return current('the job is suspended');
  }
  if ((textAt(object, 'status', 'startTime') ?? '') === '') {
    return inProgress('JobNotStarted', 'the job has not started');
  }
  return current(`the job runs, ${succeeded} of ${completions} succeeded, ${failures} failed`);
}

export function claimReadiness(object: unknown): Readiness {
  const phase = textAt(object, 'status', 'phase') ?? 'unknown';
  if (phase === 'Bound') return current('the claim is bound');
  return inProgress('NotBound', `the claim is not bound, its phase is ${phase}`);
}

export function serviceReadiness(object: unknown): Readiness {
  const type = textAt(object, 'spec', 'type') ?? 'ClusterIP';
  const address = textAt(object, 'spec', 'clusterIP') ?? '';
  if (type === 'LoadBalancer' && address === '') {
    return inProgress('NoIPAssigned', 'the load balancer has no cluster IP yet');
  }
  return current('the service is set up');
}

/** Whether its generation was observed has been asked before; its controller reports nothing more. */
export function disruptionBudgetReadiness(): Readiness {
  return current('the allowed disruptions are computed');
}

export function crdReadiness(_: unknown, conditions: readonly StatusCondition[]): Readiness {
  for (const condition of conditions) {
    const { type, status, reason } = condition;
    if (type === 'NamesAccepted' && status === 'False') return stalled(reason, told(condition));
    if (type !== 'Established') continue;
    if (status === 'True') return current('the API is established');
    if (status === 'False' && reason !== 'Installing') return stalled(reason, told(condition));
  }
  return inProgress('Installing', 'the API is being installed');
}

/** kstatus knows no rule for namespaces; one that is being emptied takes no new objects. */
export function namespaceReadiness(
  object: unknown,
  conditions: readonly StatusCondition[],
): Readiness {
  if (textAt(object, 'status', 'phase') !== 'Terminating')
    return current('the namespace is active');
  const hindrance = findCondition(conditions, 'NamespaceContentRemaining', 'True');
  return terminating(hindrance?.message || 'the namespace is being emptied');
}

export function alwaysReady(): Readiness {
  return current('kinds like this are ready once they exist');
}
