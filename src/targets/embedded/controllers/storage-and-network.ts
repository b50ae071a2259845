// Claims become bound, load balancers get an address, disruption budgets count.
import { isObject, listAt, objectAt, stringAt } from '../../../model/json.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { LiveObject } from '../../target.ts';
import { CLAIM_PROTECTION } from '../defaults.ts';
import { finalizersOf } from '../delete.ts';
import { isTerminating, kindPrefix, uidOf } from '../object-id.ts';
import { behaviourOf } from './behaviour.ts';
import { generationOf } from './pod-set.ts';
import { dropFinalizer, patch, remaining, setStatus, transition } from './world.ts';
import type { World } from './world.ts';

export function reconcileClaim(claim: LiveObject, world: World): number | undefined {
  if (isTerminating(claim)) return release(claim, world);
  const spec = objectAt(claim, 'spec');
  const status = objectAt(claim, 'status');
  const requested = objectAt(objectAt(spec, 'resources'), 'requests');
  if (status['phase'] !== 'Bound') {
    const wait = waitFor(claim, world, 'bind');
    if (wait !== 'over') return wait;
    if (stringAt(spec, 'volumeName') === undefined) {
      patch(world, claim, { spec: { volumeName: `pvc-${uidOf(claim)}` } });
      return 0;
    }
  }
  setStatus(world, claim, {
    ...status,
    phase: 'Bound',
    accessModes: listAt(spec, 'accessModes'),
    capacity: requested,
  });
  return undefined;
}

/** How often a claim that is to go looks whether pods still use it, in milliseconds. */
const RELEASE_CHECK_MS = 500;

function release(claim: LiveObject, world: World): number | undefined {
  if (!finalizersOf(claim).includes(CLAIM_PROTECTION)) return undefined;
  const pods = world.core.store.entries(kindPrefix('', 'Pod', claim.metadata.namespace ?? ''));
  for (const [, pod] of pods) {
    const used = listAt(objectAt(pod, 'spec'), 'volumes').some((volume) => {
      const source = isObject(volume) ? objectAt(volume, 'persistentVolumeClaim') : {};
      return source['claimName'] === claim.metadata.name;
    });
    if (used) return RELEASE_CHECK_MS;
  }
  dropFinalizer(world, claim, CLAIM_PROTECTION);
  return undefined;
}

export function reconcileService(service: LiveObject, world: World): number | undefined {
  if (isTerminating(service)) return undefined;
  if (objectAt(service, 'spec')['type'] !== 'LoadBalancer') return undefined;
  const status = objectAt(service, 'status');
  if (listAt(objectAt(status, 'loadBalancer'), 'ingress').length > 0) return undefined;
  const wait = waitFor(service, world, 'address');
  if (wait !== 'over') return wait;
  const host = 1 + (Number.parseInt(uidOf(service).slice(0, 2), 16) % 254);
  setStatus(world, service, {
    ...status,
    loadBalancer: { ingress: [{ ip: `198.51.100.${host}`, ipMode: 'VIP' }] },
  });
  return undefined;
}

export function reconcileDisruptionBudget(budget: LiveObject, world: World): number | undefined {
  if (isTerminating(budget)) return undefined;
  const spec = objectAt(budget, 'spec');
  const pods = world.pods.selectedBy(budget);
  const healthy = pods.filter((pod) => pod.ready).length;
  const desired = desiredHealthy(spec, pods.length);
  const allowed = Math.max(0, healthy - desired);
  const generation = generationOf(budget);
  const conditions = transition(listAt(objectAt(budget, 'status'), 'conditions'), world.now, [
    {
      type: 'DisruptionAllowed',
      status: allowed > 0 ? 'True' : 'False',
      reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
      message: '',
      observedGeneration: generation,
    },
  ]);
  setStatus(world, budget, {
    observedGeneration: generation,
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: pods.length,
    conditions,
  });
  return undefined;
}

function desiredHealthy(spec: JsonObject, expected: number): number {
  const of = (value: unknown): number => {
    if (typeof value === 'number') return value;
    return typeof value === 'string' ? Math.ceil((expected * Number.parseInt(value, 10)) / 100) : 0;
  };
  if (spec['minAvailable'] !== undefined) return of(spec['minAvailable']);
  return Math.max(0, expected - of(spec['maxUnavailable']));
}

/** Milliseconds to wait, undefined while it is held, `over` when the time has come. */
function waitFor(object: LiveObject, world: World, what: string): number | undefined | 'over' {
  const behaviour = behaviourOf(object, world.readyAfterMs);
  if (behaviour.hold || behaviour.fail !== undefined) return undefined;
  const left = remaining(world, object, what, behaviour.readyAfterMs);
  return left > 0 ? left : 'over';
}
