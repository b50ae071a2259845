// Readiness of the kinds that run pods in numbers: Deployment, StatefulSet, DaemonSet, ReplicaSet.
import { integerAt, textAt } from '../object-fields.ts';
import { findCondition } from './conditions.ts';
import type { StatusCondition } from './conditions.ts';
import { current, inProgress, stalled } from './readiness.ts';
import type { Readiness } from './readiness.ts';

/** The value that stands for "no deadline" in the Deployment controller: the largest int32. */
const NO_DEADLINE = 2 ** 31 - 1;

function statusCount(object: unknown, field: string): number {
  return integerAt(object, 'status', field) ?? 0;
}

/** Replicas asked for; the controllers take 1 where nothing is said. */
function wanted(object: unknown): number {
  return integerAt(object, 'spec', 'replicas') ?? 1;
}

/** One comparison: too few of something. */
function tooFew(
  reason: string,
  what: string,
  counts: readonly [have: number, want: number],
): Readiness | undefined {
  const [have, want] = counts;
  return have < want ? inProgress(reason, `${have} of ${want} replicas ${what}`) : undefined;
}

function surplus(have: number, want: number): Readiness | undefined {
  if (have <= want) return undefined;
  return inProgress('ExtraPods', `${have - want} replicas wait for their termination`);
}

export function deploymentReadiness(
  object: unknown,
  conditions: readonly StatusCondition[],
): Readiness {
  const progressing = findCondition(conditions, 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return stalled(progressing.reason, progressing.message || 'progress deadline exceeded');
  }
  const want = wanted(object);
  const updated = statusCount(object, 'updatedReplicas');
  return (
    tooFew('LessReplicas', 'exist', [statusCount(object, 'replicas'), want]) ??
    tooFew('LessUpdated', 'are updated', [updated, want]) ??
    surplus(statusCount(object, 'replicas'), want) ??
    tooFew('LessAvailable', 'are available', [statusCount(object, 'availableReplicas'), updated]) ??
    tooFew('LessReady', 'are ready', [statusCount(object, 'readyReplicas'), want]) ??
    deploymentConditions(object, conditions) ??
    current(`all ${want} replicas are updated and available`)
  );
}

function deploymentConditions(
  object: unknown,
  conditions: readonly StatusCondition[],
): Readiness | undefined {
  const deadline = integerAt(object, 'spec', 'progressDeadlineSeconds') ?? NO_DEADLINE;
  // Without a deadline the controller never writes the condition Progressing.
  const rolledOut =
    deadline === NO_DEADLINE ||
    conditions.some(({ type, status, reason }) => {
      return type === 'Progressing' && status === 'True' && reason === 'NewReplicaSetAvailable';
    });
  if (!rolledOut)
    return inProgress('ReplicaSetNotAvailable', 'the new replica set is not available');
  if (findCondition(conditions, 'Available', 'True') !== undefined) return undefined;
  return inProgress('DeploymentNotAvailable', 'condition Available is not True');
}

export function replicaSetReadiness(
  object: unknown,
  conditions: readonly StatusCondition[],
): Readiness {
  const failure = findCondition(conditions, 'ReplicaFailure', 'True');
  if (failure !== undefined) {
    return inProgress('ReplicaFailure', failure.message || 'pods cannot be created or deleted');
  }
  const want = wanted(object);
  return (
    tooFew('LessLabelled', 'are labelled', [statusCount(object, 'fullyLabeledReplicas'), want]) ??
    tooFew('LessAvailable', 'are available', [statusCount(object, 'availableReplicas'), want]) ??
    tooFew('LessReady', 'are ready', [statusCount(object, 'readyReplicas'), want]) ??
    surplus(statusCount(object, 'replicas'), want) ??
    current(`all ${want} replicas are available`)
  );
}

/** StatefulSets write no conditions: only counts and revisions tell. */
export function statefulSetReadiness(object: unknown): Readiness {
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    return current('pods are replaced by hand (update strategy OnDelete)');
  }
  const want = wanted(object);
  return (
    tooFew('LessReplicas', 'exist', [statusCount(object, 'replicas'), want]) ??
    tooFew('LessReady', 'are ready', [statusCount(object, 'readyReplicas'), want]) ??
    surplus(statusCount(object, 'replicas'), want) ??
    statefulSetRollout(object, want)
  );
}

function statefulSetRollout(object: unknown, want: number): Readiness {
  const partition = integerAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition');
  if (partition !== undefined && partition !== -1) {
    const updated = statusCount(object, 'updatedReplicas');
    return (
      tooFew('PartitionRollout', 'of the partition are updated', [updated, want - partition]) ??
      current(`the partition is rolled out, ${updated} replicas are updated`)
    );
  }
  const counts = [statusCount(object, 'currentReplicas'), want] as const;
  const behind = tooFew('LessCurrent', 'are of the current revision', counts);
  if (behind !== undefined) return behind;
  const revision = textAt(object, 'status', 'currentRevision') ?? '';
  const update = textAt(object, 'status', 'updateRevision') ?? '';
  if (revision !== update) {
    return inProgress('RevisionMismatch', 'the update revision is not the current one yet');
  }
  return current(`all ${want} replicas are ready`);
}

/** A DaemonSet that its controller has seen always says so. */
export function daemonSetReadiness(object: unknown): Readiness {
  if (integerAt(object, 'metadata', 'generation') === undefined) {
    return inProgress('NoGeneration', 'metadata.generation is missing');
  }
  if (integerAt(object, 'status', 'observedGeneration') === undefined) {
    return inProgress('NoObservedGeneration', 'status.observedGeneration is missing');
  }
  const want = integerAt(object, 'status', 'desiredNumberScheduled');
  if (want === undefined || want === -1) {
    return inProgress('NoDesiredNumber', 'status.desiredNumberScheduled is missing');
  }
  const count = (field: string) => [statusCount(object, field), want] as const;
  return (
    tooFew('LessCurrent', 'are scheduled', count('currentNumberScheduled')) ??
    tooFew('LessUpdated', 'are updated', count('updatedNumberScheduled')) ??
    tooFew('LessAvailable', 'are available', count('numberAvailable')) ??
    tooFew('LessReady', 'are ready', count('numberReady')) ??
    current(`all ${want} replicas are available`)
  );
}
