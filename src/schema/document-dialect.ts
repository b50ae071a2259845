// JSON Schema documents of any draft that schema collections use, in the one form that ajv takes.
import { isObject } from '../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../model/json.ts';
import { setKey } from './plain-object.ts';
import type { Writable } from './plain-object.ts';

const MAPS = new Set(['properties', 'patternProperties', 'definitions', '$defs', 'dependencies']);
const LISTS = new Set(['allOf', 'anyOf', 'oneOf']);
const SINGLE = new Set([
  'items',
  'additionalItems',
  'additionalProperties',
  'contains',
  'else',
  'if',
  'not',
  'propertyNames',
  'then',
]);
/** Names of the document itself, which would move the place that its references start from; and mere notes. */
const DROPPED = new Set(['$schema', '$id', 'id', 'nullable', 'default', 'example', 'examples']);

/**
 * Rewrites what drafts say differently: `exclusiveMinimum: true` of draft 4 becomes the number, and OpenAPI's
 * `nullable` a type. A reference stands alone, as all drafts before 2019 have it.
 */
export function inAjvDialect(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const { definitions } = schema;
    return isObject(definitions)
      ? { $ref: reference, definitions: mapOf(definitions) }
      : { $ref: reference };
  }
  const out: Writable = {};
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined || DROPPED.has(key)) continue;
    setKey(out, key, keywordValue(key, value));
  }
  for (const bound of ['Minimum', 'Maximum']) {
    const limit = bound.toLowerCase();
    const exclusive = `exclusive${bound}`;
    if (typeof out[exclusive] !== 'boolean') continue;
    if (out[exclusive] && out[limit] !== undefined) {
      out[exclusive] = out[limit];
      delete out[limit];
    } else delete out[exclusive];
  }
  if (schema['nullable'] === true && out['type'] !== undefined) {
    const types = Array.isArray(out['type']) ? (out['type'] as JsonArray) : [out['type']];
    out['type'] = [...types, 'null'];
  }
  return out;
}

function keywordValue(key: string, value: Json): Json {
  if (MAPS.has(key) && isObject(value)) return mapOf(value);
  if (LISTS.has(key) && Array.isArray(value)) return (value as JsonArray).map(inAjvDialect);
  if (SINGLE.has(key)) {
    return Array.isArray(value) ? (value as JsonArray).map(inAjvDialect) : inAjvDialect(value);
  }
  // Anywhere else schemas may lie too, for references to point at.
  return key.startsWith('x-') || key === 'enum' || key === 'const' ? value : inAjvDialect(value);
}

function mapOf(schemas: JsonObject): JsonObject {
  const out: Writable = {};
  for (const [name, schema] of Object.entries(schemas)) {
    if (schema !== undefined) setKey(out, name, inAjvDialect(schema));
  }
  return out;
}
