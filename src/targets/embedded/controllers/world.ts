// What controllers may do: look at objects and write as a cluster's controller manager does.
import { isObject, objectAt } from '../../../model/json.ts';
import type { Json, JsonObject } from '../../../model/json.ts';
import type { ObjectKey, ObjectRef } from '../../../model/object-key.ts';
import { equalJson } from '../../../schema/json-equal.ts';
import { withKey } from '../../../schema/plain-object.ts';
import type { LiveObject } from '../../target.ts';
import type { Core } from '../core.ts';
import { deleteObject, finalizersOf, finishDeletion, withFinalizers } from '../delete.ts';
import type { DeleteOptions } from '../delete.ts';
import { isTerminating, objectKeyOf, parseStorageKey, uidOf } from '../object-id.ts';
import { controllerOf } from '../owner-references.ts';
import { createObject } from '../create.ts';
import type { PodIndex } from './pod-index.ts';
import { patchObject, putObject } from '../update.ts';

/** Name in managedFields of everything that controllers write. */
export const CONTROLLER_MANAGER = 'kube-controller-manager';

export interface World {
  readonly core: Core;
  readonly pods: PodIndex;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** RFC 3339, seconds. */
  readonly now: string;
  /** Time until something becomes ready where no annotation says otherwise. */
  readonly readyAfterMs: number;
  /** When this condition of an object was first asked for; the same answer as long as the object exists. */
  since(uid: string, what: string): number;
}

/** Brings one object a step further; returns the milliseconds after which to look again. */
export type Reconcile = (object: LiveObject, world: World) => number | undefined;

/** The time left until `ms` have passed since this was first asked for; 0 when they have. */
export function remaining(world: World, object: LiveObject, what: string, ms: number): number {
  return Math.max(0, world.since(uidOf(object), what) + ms - world.nowMs);
}

/** Objects that this one controls and that are of the kind, in order of names. */
export function childrenOf(world: World, owner: LiveObject, kind: string): readonly LiveObject[] {
  const uid = uidOf(owner);
  const out: LiveObject[] = [];
  for (const name of world.core.owners.dependants(uid)) {
    const key = parseStorageKey(name);
    if (key.kind !== kind) continue;
    const object = world.core.get(key);
    if (object && controllerOf(object)?.uid === uid) out.push(object);
  }
  return out;
}

export function createChild(world: World, owner: LiveObject, child: JsonObject): void {
  const metadata = objectAt(child, 'metadata');
  const reference = {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name ?? '',
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
  const namespace = owner.metadata.namespace;
  const placed = {
    ...metadata,
    ...(namespace === undefined ? {} : { namespace }),
    ownerReferences: [reference],
  };
  const manifest = { ...child, metadata: placed };
  // A refusal (the namespace is going, the name is taken) is met again at the next change.
  createObject(world.core, manifest, {
    manager: CONTROLLER_MANAGER,
    operation: 'Update',
    dryRun: false,
  });
}

/** Writes the status where it differs; returns whether it did. */
export function setStatus(
  world: World,
  object: LiveObject,
  status: JsonObject,
  annotations?: JsonObject,
): boolean {
  const wanted = withoutVoid(status);
  const known = objectAt(object, 'metadata')['annotations'];
  const next = annotations ?? (isObject(known) ? known : undefined);
  if (equalJson(objectAt(object, 'status'), wanted) && equalJson(known, next)) return false;
  const metadata = withKey(object.metadata, 'annotations', next);
  putObject(
    world.core,
    { ...object, metadata, status: wanted },
    { manager: CONTROLLER_MANAGER, dryRun: false, subresource: 'status' },
  );
  return true;
}

/** Merges a patch into an object; for `spec` and `metadata`. */
export function patch(world: World, object: LiveObject, change: JsonObject): void {
  const ref: ObjectRef = { ...objectKeyOf(object), apiVersion: object.apiVersion };
  patchObject(world.core, ref, change, { manager: CONTROLLER_MANAGER, dryRun: false });
}

export function remove(world: World, object: LiveObject, options: DeleteOptions = {}): void {
  deleteObject(world.core, objectKeyOf(object), options);
}

/** Takes one finalizer away, and with the last one the object. */
export function dropFinalizer(world: World, object: LiveObject, name: string): void {
  const names = finalizersOf(object).filter((entry) => entry !== name);
  rewrite(world, object, withFinalizers(object, names));
}

/** Stores an object as it is given, past all rules; removes it when nothing holds it any more. */
export function rewrite(world: World, before: LiveObject, after: LiveObject): void {
  const key: ObjectKey = objectKeyOf(before);
  if (isTerminating(after) && finishDeletion(world.core, key, before, after)) return;
  world.core.persist(key, before, after);
}

/** Conditions in the order given, with lastTransitionTime moving only with the status. */
export function transition(
  before: readonly Json[],
  now: string,
  conditions: readonly JsonObject[],
): readonly JsonObject[] {
  return conditions.map((condition) => {
    const old = before.find((entry) => isObject(entry) && entry['type'] === condition['type']);
    const kept = isObject(old) && old['status'] === condition['status'];
    const since = (kept ? old['lastTransitionTime'] : undefined) ?? now;
    return { ...condition, lastTransitionTime: since };
  });
}

/** Counters at zero and undefined members are not written, as Go leaves them out. */
function withoutVoid(status: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined));
}
