// One Kubernetes-style object as data, with narrow accessors for its metadata.
import { isObject, objectAt, stringAt } from './json.ts';
import type { Json, JsonObject } from './json.ts';

export interface ObjectMeta extends JsonObject {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
}

export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** The group of `apiVersion`; the core group is the empty string. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The string map at `metadata.labels`; values that are not strings are left out. */
export function labelsOf(manifest: JsonObject): Readonly<Record<string, string>> {
  return stringMap(objectAt(manifest, 'metadata')['labels']);
}

/** The string map at `metadata.annotations`; values that are not strings are left out. */
export function annotationsOf(manifest: JsonObject): Readonly<Record<string, string>> {
  return stringMap(objectAt(manifest, 'metadata')['annotations']);
}

/** One annotation, or undefined. */
export function annotationOf(manifest: JsonObject, key: string): string | undefined {
  return stringAt(objectAt(objectAt(manifest, 'metadata'), 'annotations'), key);
}

/** A copy with these annotations added, replaced, or (undefined) removed; an empty map is dropped. */
export function withAnnotations<T extends JsonObject>(
  manifest: T,
  changes: Readonly<Record<string, string | undefined>>,
): T {
  return withStringMap(manifest, 'annotations', changes);
}

/** A copy with these labels added, replaced, or (undefined) removed; an empty map is dropped. */
export function withLabels<T extends JsonObject>(
  manifest: T,
  changes: Readonly<Record<string, string | undefined>>,
): T {
  return withStringMap(manifest, 'labels', changes);
}

function withStringMap<T extends JsonObject>(
  manifest: T,
  field: 'labels' | 'annotations',
  changes: Readonly<Record<string, string | undefined>>,
): T {
  const metadata = objectAt(manifest, 'metadata');
  const merged: Record<string, Json> = {};
  for (const [key, value] of Object.entries(objectAt(metadata, field))) {
    if (value !== undefined) define(merged, key, value);
  }
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete merged[key];
    else define(merged, key, value);
  }
  const { [field]: _dropped, ...rest } = metadata;
  const next = Object.keys(merged).length === 0 ? rest : { ...rest, [field]: merged };
  return { ...manifest, metadata: next };
}

function define(target: Record<string, Json>, key: string, value: Json): void {
  // A key named __proto__ must stay plain data.
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function stringMap(value: Json | undefined): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  if (!isObject(value)) return out;
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry === 'string') {
      Object.defineProperty(out, key, {
        value: entry,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
  }
  return out;
}
