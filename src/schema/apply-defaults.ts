// Filling in defaults of a structural schema.
import { isObject, objectAt } from '../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../model/json.ts';
import { schemaAt } from './prune.ts';
import { setKey, valueAt } from './plain-object.ts';
import type { Writable } from './plain-object.ts';

/**
 * The value with defaults where a field is missing, or null although its schema is not nullable. Defaults
 * apply inside of defaults; they never make an object that is not there (unless it has a default itself).
 */
export function applyDefaults(schema: JsonObject, value: Json): Json {
  if (Array.isArray(value)) {
    const items = schema['items'];
    return isObject(items)
      ? (value as JsonArray).map((item) => applyDefaults(items, replaceNull(items, item)))
      : value;
  }
  if (!isObject(value)) return value;
  const out: Writable = {};
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue;
    const below = schemaAt(schema, key);
    const filled = isObject(below) ? applyDefaults(below, replaceNull(below, child)) : child;
    setKey(out, key, filled);
  }
  for (const [key, property] of Object.entries(objectAt(schema, 'properties'))) {
    if (!isObject(property) || valueAt(value, key) !== undefined) continue;
    const given = property['default'];
    if (given !== undefined) setKey(out, key, applyDefaults(property, given));
  }
  return out;
}

/**
 * The value without nulls in fields that are not nullable: API servers drop them after defaulting, so that
 * `field: null` means "as if it were not written".
 */
export function dropNulls(schema: JsonObject, value: Json): Json {
  if (Array.isArray(value)) {
    const items = schema['items'];
    return isObject(items) ? (value as JsonArray).map((item) => dropNulls(items, item)) : value;
  }
  if (!isObject(value)) return value;
  const out: Writable = {};
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue;
    const below = schemaAt(schema, key);
    if (!isObject(below)) setKey(out, key, child);
    else if (child !== null || acceptsNull(below)) setKey(out, key, dropNulls(below, child));
  }
  return out;
}

function replaceNull(schema: JsonObject, value: Json): Json {
  const given = schema['default'];
  return value === null && given !== undefined && !acceptsNull(schema) ? given : value;
}

function acceptsNull(schema: JsonObject): boolean {
  // A schema without a type (preserve-unknown-fields) says nothing about null.
  return schema['nullable'] === true || schema['type'] === undefined;
}
