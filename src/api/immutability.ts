// Fields that keep their first value: Git cannot refuse a push, so the difference is found here.
import { canonicalJson } from '../lib/canonical-json.ts';
import { isObject } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { ApiKind } from './api-kind.ts';

export interface ImmutableChange {
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
    .map((path) => ({ path, message: `${path.at(-1)} is immutable` }));
}

function textAt(object: JsonObject, path: readonly string[]): string {
  let value: Json | undefined = object;
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  return value === undefined ? '' : canonicalJson(value);
}
