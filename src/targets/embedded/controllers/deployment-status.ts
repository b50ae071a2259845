// The status of a Deployment: counts over its ReplicaSets and the conditions of a rollout.
import { isObject, listAt, objectAt, stringAt } from '../../../model/json.ts';
import type { JsonObject } from '../../../model/json.ts';
import { annotationsOf } from '../../../model/manifest.ts';
import { equalJson } from '../../../schema/json-equal.ts';
import type { LiveObject } from '../../target.ts';
import { behaviourOf } from './behaviour.ts';
import { counted, countOf, crashMessage, generationOf, replicasOf } from './pod-set.ts';
import { childrenOf, setStatus, transition } from './world.ts';
import type { World } from './world.ts';

export const REVISION = 'deployment.kubernetes.io/revision';

export interface Rollout {
  readonly current: LiveObject | undefined;
  readonly sets: readonly LiveObject[];
  readonly revision: number;
}

/** @returns milliseconds after which the deadline of the rollout has to be looked at */
export function writeDeploymentStatus(
  world: World,
  deployment: LiveObject,
  rollout: Rollout,
): number | undefined {
  const { current, sets } = rollout;
  const wanted = replicasOf(deployment);
  const total = sum(sets, (set) => countOf(set, 'replicas'));
  const available = sum(sets, (set) => countOf(set, 'availableReplicas'));
  const updated = current ? countOf(current, 'replicas') : 0;
  const counts: JsonObject = {
    observedGeneration: generationOf(deployment),
    replicas: counted(total),
    updatedReplicas: counted(updated),
    readyReplicas: counted(sum(sets, (set) => countOf(set, 'readyReplicas'))),
    availableReplicas: counted(available),
    unavailableReplicas: counted(Math.max(0, sum(sets, replicasOf) - available)),
  };
  const complete = current !== undefined && isComplete(deployment, current, total);
  const old = objectAt(deployment, 'status');
  const progress = progressing(world, deployment, { ...rollout, complete, counts });
  const conditions = transition(listAt(old, 'conditions'), world.now, [
    availability(available >= wanted - tolerated(deployment)),
    progress.condition,
  ]).map((condition) =>
    withUpdateTime(condition, listAt(old, 'conditions'), world.now, progress.moved),
  );
  const annotations = {
    ...annotationsOf(deployment),
    ...(current ? { [REVISION]: String(rollout.revision) } : {}),
  };
  setStatus(world, deployment, { ...counts, conditions }, annotations);
  return progress.recheckMs;
}

interface Progress {
  readonly condition: JsonObject;
  /** Whether something happened since the last look. */
  readonly moved: boolean;
  readonly recheckMs: number | undefined;
}

function progressing(
  world: World,
  deployment: LiveObject,
  state: Rollout & { readonly complete: boolean; readonly counts: JsonObject },
): Progress {
  const { current } = state;
  const type = 'Progressing';
  const name = current?.metadata.name ?? '';
  const status = objectAt(deployment, 'status');
  const moved = Object.entries(state.counts).some(([key, value]) => !equalJson(status[key], value));
  const say = (ok: boolean, reason: string, message: string, recheckMs?: number): Progress => ({
    condition: { type, status: ok ? 'True' : 'False', reason, message },
    moved,
    recheckMs,
  });
  if (objectAt(deployment, 'spec')['paused'] === true && !current) {
    const condition = {
      type,
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    };
    return { condition, moved, recheckMs: undefined };
  }
  if (state.complete) {
    return say(true, 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`);
  }
  if (!current) return say(true, 'NewReplicaSetCreated', 'Created new replica set');
  const failure = failureOf(world, deployment, current);
  if (failure !== undefined) {
    const message = `ReplicaSet "${name}" has timed out progressing: ${failure}`;
    return say(false, 'ProgressDeadlineExceeded', message);
  }
  const left = moved ? deadlineMs(deployment) : deadlineLeft(world, deployment);
  if (left <= 0) {
    const message = `ReplicaSet "${name}" has timed out progressing.`;
    return say(false, 'ProgressDeadlineExceeded', message);
  }
  return say(true, 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`, left);
}

function isComplete(deployment: LiveObject, current: LiveObject, total: number): boolean {
  const wanted = replicasOf(deployment);
  return (
    countOf(current, 'replicas') === wanted &&
    countOf(current, 'availableReplicas') === wanted &&
    countOf(current, 'observedGeneration') === generationOf(current) &&
    replicasOf(current) === wanted &&
    total === wanted
  );
}

/** A crash that was asked for is reported at once: nobody wants to wait ten minutes to see a red gate. */
function failureOf(world: World, deployment: LiveObject, set: LiveObject): string | undefined {
  const { fail } = behaviourOf(deployment, world.readyAfterMs);
  if (fail === undefined) return undefined;
  return childrenOf(world, set, 'Pod').some((pod) => crashMessage(pod) !== undefined)
    ? fail
    : undefined;
}

function deadlineMs(deployment: LiveObject): number {
  const seconds = objectAt(deployment, 'spec')['progressDeadlineSeconds'];
  return (typeof seconds === 'number' ? seconds : 600) * 1000;
}

/** Once the deadline has passed it stays passed, until there is progress again. */
function deadlineLeft(world: World, deployment: LiveObject): number {
  const condition = listAt(objectAt(deployment, 'status'), 'conditions').find(
    (entry) => isObject(entry) && entry['type'] === 'Progressing',
  );
  if (!isObject(condition)) return deadlineMs(deployment);
  if (condition['reason'] === 'ProgressDeadlineExceeded') return 0;
  const updated = stringAt(condition, 'lastUpdateTime');
  const since = updated === undefined ? world.nowMs : Date.parse(updated);
  return since + deadlineMs(deployment) - world.nowMs;
}

function availability(available: boolean): JsonObject {
  return available
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

/** `lastUpdateTime` moves with every change of the condition, and of Progressing with every bit of progress. */
function withUpdateTime(
  condition: JsonObject,
  before: readonly unknown[],
  now: string,
  moved: boolean,
): JsonObject {
  const old = before.find(
    (entry): entry is JsonObject => isObject(entry) && entry['type'] === condition['type'],
  );
  const same =
    old !== undefined &&
    old['reason'] === condition['reason'] &&
    old['status'] === condition['status'];
  const restarts = moved && condition['type'] === 'Progressing' && condition['status'] === 'True';
  const lastUpdateTime = same && !restarts ? (old['lastUpdateTime'] ?? now) : now;
  return { ...condition, lastUpdateTime };
}

function tolerated(deployment: LiveObject): number {
  const strategy = objectAt(objectAt(deployment, 'spec'), 'strategy');
  if (strategy['type'] !== 'RollingUpdate') return 0;
  const limit = objectAt(strategy, 'rollingUpdate')['maxUnavailable'];
  if (typeof limit === 'number') return limit;
  const percent = typeof limit === 'string' ? Number.parseInt(limit, 10) : 25;
  return Math.floor((replicasOf(deployment) * percent) / 100);
}

function sum(sets: readonly LiveObject[], count: (set: LiveObject) => number): number {
  let total = 0;
  for (const set of sets) total += count(set);
  return total;
}
