// Where a write goes: kind, key and namespace of what a client sent, and what speaks against writing there.
import { objectAt, stringAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import { groupOf } from '../../model/manifest.ts';
import type { ObjectKey } from '../../model/object-key.ts';
import { typeErrors } from '../../schema/merge/type-errors.ts';
import type { Expectation, LiveObject, WriteResult } from '../target.ts';
import type { Core } from './core.ts';
import type { ServedKind } from './kinds.ts';
import { isTerminating, uidOf, versionOf } from './object-id.ts';
import {
  badRequest,
  namespaceNotFound,
  namespaceTerminating,
  unknownKind,
  untypedPatch,
} from './rejection.ts';
import type { Rejection } from './rejection.ts';

export type Place =
  | Rejection
  | {
      readonly kind: 'found';
      readonly served: ServedKind;
      readonly key: ObjectKey;
      readonly manifest: JsonObject;
    };

/** Finds kind and key of a manifest; a name is made up where only its beginning is given. */
export function locate(core: Core, manifest: JsonObject): Place {
  const apiVersion = stringAt(manifest, 'apiVersion') ?? '';
  const kind = stringAt(manifest, 'kind') ?? '';
  const served = core.kinds.find(apiVersion, kind);
  if (!served) return unknownKind(apiVersion, kind);
  const metadata = objectAt(manifest, 'metadata');
  const prefix = stringAt(metadata, 'generateName');
  const given = stringAt(metadata, 'name') ?? '';
  const name = given === '' && prefix !== undefined ? prefix + suffix(core.newUid()) : given;
  if (name === '') return badRequest('name must be provided');
  const namespace = served.scope === 'Cluster' ? '' : (stringAt(metadata, 'namespace') ?? '');
  if (served.scope === 'Namespaced' && namespace === '') {
    return badRequest('an empty namespace may not be set during creation');
  }
  const named = { ...manifest, metadata: { ...metadata, name } };
  const key = { group: groupOf(apiVersion), kind, namespace, name };
  return { kind: 'found', served, key, manifest: named };
}

/** What keeps new content out of the namespace of the key. */
export function checkNamespace(
  core: Core,
  kind: ServedKind,
  key: ObjectKey,
): Rejection | undefined {
  if (key.namespace === '') return undefined;
  const namespace = core.get({ group: '', kind: 'Namespace', namespace: '', name: key.namespace });
  if (!namespace) return namespaceNotFound(key.namespace);
  return isTerminating(namespace) ? namespaceTerminating(kind, key) : undefined;
}

/** What a write gets instead of a result where the object is not the expected one. */
export function checkExpectation(
  live: LiveObject | undefined,
  expect: Expectation | undefined,
): WriteResult | undefined {
  if (!live) return { kind: 'gone' };
  if (!expect) return undefined;
  if (uidOf(live) !== expect.uid) return { kind: 'gone' };
  return versionOf(live) === expect.version ? undefined : { kind: 'stale' };
}

/** What keeps configuration from being merged at all. */
export function checkConfiguration(
  served: ServedKind,
  key: ObjectKey,
  config: JsonObject,
): Rejection | undefined {
  if (objectAt(config, 'metadata')['managedFields'] !== undefined) {
    return badRequest('metadata.managedFields must be nil');
  }
  const problem = typeErrors(served.type, config)[0];
  return problem === undefined ? undefined : untypedPatch(served, key, problem);
}

/** Five letters as `generateName` appends them. */
function suffix(uid: string): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  const digits = uid.replaceAll('-', '').slice(0, 10).match(/../g) ?? [];
  return digits.map((pair) => letters[Number.parseInt(pair, 16) % letters.length]).join('');
}
