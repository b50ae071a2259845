// DaemonSets: one pod on the one node there is.
import { objectAt } from '../../../model/json.ts';
import { labelsOf } from '../../../model/manifest.ts';
import type { LiveObject } from '../../target.ts';
import { isTerminating, uidOf } from '../object-id.ts';
import {
  counted,
  generationOf,
  isActive,
  isReady,
  podOf,
  podSuffix,
  steer,
  templateHash,
} from './pod-set.ts';
import { childrenOf, createChild, remove, setStatus } from './world.ts';
import type { World } from './world.ts';

const REVISION_LABEL = 'controller-revision-hash';

export function reconcileDaemonSet(set: LiveObject, world: World): number | undefined {
  if (isTerminating(set)) return undefined;
  const hash = templateHash(objectAt(objectAt(set, 'spec'), 'template'));
  const pods = childrenOf(world, set, 'Pod').filter(isActive);
  steer(world, set, pods);
  const rolls = objectAt(objectAt(set, 'spec'), 'updateStrategy')['type'] !== 'OnDelete';
  const outdated = pods.filter((pod) => labelsOf(pod)[REVISION_LABEL] !== hash);
  if (rolls) for (const pod of outdated) remove(world, pod);
  const current = rolls ? pods.filter((pod) => !outdated.includes(pod)) : pods;
  if (current.length === 0) {
    const name = `${set.metadata.name}-${podSuffix(`${uidOf(set)}/${hash}/${generationOf(set)}`)}`;
    createChild(world, set, podOf(set, name, { [REVISION_LABEL]: hash }));
  }
  const ready = current.filter(isReady).length;
  setStatus(world, set, {
    currentNumberScheduled: 1,
    numberMisscheduled: 0,
    desiredNumberScheduled: 1,
    numberReady: ready,
    observedGeneration: generationOf(set),
    updatedNumberScheduled: counted(current.length - (rolls ? 0 : outdated.length)),
    numberAvailable: counted(ready),
    numberUnavailable: counted(1 - ready),
  });
  return undefined;
}
