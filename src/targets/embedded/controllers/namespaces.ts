// Namespaces that are being deleted: everything in them goes first, and what holds on is named.
import { isObject, listAt, objectAt } from '../../../model/json.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { LiveObject } from '../../target.ts';
import { finalizersOf } from '../delete.ts';
import { isTerminating, parseStorageKey } from '../object-id.ts';
import { remove, rewrite, setStatus, transition } from './world.ts';
import type { World } from './world.ts';

export function reconcileNamespace(namespace: LiveObject, world: World): number | undefined {
  if (!isTerminating(namespace)) return undefined;
  const name = namespace.metadata.name ?? '';
  for (const object of contentsOf(world, name)) {
    if (!isTerminating(object)) remove(world, object, { propagation: 'Background' });
  }
  const left = contentsOf(world, name);
  if (left.length === 0) {
    rewrite(world, namespace, { ...namespace, spec: {} });
    return undefined;
  }
  const before = listAt(objectAt(namespace, 'status'), 'conditions');
  setStatus(world, namespace, {
    phase: 'Terminating',
    conditions: transition(before.filter(isObject), world.now, remainingConditions(world, left)),
  });
  return undefined;
}

function contentsOf(world: World, namespace: string): readonly LiveObject[] {
  const objects: LiveObject[] = [];
  for (const name of world.core.store.keys('')) {
    const key = parseStorageKey(name);
    const object = key.namespace === namespace ? world.core.get(key) : undefined;
    if (object) objects.push(object);
  }
  return objects;
}

function remainingConditions(world: World, left: readonly LiveObject[]): readonly JsonObject[] {
  const byResource = new Map<string, number>();
  const byFinalizer = new Map<string, number>();
  for (const object of left) {
    const served = world.core.kinds.find(object.apiVersion, object.kind);
    const resource = `${served?.resource ?? object.kind}.${served?.group ?? ''}`;
    byResource.set(resource, (byResource.get(resource) ?? 0) + 1);
    for (const finalizer of finalizersOf(object)) {
      byFinalizer.set(finalizer, (byFinalizer.get(finalizer) ?? 0) + 1);
    }
  }
  const list = (counts: ReadonlyMap<string, number>): string =>
    [...counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `${name} has ${count} resource instances`)
      .join(', ');
  const inFinalizers = list(byFinalizer).replaceAll('has ', 'in ');
  return [
    {
      type: 'NamespaceDeletionDiscoveryFailure',
      status: 'False',
      reason: 'ResourcesDiscovered',
      message: 'All resources successfully discovered',
    },
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      status: 'False',
      reason: 'ParsedGroupVersions',
      message: 'All legacy kube types successfully parsed',
    },
    {
      type: 'NamespaceDeletionContentFailure',
      status: 'False',
      reason: 'ContentDeleted',
      message: 'All content successfully deleted, may be waiting on finalization',
    },
    {
      type: 'NamespaceContentRemaining',
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${list(byResource)}`,
    },
    byFinalizer.size === 0
      ? {
          type: 'NamespaceFinalizersRemaining',
          status: 'False',
          reason: 'ContentHasNoFinalizers',
          message: 'All content-preserving finalizers finished',
        }
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${inFinalizers}`,
        },
  ];
}
