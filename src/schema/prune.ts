// Dropping fields that a structural schema does not name, as API servers do before they store a custom resource.
import { isObject, objectAt } from '../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../model/json.ts';
import { setKey } from './plain-object.ts';
import type { Writable } from './plain-object.ts';

const RESOURCE_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Fields of a whole resource, which no schema needs to name. */
export function isResourceField(key: string): boolean {
  return RESOURCE_FIELDS.has(key);
}

/**
 * The value without unknown fields. Kept: everything below `x-kubernetes-preserve-unknown-fields` that the
 * schema does not describe further, and apiVersion, kind and metadata of resources.
 * @param isResource whether the value itself is a whole resource
 */
export function pruneUnknown(schema: JsonObject, value: Json, isResource = false): Json {
  if (Array.isArray(value)) {
    const items = schema['items'];
    return isObject(items) ? (value as JsonArray).map((item) => pruneUnknown(items, item)) : value;
  }
  if (!isObject(value)) return value;
  const resource = isResource || schema['x-kubernetes-embedded-resource'] === true;
  const out: Writable = {};
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue;
    if (resource && isResourceField(key)) {
      setKey(out, key, child);
      continue;
    }
    const below = schemaAt(schema, key);
    if (below === 'keep') setKey(out, key, child);
    else if (below !== undefined) setKey(out, key, pruneUnknown(below, child));
  }
  return out;
}

/** The schema of one field, `keep` for a field that is kept as it is, undefined for one that goes. */
export function schemaAt(schema: JsonObject, key: string): JsonObject | 'keep' | undefined {
  const properties = objectAt(schema, 'properties');
  const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (isObject(property)) return property;
  const additional = schema['additionalProperties'];
  if (isObject(additional)) return additional;
  if (additional === true) return 'keep';
  return schema['x-kubernetes-preserve-unknown-fields'] === true ? 'keep' : undefined;
}
