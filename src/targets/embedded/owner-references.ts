// Owner references: who an object belongs to, and an index from owners to what belongs to them.
import { isObject, listAt, objectAt, stringAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import { groupOf } from '../../model/manifest.ts';
import type { ObjectKey } from '../../model/object-key.ts';

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
  readonly blockOwnerDeletion: boolean;
}

export function ownersOf(object: JsonObject): readonly OwnerReference[] {
  const list = listAt(objectAt(object, 'metadata'), 'ownerReferences');
  if (list.length === 0) return [];
  return list.filter(isObject).map((entry) => ({
    apiVersion: stringAt(entry, 'apiVersion') ?? '',
    kind: stringAt(entry, 'kind') ?? '',
    name: stringAt(entry, 'name') ?? '',
    uid: stringAt(entry, 'uid') ?? '',
    controller: entry['controller'] === true,
    blockOwnerDeletion: entry['blockOwnerDeletion'] === true,
  }));
}

export function controllerOf(object: JsonObject): OwnerReference | undefined {
  return ownersOf(object).find((owner) => owner.controller);
}

/** Where an owner would be; its scope decides whether the namespace of the dependant counts. */
export function ownerKey(
  owner: OwnerReference,
  scope: 'Namespaced' | 'Cluster' | undefined,
  namespace: string,
): ObjectKey {
  return {
    group: groupOf(owner.apiVersion),
    kind: owner.kind,
    namespace: scope === 'Cluster' ? '' : namespace,
    name: owner.name,
  };
}

/** Storage keys of dependants by uid of their owner. */
export interface OwnerIndex {
  dependants(uid: string): readonly string[];
  update(key: string, before: JsonObject | undefined, after: JsonObject | undefined): void;
}

export function createOwnerIndex(): OwnerIndex {
  const byOwner = new Map<string, Set<string>>();
  return {
    dependants: (uid) => [...(byOwner.get(uid) ?? [])].sort(),
    update(key, before, after) {
      const old = before ? ownersOf(before) : [];
      const next = after ? ownersOf(after) : [];
      for (const { uid } of old) {
        const keys = byOwner.get(uid);
        keys?.delete(key);
        if (keys?.size === 0) byOwner.delete(uid);
      }
      for (const { uid } of next) {
        const keys = byOwner.get(uid) ?? new Set<string>();
        keys.add(key);
        byOwner.set(uid, keys);
      }
    },
  };
}
