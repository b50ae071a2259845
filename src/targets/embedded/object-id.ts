// Storage keys: group, kind, namespace and name; none of them can hold a slash.
import { objectAt, stringAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import { groupOf } from '../../model/manifest.ts';
import type { ObjectKey } from '../../model/object-key.ts';
import type { LiveObject } from '../target.ts';

/** `apps/Deployment/web/api`; the core group is empty: `/ConfigMap/web/settings`, `/Namespace//web`. */
export function storageKey(key: ObjectKey): string {
  return `${key.group}/${key.kind}/${key.namespace}/${key.name}`;
}

/** The prefix of all objects of a kind, of one namespace where it is given. */
export function kindPrefix(group: string, kind: string, namespace?: string): string {
  return namespace === undefined ? `${group}/${kind}/` : `${group}/${kind}/${namespace}/`;
}

export function parseStorageKey(key: string): ObjectKey {
  const [group = '', kind = '', namespace = '', name = ''] = key.split('/');
  return { group, kind, namespace, name };
}

export function objectKeyOf(object: LiveObject): ObjectKey {
  return {
    group: groupOf(object.apiVersion),
    kind: object.kind,
    namespace: stringAt(object.metadata, 'namespace') ?? '',
    name: stringAt(object.metadata, 'name') ?? '',
  };
}

export function uidOf(object: JsonObject): string {
  return stringAt(objectAt(object, 'metadata'), 'uid') ?? '';
}

export function versionOf(object: JsonObject): string {
  return stringAt(objectAt(object, 'metadata'), 'resourceVersion') ?? '';
}

export function isTerminating(object: JsonObject): boolean {
  return stringAt(objectAt(object, 'metadata'), 'deletionTimestamp') !== undefined;
}
