// Deployments: a ReplicaSet per template, and the old ones until the new one is ready.
import { objectAt } from '../../../model/json.ts';
import type { JsonObject } from '../../../model/json.ts';
import { annotationsOf, labelsOf } from '../../../model/manifest.ts';
import type { LiveObject } from '../../target.ts';
import { isTerminating } from '../object-id.ts';
import { behaviourPatch } from './behaviour.ts';
import { REVISION, writeDeploymentStatus } from './deployment-status.ts';
import { countOf, replicasOf, templateHash } from './pod-set.ts';
import { childrenOf, createChild, patch, remove } from './world.ts';
import type { World } from './world.ts';

const HASH_LABEL = 'pod-template-hash';

/** Never copied from a Deployment to its ReplicaSets. */
const OWN_ANNOTATIONS: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
]);

export function reconcileDeployment(deployment: LiveObject, world: World): number | undefined {
  if (isTerminating(deployment)) return undefined;
  const spec = objectAt(deployment, 'spec');
  const hash = templateHash(objectAt(spec, 'template'));
  const sets = childrenOf(world, deployment, 'ReplicaSet').filter((set) => !isTerminating(set));
  const current = sets.find((set) => labelsOf(set)[HASH_LABEL] === hash);
  const old = sets.filter((set) => set !== current);
  const revision = nextRevision(sets, current);
  const wanted = replicasOf(deployment);
  if (!current && spec['paused'] !== true) {
    createChild(world, deployment, replicaSet(deployment, hash, revision));
  }
  if (current) {
    scale(world, current, wanted);
    const change = behaviourPatch(deployment, current);
    if (change) patch(world, current, change);
    const replaced = countOf(current, 'availableReplicas') >= wanted;
    const recreate = objectAt(spec, 'strategy')['type'] === 'Recreate';
    if (replaced || recreate) for (const set of old) scale(world, set, 0);
  }
  pruneHistory(world, deployment, old);
  return writeDeploymentStatus(world, deployment, { current, sets, revision });
}

function replicaSet(deployment: LiveObject, hash: string, revision: number): JsonObject {
  const spec = objectAt(deployment, 'spec');
  const template = objectAt(spec, 'template');
  const metadata = objectAt(template, 'metadata');
  const labels = { ...objectAt(metadata, 'labels'), [HASH_LABEL]: hash };
  const selector = objectAt(spec, 'selector');
  const copied = Object.entries(annotationsOf(deployment)).filter(
    ([key]) => !OWN_ANNOTATIONS.has(key),
  );
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${String(deployment.metadata.name).slice(0, 242)}-${hash}`,
      labels,
      annotations: { ...Object.fromEntries(copied), [REVISION]: String(revision) },
    },
    spec: {
      replicas: replicasOf(deployment),
      selector: {
        ...selector,
        matchLabels: { ...objectAt(selector, 'matchLabels'), [HASH_LABEL]: hash },
      },
      template: { ...template, metadata: { ...metadata, labels } },
    },
  };
}

function nextRevision(sets: readonly LiveObject[], current: LiveObject | undefined): number {
  const numbers = sets.map((set) => Number(annotationsOf(set)[REVISION] ?? 0));
  const highest = Math.max(0, ...numbers);
  return current ? Number(annotationsOf(current)[REVISION] ?? 1) : highest + 1;
}

function scale(world: World, set: LiveObject, replicas: number): void {
  if (replicasOf(set) !== replicas) patch(world, set, { spec: { replicas } });
}

function pruneHistory(world: World, deployment: LiveObject, old: readonly LiveObject[]): void {
  const limit = objectAt(deployment, 'spec')['revisionHistoryLimit'];
  const idle = old
    .filter((set) => replicasOf(set) === 0 && countOf(set, 'replicas') === 0)
    .toSorted(
      (a, b) => Number(annotationsOf(a)[REVISION] ?? 0) - Number(annotationsOf(b)[REVISION] ?? 0),
    );
  const spare = idle.length - (typeof limit === 'number' ? limit : 10);
  for (const set of idle.slice(0, Math.max(0, spare))) remove(world, set);
}
