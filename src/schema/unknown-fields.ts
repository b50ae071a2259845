// Fields of a custom resource that its schema does not name: what API servers drop, or refuse when asked to.
import { suggestion } from '../lib/suggestion.ts';
import { isObject, objectAt } from '../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../model/json.ts';
import type { FieldError } from './field-error.ts';
import { isResourceField, schemaAt } from './prune.ts';

/**
 * The fields that `pruneUnknown` would take out of a whole custom resource.
 * @param schema structural
 */
export function unknownFields(schema: JsonObject, resource: JsonObject): readonly FieldError[] {
  return unknownIn(schema, resource, { field: '', isResource: true });
}

interface Place {
  readonly field: string;
  readonly isResource: boolean;
}

function unknownIn(schema: JsonObject, value: Json, place: Place): readonly FieldError[] {
  if (Array.isArray(value)) {
    const items = schema['items'];
    if (!isObject(items)) return [];
    return (value as JsonArray).flatMap((item, index) =>
      unknownIn(items, item, { field: `${place.field}[${index}]`, isResource: false }),
    );
  }
  if (!isObject(value)) return [];
  const isResource = place.isResource || schema['x-kubernetes-embedded-resource'] === true;
  return Object.entries(value).flatMap(([key, child]) => {
    if (child === undefined || (isResource && isResourceField(key))) return [];
    const field = place.field === '' ? key : `${place.field}.${key}`;
    const below = schemaAt(schema, key);
    if (below === 'keep') return [];
    if (below !== undefined) return unknownIn(below, child, { field, isResource: false });
    const meant = suggestion(key, Object.keys(objectAt(schema, 'properties')));
    const message = meant === undefined ? 'unknown field' : `unknown field. ${meant}`;
    return [{ field, reason: 'FieldValueForbidden' as const, message }];
  });
}
