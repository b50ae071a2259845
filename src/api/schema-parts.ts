// Building blocks of the structural schemas, so that each kind's file reads like its field list.
import type { JsonObject } from '../model/json.ts';

export const STRING: JsonObject = { type: 'string' };
export const NON_EMPTY: JsonObject = { type: 'string', minLength: 1 };
export const BOOLEAN: JsonObject = { type: 'boolean' };
export const INT32: JsonObject = { type: 'integer', format: 'int32' };
/** A number of things or seconds. */
export const COUNT32: JsonObject = { ...INT32, minimum: 0 };
export const INT64: JsonObject = { type: 'integer', format: 'int64' };
export const STRING_MAP: JsonObject = { type: 'object', additionalProperties: STRING };

/** Any object, kept as it is. */
export const ANY_OBJECT: JsonObject = {
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
};

/** Any value at all, kept as it is. */
export const ANYTHING: JsonObject = { 'x-kubernetes-preserve-unknown-fields': true };

/** An object with these fields; unknown ones are pruned. */
export function object(
  properties: Readonly<Record<string, JsonObject>>,
  required: readonly string[] = [],
): JsonObject {
  return required.length === 0
    ? { type: 'object', properties }
    : { type: 'object', properties, required };
}

/** A list whose order means something. */
export function list(items: JsonObject): JsonObject {
  return { type: 'array', items };
}

export function oneOf(...values: readonly string[]): JsonObject {
  return { type: 'string', enum: values };
}

export function withDefault(schema: JsonObject, value: JsonObject[string]): JsonObject {
  return { ...schema, default: value };
}

/** The schema of a whole object: apiVersion, kind, open metadata, and the kind's own fields. */
export function resource(
  fields: Readonly<Record<string, JsonObject>>,
  required: readonly string[] = [],
): JsonObject {
  return object(
    { apiVersion: STRING, kind: STRING, metadata: ANY_OBJECT, status: ANY_OBJECT, ...fields },
    required,
  );
}
