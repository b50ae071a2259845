// What a write makes of an object of the registry: preconditions, field ownership, generation. Pure.
import type { ApiKind } from '../../api/api-kind.ts';
import { immutableChanges } from '../../api/immutability.ts';
import { isObject } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Manifest } from '../../model/manifest.ts';
import { refOf } from '../../model/object-key.ts';
import {
  applyConfiguration,
  customResourceType,
  equalJson,
  recordUpdate,
} from '../../schema/index.ts';
import type { SchemaValidator, WriteContext } from '../../schema/index.ts';
import type { Expectation, LiveObject, WriteOperation, WriteResult } from '../target.ts';
import { admitUnit, invalid, rejected } from './admission.ts';
import { unitKind } from './kinds.ts';

export interface WriteFacts {
  readonly live: LiveObject | undefined;
  /** The unit as Git defines it. */
  readonly defined: LiveObject | undefined;
  /** RFC 3339, seconds. */
  readonly now: string;
  readonly newUid: () => string;
  readonly validator: SchemaValidator;
}

export type WriteDecision =
  | Exclude<WriteResult, { kind: 'done' }>
  | { readonly kind: 'next'; readonly object: LiveObject; readonly changed: boolean };

/** Decides about one write; nothing is stored. */
export function decideWrite(operation: WriteOperation, facts: WriteFacts): WriteDecision {
  const { live, defined } = facts;
  const ref = operation.verb === 'patch' ? operation.ref : refOf(operation.object);
  const kind = unitKind(ref.apiVersion, ref.kind);
  if (!kind) {
    const message = `no matches for kind "${ref.kind}" in version "${ref.apiVersion}"`;
    return rejected('NotFound', message);
  }
  if (operation.verb === 'create') {
    if (live ?? defined) return { kind: 'exists' };
    return create(operation.object, kind, writeContext(operation, kind, facts), facts);
  }
  if (!live) {
    const message = `${ref.kind} "${ref.name}" is defined in Git and cannot be written here`;
    return defined ? rejected('Forbidden', message) : { kind: 'gone' };
  }
  const unexpected = checkExpectation(live, operation.expect);
  if (unexpected) return unexpected;
  const context = writeContext(operation, kind, facts);
  switch (operation.verb) {
    case 'apply': {
      const { force, object } = operation;
      // An object whose unit has not ended yet is asked for again.
      const before = isTerminating(live) ? withoutDeletion(live) : live;
      const merged = applyConfiguration(before, withoutStatus(object), { ...context, force });
      if (merged.kind === 'merged') {
        const next = settle(kind, before, merged.object, facts);
        return next.kind === 'next' && before !== live ? { ...next, changed: true } : next;
      }
      const conflicts = merged.conflicts.map(({ field, manager }) => ({ field, manager }));
      return { kind: 'conflict', conflicts, message: merged.message };
    }
    case 'put': {
      const next = { ...withoutStatus(operation.object), metadata: kept(live, operation.object) };
      return settle(kind, live, recordUpdate(live, next, context), facts);
    }
    case 'patch': {
      const next = merge(live, withoutStatus(operation.patch)) as JsonObject;
      return settle(kind, live, recordUpdate(live, next, context), facts);
    }
  }
}

export function uidOf(object: LiveObject): string {
  return String(object.metadata['uid'] ?? '');
}

export function versionOf(object: LiveObject): string {
  return String(object.metadata['resourceVersion'] ?? '');
}

export function isTerminating(object: LiveObject): boolean {
  return object.metadata['deletionTimestamp'] !== undefined;
}

function withoutDeletion(object: LiveObject): LiveObject {
  const { deletionTimestamp: _time, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** How ownership of a write is recorded: creates and applies by what they say, the others by what they change. */
function writeContext(
  { verb, manager }: WriteOperation,
  kind: ApiKind,
  { now }: WriteFacts,
): WriteContext {
  const operation = verb === 'create' || verb === 'apply' ? 'Apply' : 'Update';
  const apiVersion = `${kind.group}/${kind.version}`;
  return {
    type: customResourceType(kind.schema),
    by: { manager, operation, apiVersion, subresource: '' },
    now,
  };
}

function create(
  manifest: Manifest,
  kind: ApiKind,
  context: WriteContext,
  facts: WriteFacts,
): WriteDecision {
  const { apiVersion, kind: name, metadata } = manifest;
  const bare: Manifest = { apiVersion, kind: name, metadata: identity(metadata) };
  const merged = applyConfiguration(bare, withoutStatus(manifest), { ...context, force: true });
  if (merged.kind === 'conflict') {
    return { kind: 'conflict', conflicts: [], message: merged.message };
  }
  const admitted = admitUnit(kind, merged.object as Manifest, facts.validator);
  if (admitted.kind === 'rejected') return admitted;
  const { object } = admitted;
  const server = { uid: facts.newUid(), generation: 1, creationTimestamp: facts.now };
  const made = { ...object, metadata: { ...object.metadata, ...server } };
  return { kind: 'next', object: made, changed: true };
}

function identity({ name, namespace }: Manifest['metadata']): Manifest['metadata'] {
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** The next state, validated and counted; what is immutable asks for another object. */
function settle(
  kind: ApiKind,
  live: LiveObject,
  next: JsonObject,
  { validator }: WriteFacts,
): WriteDecision {
  const admitted = admitUnit(kind, next as Manifest, validator);
  if (admitted.kind === 'rejected') return admitted;
  const after = admitted.object;
  const frozen = immutableChanges(kind, live, after);
  if (frozen.length > 0) return { ...invalid(kind, after, frozen), immutable: true };
  const isSame = equalJson(specified(live), specified(after));
  const { uid, creationTimestamp, deletionTimestamp, resourceVersion } = live.metadata;
  const server = {
    uid,
    creationTimestamp,
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    resourceVersion,
    generation: Number(live.metadata['generation'] ?? 0) + (isSame ? 0 : 1),
  };
  const status = live['status'] === undefined ? {} : { status: live['status'] };
  const object: LiveObject = { ...after, ...status, metadata: { ...after.metadata, ...server } };
  return { kind: 'next', object, changed: !equalJson(untimed(live), untimed(object)) };
}

function checkExpectation(
  live: LiveObject,
  expect: Expectation,
): Extract<WriteResult, { kind: 'gone' | 'stale' }> | undefined {
  if (uidOf(live) !== expect.uid) return { kind: 'gone' };
  return versionOf(live) === expect.version ? undefined : { kind: 'stale' };
}

/** A unit says its status itself. */
function withoutStatus<T extends JsonObject>(object: T): T {
  if (object['status'] === undefined) return object;
  const { status: _status, ...rest } = object;
  return rest as unknown as T;
}

function specified({ metadata: _metadata, status: _status, ...spec }: LiveObject): JsonObject {
  return spec;
}

function untimed(object: LiveObject): JsonObject {
  const { managedFields: _fields, resourceVersion: _version, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Metadata of a whole object that was sent, with the fields that only the server sets. */
function kept(live: LiveObject, sent: Manifest): JsonObject {
  const { uid, creationTimestamp, generation, managedFields } = live.metadata;
  return { ...sent.metadata, uid, creationTimestamp, generation, managedFields };
}

/** JSON merge patch (RFC 7386). */
function merge(before: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const out: Record<string, Json | undefined> = isObject(before) ? { ...before } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else if (value !== undefined && key !== '__proto__') out[key] = merge(out[key], value);
  }
  return out;
}
