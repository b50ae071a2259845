// The writing verbs: create, apply, put, patch and status, each decided in one turn on the newest state.
import { isObject, objectAt, stringAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { groupOf } from '../../model/manifest.ts';
import type { ObjectKey, ObjectRef } from '../../model/object-key.ts';
import { equalJson } from '../../schema/json-equal.ts';
import { fieldSetOf } from '../../schema/merge/field-set.ts';
import type { FieldSet } from '../../schema/merge/field-set.ts';
import { applyConfiguration, recordUpdate } from '../../schema/merge/server-side-apply.ts';
import type { WriteContext } from '../../schema/merge/server-side-apply.ts';
import { typeErrors } from '../../schema/merge/type-errors.ts';
import { setKey, withKey } from '../../schema/plain-object.ts';
import type { Writable } from '../../schema/plain-object.ts';
import type { Expectation, LiveObject, WriteResult } from '../target.ts';
import { admit, withGeneration, withServerMetadata } from './admission.ts';
import type { Core } from './core.ts';
import { finishDeletion } from './delete.ts';
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

export interface Writer {
  readonly manager: string;
  readonly dryRun: boolean;
  /** Default: the object itself. */
  readonly subresource?: 'status';
}

const STATUS: FieldSet = fieldSetOf([['f:status']]);

/**
 * Creates an object; never touches one that is there.
 * @param operation how ownership is recorded: `Apply` lets the same manager's next apply give fields up,
 *   `Update` is what a POST of other clients leaves behind
 */
export function createObject(
  core: Core,
  manifest: JsonObject,
  writer: Writer & { readonly operation: 'Apply' | 'Update' },
): WriteResult {
  const place = locate(core, manifest);
  if (place.kind === 'rejected') return place;
  const { served, key, manifest: named } = place;
  if (core.get(key)) return { kind: 'exists' };
  const refused = checkNamespace(core, served, key);
  if (refused) return refused;
  const config = served.status ? withKey(named, 'status', undefined) : named;
  const candidate = { kind: served, before: undefined, uid: core.newUid() };
  const identity = bareObject(served, key);
  if (writer.operation === 'Update') {
    const admitted = admit(core, candidate, withServerMetadata(core, candidate, config));
    if (admitted.kind === 'rejected') return admitted;
    const context = contextOf(core, served, { ...writer, operation: 'Update' });
    const skeleton = served.schema ? identity : emptyStructs(served, identity, admitted.object);
    const recorded = recordUpdate(skeleton, admitted.object, context) as LiveObject;
    return finish(core, { key, before: undefined, after: recorded, writer });
  }
  const unusable = checkConfiguration(served, key, config);
  if (unusable) return unusable;
  const context = contextOf(core, served, { ...writer, operation: 'Apply' });
  const merged = applyConfiguration(identity, config, { ...context, force: false });
  if (merged.kind === 'conflict') return conflict(merged);
  const admitted = admit(core, candidate, withServerMetadata(core, candidate, merged.object));
  if (admitted.kind === 'rejected') return admitted;
  return finish(core, { key, before: undefined, after: admitted.object, writer });
}

/**
 * Server-side apply.
 * @param expect the write fails with `gone` or `stale` where the object is another; without it a missing
 *   object is created, as real servers do
 */
export function applyObject(
  core: Core,
  manifest: JsonObject,
  writer: Writer & { readonly force: boolean; readonly expect?: Expectation },
): WriteResult {
  const place = locate(core, manifest);
  if (place.kind === 'rejected') return place;
  const { served, key, manifest: config } = place;
  const live = core.get(key);
  if (!live && !writer.expect)
    return createObject(core, manifest, { ...writer, operation: 'Apply' });
  const unexpected = checkExpectation(live, writer.expect);
  if (unexpected || !live) return unexpected ?? { kind: 'gone' };
  const before = inVersion(live, served);
  const unusable = checkConfiguration(served, key, config);
  if (unusable) return unusable;
  const context = contextOf(core, served, { ...writer, operation: 'Apply' });
  const sent = withoutVersion(config);
  const merged = applyConfiguration(before, sent, { ...context, force: writer.force });
  if (merged.kind === 'conflict') return conflict(merged);
  return admitUpdate(core, { served, key, live: before, next: merged.object, writer });
}

/** Replaces the whole object, or its status. */
export function putObject(
  core: Core,
  manifest: JsonObject,
  writer: Writer & { readonly expect?: Expectation },
): WriteResult {
  const place = locate(core, manifest);
  if (place.kind === 'rejected') return place;
  const { served, key, manifest: sent } = place;
  const live = core.get(key);
  const unexpected = checkExpectation(live, writer.expect);
  if (unexpected || !live) return unexpected ?? { kind: 'gone' };
  return update(core, { served, key, live: inVersion(live, served), next: sent, writer });
}

/** JSON merge patch (RFC 7386) of the object, or of its status. */
export function patchObject(
  core: Core,
  ref: ObjectRef,
  patch: JsonObject,
  writer: Writer & { readonly expect?: Expectation },
): WriteResult {
  const served = core.kinds.find(ref.apiVersion, ref.kind);
  if (!served) return unknownKind(ref.apiVersion, ref.kind);
  const live = core.get(ref);
  const unexpected = checkExpectation(live, writer.expect);
  if (unexpected || !live) return unexpected ?? { kind: 'gone' };
  const before = inVersion(live, served);
  const next = mergePatch(before, patch);
  return update(core, {
    served,
    key: ref,
    live: before,
    next: isObject(next) ? next : before,
    writer,
  });
}

interface Update {
  readonly served: ServedKind;
  readonly key: ObjectKey;
  readonly live: LiveObject;
  readonly next: JsonObject;
  readonly writer: Writer;
}

function update(core: Core, { served, key, live, next, writer }: Update): WriteResult {
  const sent = withoutVersion({ ...next, apiVersion: served.apiVersion, kind: served.kind });
  const scoped = inSubresource(served, live, sent, writer);
  const metadata = { ...objectAt(scoped, 'metadata'), name: key.name };
  const placed = {
    ...scoped,
    metadata: key.namespace === '' ? metadata : { ...metadata, namespace: key.namespace },
  };
  const candidate = { kind: served, before: live, uid: uidOf(live) };
  const admitted = admit(core, candidate, withServerMetadata(core, candidate, placed));
  if (admitted.kind === 'rejected') return admitted;
  const context = contextOf(core, served, { ...writer, operation: 'Update' });
  const recorded = recordUpdate(live, admitted.object, context) as LiveObject;
  const after = withGeneration(served, live, recorded);
  return finish(core, { key, before: live, after, writer });
}

function admitUpdate(core: Core, { served, key, live, next, writer }: Update): WriteResult {
  const scoped = inSubresource(served, live, next, writer);
  const candidate = { kind: served, before: live, uid: uidOf(live) };
  const admitted = admit(core, candidate, withServerMetadata(core, candidate, scoped));
  if (admitted.kind === 'rejected') return admitted;
  const after = withGeneration(served, live, admitted.object);
  return finish(core, { key, before: live, after, writer });
}

/** A write of the object leaves its status alone, a write of the status everything but status and annotations. */
function inSubresource(
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

interface Finished {
  readonly key: ObjectKey;
  readonly before: LiveObject | undefined;
  readonly after: LiveObject;
  readonly writer: Writer;
}

function finish(core: Core, { key, before, after, writer }: Finished): WriteResult {
  const changed = !before || !equalJson(before, after);
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

type Place =
  | Rejection
  | {
      readonly kind: 'found';
      readonly served: ServedKind;
      readonly key: ObjectKey;
      readonly manifest: JsonObject;
    };

function locate(core: Core, manifest: JsonObject): Place {
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

/** Five letters as `generateName` appends them. */
function suffix(uid: string): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  const digits = uid.replaceAll('-', '').slice(0, 10).match(/../g) ?? [];
  return digits.map((pair) => letters[Number.parseInt(pair, 16) % letters.length]).join('');
}

function checkNamespace(core: Core, kind: ServedKind, key: ObjectKey): Rejection | undefined {
  if (key.namespace === '') return undefined;
  const namespace = core.get({ group: '', kind: 'Namespace', namespace: '', name: key.namespace });
  if (!namespace) return namespaceNotFound(key.namespace);
  return isTerminating(namespace) ? namespaceTerminating(kind, key) : undefined;
}

function checkExpectation(
  live: LiveObject | undefined,
  expect: Expectation | undefined,
): WriteResult | undefined {
  if (!live) return { kind: 'gone' };
  if (!expect) return undefined;
  if (uidOf(live) !== expect.uid) return { kind: 'gone' };
  return versionOf(live) === expect.version ? undefined : { kind: 'stale' };
}

/** What keeps configuration from being merged at all. */
function checkConfiguration(
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

function contextOf(
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

function conflict(outcome: {
  readonly conflicts: readonly { readonly field: string; readonly manager: string }[];
  readonly message: string;
}): WriteResult {
  const conflicts = outcome.conflicts.map(({ field, manager }) => ({ field, manager }));
  return { kind: 'conflict', conflicts, message: outcome.message };
}

function bareObject(kind: ServedKind, key: ObjectKey): JsonObject {
  const namespace = key.namespace === '' ? {} : { namespace: key.namespace };
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: { name: key.name, ...namespace },
  };
}

/** Structs that Go writes even when they are empty: creating an object does not add them. */
const GO_STRUCTS: ReadonlySet<string> = new Set([
  'metadata',
  'spec',
  'status',
  'template',
  'jobTemplate',
  'strategy',
  'updateStrategy',
  'names',
]);

function emptyStructs(kind: ServedKind, identity: JsonObject, object: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    // The finalizer of a namespace is the server's own.
    if (kind.kind === 'Namespace' && key === 'spec' && isObject(value)) out[key] = value;
    else if (isObject(value) && GO_STRUCTS.has(key)) out[key] = emptyStructs(kind, {}, value);
    else if (key === 'containers') out[key] = null;
  }
  return { ...out, ...identity };
}

function withoutVersion(config: JsonObject): JsonObject {
  const metadata = objectAt(config, 'metadata');
  if (metadata['resourceVersion'] === undefined) return config;
  return { ...config, metadata: withKey(metadata, 'resourceVersion', undefined) };
}

function inVersion(live: LiveObject, kind: ServedKind): LiveObject {
  return live.apiVersion === kind.apiVersion ? live : { ...live, apiVersion: kind.apiVersion };
}

function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const out: Writable = {};
  const old = isObject(target) ? target : {};
  for (const [key, value] of Object.entries(old)) {
    if (value !== undefined && patch[key] !== null) setKey(out, key, value);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined || value === null) continue;
    setKey(out, key, mergePatch(Object.hasOwn(old, key) ? old[key] : undefined, value));
  }
  return out;
}
