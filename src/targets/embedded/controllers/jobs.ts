// Jobs: run their pods, then are complete or failed.
import { isObject, listAt, objectAt, stringAt } from '../../../model/json.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { LiveObject } from '../../target.ts';
import { isTerminating, uidOf } from '../object-id.ts';
import { behaviourOf } from './behaviour.ts';
import { counted, isActive, MAX_PODS, podOf, podSuffix, steer } from './pod-set.ts';
import { childrenOf, createChild, remaining, remove, setStatus, transition } from './world.ts';
import type { World } from './world.ts';

export function reconcileJob(job: LiveObject, world: World): number | undefined {
  if (isTerminating(job)) return undefined;
  const status = objectAt(job, 'status');
  if (isFinished(status)) return expire(job, world);
  if (objectAt(job, 'spec')['suspend'] === true) {
    suspend(job, world);
    return undefined;
  }
  const pods = childrenOf(world, job, 'Pod');
  steer(world, job, pods.filter(isActive));
  const wanted = numberAt(job, 'completions', numberAt(job, 'parallelism', 1));
  const made = Math.min(wanted, MAX_PODS);
  const inPhase = (phase: string): number =>
    pods.filter((pod) => objectAt(pod, 'status')['phase'] === phase).length;
  const succeeded = inPhase('Succeeded');
  const failed = inPhase('Failed');
  const active = pods.filter(isActive).length;
  const startTime = stringAt(status, 'startTime') ?? world.now;
  if (succeeded >= made) {
    setStatus(world, job, {
      ...ended(job, world, 'Complete', COMPLETED),
      startTime,
      completionTime: world.now,
      succeeded: wanted,
      terminating: 0,
      uncountedTerminatedPods: {},
      ready: 0,
    });
    return undefined;
  }
  const { fail } = behaviourOf(job, world.readyAfterMs);
  if (failed > 0 && fail !== undefined) {
    // Retries of a job that is meant to fail would only delay the answer.
    const message = `Job has reached the specified backoff limit: ${fail}`;
    setStatus(world, job, {
      ...ended(job, world, 'Failed', { reason: 'BackoffLimitExceeded', message }),
      startTime,
      failed,
      succeeded: counted(succeeded),
      terminating: 0,
      uncountedTerminatedPods: {},
      ready: 0,
    });
    return undefined;
  }
  const parallel = Math.min(numberAt(job, 'parallelism', 1), made - succeeded);
  for (let index = active; index < parallel; index++) {
    const seed = `${uidOf(job)}/${pods.length + index}`;
    createChild(world, job, podOf(job, `${job.metadata.name}-${podSuffix(seed)}`));
  }
  setStatus(world, job, {
    startTime,
    active: Math.max(active, parallel),
    succeeded: counted(succeeded),
    failed: counted(failed),
    terminating: 0,
    uncountedTerminatedPods: {},
    ready: 0,
  });
  return undefined;
}

const COMPLETED = {
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
} as const;

function ended(
  job: LiveObject,
  world: World,
  type: 'Complete' | 'Failed',
  why: JsonObject,
): JsonObject {
  const before = listAt(objectAt(job, 'status'), 'conditions');
  const first = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  const conditions = transition(before, world.now, [
    { type: first, status: 'True', lastProbeTime: world.now, ...why },
    { type, status: 'True', lastProbeTime: world.now, ...why },
  ]);
  return { conditions };
}

function suspend(job: LiveObject, world: World): void {
  const before = listAt(objectAt(job, 'status'), 'conditions');
  const conditions = transition(before, world.now, [
    {
      type: 'Suspended',
      status: 'True',
      lastProbeTime: world.now,
      reason: 'JobSuspended',
      message: 'Job suspended',
    },
  ]);
  const known = before.some((entry) => isObject(entry) && entry['type'] === 'Suspended');
  if (!known) setStatus(world, job, { conditions });
  for (const pod of childrenOf(world, job, 'Pod').filter(isActive)) remove(world, pod);
}

function expire(job: LiveObject, world: World): number | undefined {
  const ttl = objectAt(job, 'spec')['ttlSecondsAfterFinished'];
  if (typeof ttl !== 'number') return undefined;
  const wait = remaining(world, job, 'expiry', ttl * 1000);
  if (wait > 0) return wait;
  remove(world, job, { propagation: 'Background' });
  return undefined;
}

function isFinished(status: JsonObject): boolean {
  return listAt(status, 'conditions').some(
    (entry) =>
      isObject(entry) &&
      (entry['type'] === 'Complete' || entry['type'] === 'Failed') &&
      entry['status'] === 'True',
  );
}

function numberAt(job: LiveObject, field: string, fallback: number): number {
  const value = objectAt(job, 'spec')[field];
  return typeof value === 'number' ? value : fallback;
}
