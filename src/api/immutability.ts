// Fields that keep their first value: Git cannot refuse a push, so the difference is found here.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';
import { isObject } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { redactAll } from '../model/secrecy.ts';
import type { ApiKind } from './api-kind.ts';

/** A digest of each immutable field, by its dotted path: enough to see that one has changed, and nothing to read. */
export type ImmutableDigests = Readonly<Record<string, string>>;

export interface ImmutableChange {
  /** The name that its digest has. */
  readonly field: string;
  /** Path as segments, to find its place in the file. */
  readonly path: readonly string[];
  /** In the API's words: `phases is immutable`. */
  readonly message: string;
}

/**
 * Immutable fields that differ between the last accepted object and the new one (package-operator §7).
 * @param kind tells the fields; both objects are compared after defaulting
 */
export function immutableChanges(
  kind: ApiKind,
  before: JsonObject,
  after: JsonObject,
): readonly ImmutableChange[] {
  return kind.immutable
    .map((path) => path.split('.'))
    .filter((path) => textAt(before, path) !== textAt(after, path))
    .map((path) => ({ field: path.join('.'), path, message: `${path.at(-1)} is immutable` }));
}

/** Digests of the immutable fields of an admitted object; values of Secrets are no part of them. */
export function immutableDigests(kind: ApiKind, object: JsonObject): ImmutableDigests {
  return Object.fromEntries(kind.immutable.map((path) => [path, contentDigest(object, path)]));
}

/** A digest of what stands at a dotted path; values of Secrets are no part of it. */
export function contentDigest(object: JsonObject, path: string): string {
  const text = textAt(redactAll(object) as JsonObject, path.split('.'));
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

/** Immutable fields that differ from the ones that were accepted; a field nobody recorded has not changed. */
export function changesSince(
  accepted: ImmutableDigests,
  now: ImmutableDigests,
): readonly ImmutableChange[] {
  return Object.keys(now)
    .filter((path) => accepted[path] !== undefined && accepted[path] !== now[path])
    .map((field) => {
      const path = field.split('.');
      return { field, path, message: `${path.at(-1)} is immutable` };
    });
}

function textAt(object: JsonObject, path: readonly string[]): string {
  let value: Json | undefined = object;
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  return value === undefined ? '' : canonicalJson(value);
}
