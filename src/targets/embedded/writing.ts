// What all writing verbs share: who writes, which part of an object a write can touch, and how it ends.
import { isObject, objectAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { ObjectKey } from '../../model/object-key.ts';
import { equalJson } from '../../schema/json-equal.ts';
import { fieldSetOf } from '../../schema/merge/field-set.ts';
import type { FieldSet } from '../../schema/merge/field-set.ts';
import type { WriteContext } from '../../schema/merge/server-side-apply.ts';
import { withKey } from '../../schema/plain-object.ts';
import type { LiveObject, WriteResult } from '../target.ts';
import type { Core } from './core.ts';
import { finishDeletion } from './delete.ts';
import type { ServedKind } from './kinds.ts';
import { isTerminating, uidOf, versionOf } from './object-id.ts';

export interface Writer {
  readonly manager: string;
  readonly dryRun: boolean;
  /** Default: the object itself. */
  readonly subresource?: 'status';
}

const STATUS: FieldSet = fieldSetOf([['f:status']]);

/** How ownership of this write is recorded. */
export function contextOf(
  core: Core,
  kind: ServedKind,
  writer: Writer & { readonly operation: 'Apply' | 'Update' },
): WriteContext {
  const context = {
    type: kind.type,
    by: {
      manager: writer.manager,
      operation: writer.operation,
      apiVersion: kind.apiVersion,
      subresource: writer.subresource ?? '',
    },
    now: core.now(),
  };
  return kind.status && writer.subresource === undefined
    ? { ...context, ignored: STATUS }
    : context;
}

/** A write of the object leaves its status alone, a write of the status everything but status and annotations. */
export function inSubresource(
  served: ServedKind,
  live: LiveObject,
  next: JsonObject,
  writer: Writer,
): JsonObject {
  if (writer.subresource === 'status') {
    const annotations = objectAt(next, 'metadata')['annotations'];
    const managedFields = objectAt(next, 'metadata')['managedFields'];
    const metadata = withKey(live.metadata, 'annotations', annotations);
    const owned = withKey(metadata, 'managedFields', managedFields);
    return { ...withKey(live, 'status', next['status']), metadata: owned };
  }
  return served.status ? withKey(next, 'status', live['status']) : next;
}

export interface Finished {
  readonly key: ObjectKey;
  readonly before: LiveObject | undefined;
  readonly after: LiveObject;
  readonly writer: Writer;
}

/** Stores the outcome, unless nothing changed or it is a rehearsal. */
export function finish(core: Core, { key, before, after, writer }: Finished): WriteResult {
  const changed = !before || !equalJson(untimed(before), untimed(after));
  const done = (object: LiveObject): WriteResult => ({
    kind: 'done',
    uid: uidOf(object),
    version: versionOf(object),
    changed,
    object,
  });
  if (!changed) return done(before);
  if (writer.dryRun) return done(after);
  // Taking the last finalizer away from an object that is being deleted is what removes it.
  if (before && isTerminating(before) && finishDeletion(core, key, before, after))
    return done(after);
  return done(core.persist(key, before, after) ?? after);
}

export function conflict(outcome: {
  readonly conflicts: readonly { readonly field: string; readonly manager: string }[];
  readonly message: string;
}): WriteResult {
  const conflicts = outcome.conflicts.map(({ field, manager }) => ({ field, manager }));
  return { kind: 'conflict', conflicts, message: outcome.message };
}

export function withoutVersion(config: JsonObject): JsonObject {
  const metadata = objectAt(config, 'metadata');
  if (metadata['resourceVersion'] === undefined) return config;
  return { ...config, metadata: withKey(metadata, 'resourceVersion', undefined) };
}

export function inVersion(live: LiveObject, kind: ServedKind): LiveObject {
  return live.apiVersion === kind.apiVersion ? live : { ...live, apiVersion: kind.apiVersion };
}

/**
 * A copy whose managedFields name no times. As on real servers, a write that would move nothing but a time
 * moves nothing: `stringData` of a Secret is sent again with each apply and is never found in the stored object.
 */
function untimed(object: LiveObject): LiveObject {
  const fields = object.metadata['managedFields'];
  if (!Array.isArray(fields)) return object;
  const managedFields = (fields as readonly Json[]).map((entry) =>
    isObject(entry) ? { ...entry, time: '' } : entry,
  );
  return { ...object, metadata: { ...object.metadata, managedFields } };
}
