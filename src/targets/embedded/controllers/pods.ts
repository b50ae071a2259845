// Pods: start after a while, or hang, or crash; pods of jobs end. Deleted pods go after their grace.
import { createHash } from 'node:crypto';
import { isObject, listAt, objectAt, stringAt } from '../../../model/json.ts';
import type { Json, JsonObject } from '../../../model/json.ts';
import type { LiveObject } from '../../target.ts';
import { isTerminating, uidOf } from '../object-id.ts';
import { controllerOf } from '../owner-references.ts';
import { behaviourOf } from './behaviour.ts';
import type { Behaviour } from './behaviour.ts';
import { remaining, rewrite, setStatus, transition } from './world.ts';
import type { World } from './world.ts';

type Outcome = 'running' | 'crashing' | 'succeeded' | 'failed';

export function reconcilePod(pod: LiveObject, world: World): number | undefined {
  if (isTerminating(pod)) return terminate(pod, world);
  const { phase } = objectAt(pod, 'status');
  if (phase === 'Succeeded' || phase === 'Failed') return undefined;
  const behaviour = behaviourOf(pod, world.readyAfterMs);
  if (behaviour.hold) {
    setStatus(world, pod, startedStatus(pod, world, 'crashing', 'is held back'));
    return undefined;
  }
  const wait = remaining(world, pod, 'start', behaviour.readyAfterMs);
  if (wait > 0) return wait;
  const outcome = outcomeOf(pod, behaviour);
  setStatus(world, pod, startedStatus(pod, world, outcome, behaviour.fail));
  return undefined;
}

/** Containers stop as fast as they started, but no later than the grace that they were given. */
function terminate(pod: LiveObject, world: World): number | undefined {
  const grace = Number(pod.metadata['deletionGracePeriodSeconds'] ?? 0) * 1000;
  const wait = remaining(world, pod, 'stop', Math.min(grace, world.readyAfterMs));
  if (wait > 0) return wait;
  const metadata = { ...pod.metadata, deletionGracePeriodSeconds: 0 };
  rewrite(world, pod, { ...pod, metadata });
  return undefined;
}

function outcomeOf(pod: LiveObject, behaviour: Behaviour): Outcome {
  const runsToEnd = objectAt(pod, 'spec')['restartPolicy'] !== 'Always';
  const ends = runsToEnd && controllerOf(pod)?.kind === 'Job';
  if (behaviour.fail !== undefined) return ends ? 'failed' : 'crashing';
  return ends ? 'succeeded' : 'running';
}

function startedStatus(
  pod: LiveObject,
  world: World,
  outcome: Outcome,
  message: string | undefined,
): JsonObject {
  const old = objectAt(pod, 'status');
  const ready = outcome === 'running';
  const held = message === 'is held back';
  const names = listAt(objectAt(pod, 'spec'), 'containers').filter(isObject);
  const unready = `containers with unready status: [${names.map((c) => stringAt(c, 'name') ?? '').join(' ')}]`;
  const ended = outcome === 'succeeded' || outcome === 'failed';
  const why: JsonObject = ready
    ? {}
    : outcome === 'succeeded'
      ? { reason: 'PodCompleted' }
      : { reason: 'ContainersNotReady', message: unready };
  const status = ready ? 'True' : 'False';
  const conditions = transition(listAt(old, 'conditions'), world.now, [
    { type: 'Initialized', status: 'True' },
    { type: 'Ready', status, ...why },
    { type: 'ContainersReady', status, ...why },
    { type: 'PodScheduled', status: 'True' },
  ]);
  const address = podAddress(uidOf(pod));
  const phase = {
    running: 'Running',
    crashing: 'Running',
    succeeded: 'Succeeded',
    failed: 'Failed',
  };
  return {
    phase: held ? 'Pending' : phase[outcome],
    conditions,
    hostIP: '10.9.9.9',
    podIP: address,
    podIPs: [{ ip: address }],
    startTime: stringAt(old, 'startTime') ?? world.now,
    containerStatuses: names.map((container) => ({
      name: container['name'] ?? '',
      state: held
        ? { waiting: { reason: 'ContainerCreating' } }
        : containerState(outcome, world.now, message, stateOf(old, container)),
      lastState: {},
      ready,
      restartCount: 0,
      image: container['image'] ?? '',
      imageID: '',
      started: ready,
    })),
    ...(outcome === 'failed' && ended ? { message: message ?? '' } : {}),
    qosClass: old['qosClass'] ?? 'BestEffort',
  };
}

function containerState(
  outcome: Outcome,
  now: string,
  message: string | undefined,
  before: JsonObject,
): Json {
  switch (outcome) {
    case 'running': {
      const startedAt = stringAt(objectAt(before, 'running'), 'startedAt') ?? now;
      return { running: { startedAt } };
    }
    case 'crashing':
      return { waiting: { reason: 'CrashLoopBackOff', message: message ?? '' } };
    case 'succeeded':
      return { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } };
    case 'failed':
      return {
        terminated: {
          exitCode: 1,
          reason: 'Error',
          message: message ?? '',
          startedAt: now,
          finishedAt: now,
        },
      };
  }
}

function stateOf(status: JsonObject, container: JsonObject): JsonObject {
  const known = listAt(status, 'containerStatuses').find(
    (entry) => isObject(entry) && entry['name'] === container['name'],
  );
  return isObject(known) ? objectAt(known, 'state') : {};
}

function podAddress(uid: string): string {
  const [a = 0, b = 0] = createHash('sha256').update(uid).digest();
  return `10.244.${a}.${b}`;
}
