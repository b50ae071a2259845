// ReplicaSets: make and remove pods until the number is right, and count the ready ones.
import type { LiveObject } from '../../target.ts';
import { isTerminating, uidOf } from '../object-id.ts';
import {
  counted,
  generationOf,
  isActive,
  isReady,
  MAX_PODS,
  podOf,
  podSuffix,
  replicasOf,
  steer,
} from './pod-set.ts';
import { childrenOf, createChild, remove, setStatus } from './world.ts';
import type { World } from './world.ts';

export function reconcileReplicaSet(set: LiveObject, world: World): number | undefined {
  if (isTerminating(set)) return undefined;
  const wanted = replicasOf(set);
  const made = Math.min(wanted, MAX_PODS);
  const pods = childrenOf(world, set, 'Pod').filter(isActive);
  steer(world, set, pods);
  // Pods that are not ready go first, as in a cluster.
  const spare = pods.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)));
  for (const pod of spare.slice(0, Math.max(0, pods.length - made))) remove(world, pod);
  const names = new Set(pods.map((pod) => pod.metadata.name));
  for (let index = 0, missing = made - pods.length; missing > 0; index++) {
    const name = `${set.metadata.name}-${podSuffix(`${uidOf(set)}/${index}/${generationOf(set)}`)}`;
    if (names.has(name)) continue;
    missing--;
    createChild(world, set, podOf(set, name));
  }
  const current = pods.length > made ? spare.slice(pods.length - made) : pods;
  const share = (count: number): number =>
    made > 0 && wanted > made && count === made ? wanted : count;
  const ready = share(current.filter(isReady).length);
  setStatus(world, set, {
    replicas: share(Math.max(current.length, made)),
    fullyLabeledReplicas: counted(share(Math.max(current.length, made))),
    readyReplicas: counted(ready),
    availableReplicas: counted(ready),
    observedGeneration: generationOf(set),
  });
  return undefined;
}
