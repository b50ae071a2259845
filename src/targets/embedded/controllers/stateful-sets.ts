// StatefulSets: numbered pods, one after the other unless told otherwise, each with its claims.
import { isObject, listAt, objectAt, stringAt } from '../../../model/json.ts';
import type { JsonObject } from '../../../model/json.ts';
import { labelsOf } from '../../../model/manifest.ts';
import type { LiveObject } from '../../target.ts';
import { createObject } from '../create.ts';
import { isTerminating } from '../object-id.ts';
import {
  generationOf,
  isReady,
  MAX_PODS,
  podOf,
  replicasOf,
  steer,
  templateHash,
} from './pod-set.ts';
import { childrenOf, CONTROLLER_MANAGER, createChild, remove, setStatus } from './world.ts';
import type { World } from './world.ts';

const REVISION_LABEL = 'controller-revision-hash';

export function reconcileStatefulSet(set: LiveObject, world: World): number | undefined {
  if (isTerminating(set)) return undefined;
  const spec = objectAt(set, 'spec');
  const revision = `${set.metadata.name}-${templateHash(objectAt(spec, 'template'))}`;
  const wanted = Math.min(replicasOf(set), MAX_PODS);
  const pods = new Map(childrenOf(world, set, 'Pod').map((pod) => [ordinalOf(pod), pod]));
  steer(world, set, [...pods.values()]);
  const parallel = spec['podManagementPolicy'] === 'Parallel';
  grow(world, set, { pods, wanted, revision, parallel });
  for (const [ordinal, pod] of pods) {
    if (ordinal >= wanted && !isTerminating(pod)) remove(world, pod);
  }
  const settled = [...pods.values()].every((pod) => isReady(pod) && !isTerminating(pod));
  const rolls = objectAt(spec, 'updateStrategy')['type'] !== 'OnDelete';
  // One pod at a time, from the last to the first, and only while all others are ready.
  if (rolls && (settled || parallel)) replaceOutdated(world, pods, revision);
  setStatus(world, set, statusOf(set, [...pods.values()], revision, wanted));
  return undefined;
}

interface Growth {
  readonly pods: ReadonlyMap<number, LiveObject>;
  readonly wanted: number;
  readonly revision: string;
  readonly parallel: boolean;
}

function grow(world: World, set: LiveObject, { pods, wanted, revision, parallel }: Growth): void {
  for (let ordinal = 0; ordinal < wanted; ordinal++) {
    const pod = pods.get(ordinal);
    if (!pod) {
      makeClaims(world, set, ordinal);
      const name = `${set.metadata.name}-${ordinal}`;
      createChild(
        world,
        set,
        podOf(set, name, {
          [REVISION_LABEL]: revision,
          'statefulset.kubernetes.io/pod-name': name,
          'apps.kubernetes.io/pod-index': String(ordinal),
        }),
      );
    }
    if (!parallel && !(pod && isReady(pod))) return;
  }
}

function replaceOutdated(
  world: World,
  pods: ReadonlyMap<number, LiveObject>,
  revision: string,
): void {
  const ordinals = [...pods.keys()].toSorted((a, b) => b - a);
  for (const ordinal of ordinals) {
    const pod = pods.get(ordinal);
    if (!pod || labelsOf(pod)[REVISION_LABEL] === revision) continue;
    remove(world, pod);
    return;
  }
}

function statusOf(
  set: LiveObject,
  pods: readonly LiveObject[],
  revision: string,
  wanted: number,
): JsonObject {
  const live = pods.filter((pod) => !isTerminating(pod));
  // Pods past the limit are not made; they count as the ones that are.
  const extra = live.length === wanted ? replicasOf(set) - wanted : 0;
  const share = (count: number): number => (count === wanted && wanted > 0 ? count + extra : count);
  const ready = share(live.filter(isReady).length);
  const updated = share(live.filter((pod) => labelsOf(pod)[REVISION_LABEL] === revision).length);
  const complete = updated === replicasOf(set) && ready === updated;
  const known = stringAt(objectAt(set, 'status'), 'currentRevision') ?? revision;
  const currentRevision = complete ? revision : known;
  const current = share(
    live.filter((pod) => labelsOf(pod)[REVISION_LABEL] === currentRevision).length,
  );
  return {
    observedGeneration: generationOf(set),
    replicas: share(live.length),
    readyReplicas: ready,
    currentReplicas: current,
    updatedReplicas: updated,
    currentRevision,
    updateRevision: revision,
    collisionCount: 0,
    availableReplicas: ready,
  };
}

function makeClaims(world: World, set: LiveObject, ordinal: number): void {
  for (const template of listAt(objectAt(set, 'spec'), 'volumeClaimTemplates')) {
    if (!isObject(template)) continue;
    const metadata = objectAt(template, 'metadata');
    const name = `${stringAt(metadata, 'name') ?? ''}-${set.metadata.name}-${ordinal}`;
    const namespace = set.metadata.namespace ?? '';
    const selector = objectAt(objectAt(set, 'spec'), 'selector');
    const labels = { ...objectAt(selector, 'matchLabels'), ...objectAt(metadata, 'labels') };
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { ...metadata, name, namespace, labels },
      spec: objectAt(template, 'spec'),
    };
    // Claims outlive their set: one that is there already is used again.
    createObject(world.core, claim, {
      manager: CONTROLLER_MANAGER,
      operation: 'Update',
      dryRun: false,
    });
  }
}

function ordinalOf(pod: LiveObject): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name ?? '')?.[1] ?? -1);
}
