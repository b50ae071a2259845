// From what a client sent to what is stored: server-side metadata, pruning, defaults, validation.
import { isObject, objectAt } from '../../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../../model/json.ts';
import { applyDefaults, dropNulls } from '../../schema/apply-defaults.ts';
import type { FieldError } from '../../schema/field-error.ts';
import { equalJson } from '../../schema/json-equal.ts';
import type { MergeType } from '../../schema/merge-type.ts';
import { setKey, withKey } from '../../schema/plain-object.ts';
import type { Writable } from '../../schema/plain-object.ts';
import { pruneUnknown } from '../../schema/prune.ts';
import type { LiveObject } from '../target.ts';
import type { Core } from './core.ts';
import { applyBuiltinDefaults } from './defaults.ts';
import { immutableChanges } from './immutable.ts';
import { checkKindRules } from './kind-rules.ts';
import type { ServedKind } from './kinds.ts';
import { checkMetadata } from './names.ts';
import { invalidObject, unconvertible } from './rejection.ts';
import type { Rejection } from './rejection.ts';

/** Metadata that only the server writes. */
const SERVER_METADATA = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
] as const;

export interface Candidate {
  readonly kind: ServedKind;
  /** The stored object; undefined for a create. */
  readonly before: LiveObject | undefined;
  readonly uid: string;
}

export type Admission = { readonly kind: 'admitted'; readonly object: LiveObject } | Rejection;

/** The object as a client may write it: server-side metadata is taken from the stored object, or set for a new one. */
export function withServerMetadata(core: Core, candidate: Candidate, next: JsonObject): LiveObject {
  const { before, kind } = candidate;
  const given: Record<string, Json | undefined> = { ...objectAt(next, 'metadata') };
  for (const field of SERVER_METADATA) delete given[field];
  if (before) {
    for (const field of SERVER_METADATA) {
      const value = before.metadata[field];
      if (value !== undefined) given[field] = value;
    }
  } else {
    given['uid'] = candidate.uid;
    given['creationTimestamp'] = core.now();
    if (kind.generation) given['generation'] = 1;
  }
  if (kind.scope === 'Cluster') delete given['namespace'];
  return { ...next, apiVersion: kind.apiVersion, kind: kind.kind, metadata: given };
}

/** Prunes, defaults and validates; the object already carries its server-side metadata. */
export function admit(core: Core, candidate: Candidate, next: LiveObject): Admission {
  const { kind, before } = candidate;
  const garbled = kind.kind === 'Secret' && kind.group === '' ? checkBase64(kind, next) : undefined;
  if (garbled) return garbled;
  const object = complete(candidate, next);
  const errors: FieldError[] = [...checkMetadata(kind, object)];
  if (kind.schema) errors.push(...core.validator.validate(kind.schema, withoutMetadata(object)));
  else errors.push(...checkKindRules(kind, object, core.validator));
  const fixed = before ? immutableChanges(kind, before, object) : [];
  const name = String(object.metadata.name ?? '');
  if (fixed.length > 0) return invalidObject(kind, name, [...errors, ...fixed], true);
  if (errors.length > 0) return invalidObject(kind, name, errors, false);
  return { kind: 'admitted', object };
}

/** Data of a Secret that is not base64 fails before any validation, without a field in the answer. */
function checkBase64(kind: ServedKind, object: LiveObject): Rejection | undefined {
  for (const value of Object.values(objectAt(object, 'data'))) {
    if (typeof value !== 'string') continue;
    const wrong = /[^A-Za-z0-9+/\r\n]/.exec(value.replace(/={0,2}$/, ''))?.index;
    const length = value.replace(/[\r\n]/g, '').length;
    if (wrong === undefined && length % 4 === 0) continue;
    const place = wrong ?? length - (length % 4);
    return unconvertible(kind, object, `illegal base64 data at input byte ${place}`);
  }
  return undefined;
}

/** Bumps the generation where something outside of metadata and status changed. */
export function withGeneration(
  kind: ServedKind,
  before: LiveObject,
  object: LiveObject,
): LiveObject {
  if (!kind.generation || equalJson(specified(kind, before), specified(kind, object)))
    return object;
  const generation = Number(before.metadata['generation'] ?? 0) + 1;
  return { ...object, metadata: { ...object.metadata, generation } };
}

function complete(candidate: Candidate, next: LiveObject): LiveObject {
  const { kind, before, uid } = candidate;
  if (!kind.schema) {
    const object = withoutNulls(next);
    const defaulted = applyBuiltinDefaults(kind, isObject(object) ? object : next, { before, uid });
    return withoutEmpty(kind.type, defaulted) as LiveObject;
  }
  const pruned = pruneUnknown(kind.schema, next, true);
  return dropNulls(kind.schema, applyDefaults(kind.schema, pruned)) as LiveObject;
}

/** The parts of an object that its generation counts. */
function specified(kind: ServedKind, object: JsonObject): JsonObject {
  const { metadata: _metadata, apiVersion: _version, ...rest } = object;
  if (!kind.status) return rest;
  const { status: _status, ...spec } = rest;
  return spec;
}

/** Schemas of custom resources say nothing about metadata; the server's own rules do. */
function withoutMetadata(object: JsonObject): JsonObject {
  const { metadata: _metadata, ...rest } = object;
  return { ...rest, metadata: {} };
}

/** Fields of built-in kinds cannot be null: null is the same as not written. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) {
    return hasNull(value) ? (value as JsonArray).map(withoutNulls) : value;
  }
  if (!isObject(value) || !hasNull(value)) return value;
  const out: Writable = {};
  for (const [key, child] of Object.entries(value)) {
    if (child !== undefined && child !== null) setKey(out, key, withoutNulls(child));
  }
  return out;
}

/** Go leaves empty maps and lists out, so `data: {}` is not there when it is read back. */
function withoutEmpty(type: MergeType, object: JsonObject): JsonObject {
  if (type.shape !== 'struct') return object;
  let out = object;
  for (const [name, child] of type.fields) {
    const value = object[name];
    if (value === undefined) continue;
    if (child.shape === 'struct') {
      const below = isObject(value) ? withoutEmpty(child, value) : value;
      if (below !== value) out = { ...out, [name]: below };
    } else if (child.shape === 'map' || child.shape === 'set' || child.shape === 'list') {
      if (isEmpty(value)) out = withKey(out, name, undefined);
    }
  }
  return out;
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function hasNull(value: Json | undefined): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return (value as JsonArray).some(hasNull);
  return isObject(value) && Object.values(value).some(hasNull);
}
