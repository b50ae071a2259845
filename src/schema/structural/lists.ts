// Lists and maps of a schema: which entries have keys, and whether those keys can be relied on.
import { isObject, listAt, objectAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { forbidden, invalid, notSupported, required } from '../field-error.ts';
import type { FieldError } from '../field-error.ts';

const LIST_TYPE = 'x-kubernetes-list-type';
const KEYS = 'x-kubernetes-list-map-keys';
const MAP_TYPE = 'x-kubernetes-map-type';

/** Findings about how entries of a list or map are told apart. */
export function listErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const kind = schema[LIST_TYPE];
  const keys = listAt(schema, KEYS);
  const errors: FieldError[] = [];
  if (schema['type'] === 'array' && schema['items'] === undefined) {
    errors.push(required(`${path}.items`, 'must be specified'));
  }
  if (keys.length > 0 && kind !== 'map') {
    const field = `${path}.${LIST_TYPE}`;
    const why = `must be map if ${KEYS} is non-empty`;
    errors.push(kind === undefined ? required(field, why) : invalid(field, kind, why));
  }
  if (kind !== undefined) errors.push(...kindErrors(schema, kind, path));
  return [...errors, ...mapErrors(schema, path)];
}

function kindErrors(schema: JsonObject, kind: Json, path: string): readonly FieldError[] {
  const errors = wrongType(schema, 'array', { path, key: LIST_TYPE });
  if (kind === 'set') errors.push(...setErrors(schema, path));
  else if (kind === 'map') errors.push(...keyedErrors(schema, path));
  else if (kind !== 'atomic') {
    errors.push(notSupported(`${path}.${LIST_TYPE}`, kind, ['atomic', 'map', 'set']));
  }
  const items = objectAt(schema, 'items');
  if ((kind === 'set' || kind === 'map') && items['nullable'] === true) {
    const why = `cannot be nullable when ${LIST_TYPE} is ${kind}`;
    errors.push(forbidden(`${path}.items.nullable`, why));
  }
  return errors;
}

function wrongType(
  schema: JsonObject,
  type: 'array' | 'object',
  { path, key }: { readonly path: string; readonly key: string },
): FieldError[] {
  const found = schema['type'];
  if (found === type) return [];
  const why = `must be ${type} if ${key} is specified`;
  if (found === undefined || found === '') return [required(`${path}.type`, why)];
  return [invalid(`${path}.type`, found, why)];
}

/** Members of a set are compared as a whole. */
function setErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const items = objectAt(schema, 'items');
  const why = `must be atomic as item of a list with ${LIST_TYPE}=set`;
  if (items['type'] === 'array') {
    const inner = items[LIST_TYPE];
    if (inner === undefined || inner === 'atomic') return [];
    return [invalid(`${path}.items.${LIST_TYPE}`, inner, why)];
  }
  if (items['type'] !== 'object' || items[MAP_TYPE] === 'atomic') return [];
  return [invalid(`${path}.items.${MAP_TYPE}`, items[MAP_TYPE] ?? null, why)];
}

function keyedErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const keys = listAt(schema, KEYS);
  if (keys.length === 0) {
    errors.push(required(`${path}.${KEYS}`, `must not be empty if ${LIST_TYPE} is map`));
  }
  const items = schema['items'];
  if (!isObject(items)) return errors;
  if (items['type'] !== 'object') {
    const why = `must be object if parent array's ${LIST_TYPE} is map`;
    return [...errors, invalid(`${path}.items.type`, items['type'] ?? '', why)];
  }
  for (const [index, key] of keys.entries()) {
    const at = `${path}.${KEYS}[${index}]`;
    errors.push(...keyErrors(items, String(key), { path, at }));
    if (keys.indexOf(key) < index)
      errors.push(invalid(at, key, 'must not contain duplicate entries'));
  }
  return errors;
}

function keyErrors(
  items: JsonObject,
  key: string,
  { path, at }: { readonly path: string; readonly at: string },
): readonly FieldError[] {
  const properties = objectAt(items, 'properties');
  const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (!isObject(property))
    return [invalid(at, key, 'entries must all be names of item properties')];
  const field = `${path}.items.properties[${key}]`;
  const errors: FieldError[] = [];
  if (property['type'] === 'array' || property['type'] === 'object') {
    const why = `must be a scalar type if parent array's ${LIST_TYPE} is map`;
    errors.push(invalid(`${field}.type`, property['type'], why));
  }
  if (!listAt(items, 'required').includes(key) && property['default'] === undefined) {
    const why = `this property is in ${KEYS}, so it must have a default or be a required property`;
    errors.push(required(`${field}.default`, why));
  }
  if (property['nullable'] === true) {
    const why = `this property is in ${KEYS}, so it cannot be nullable`;
    errors.push(forbidden(`${field}.nullable`, why));
  }
  return errors;
}

function mapErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const kind = schema[MAP_TYPE];
  if (kind === undefined) return [];
  const errors = wrongType(schema, 'object', { path, key: MAP_TYPE });
  if (kind !== 'atomic' && kind !== 'granular') {
    errors.push(notSupported(`${path}.${MAP_TYPE}`, kind, ['atomic', 'granular']));
  }
  return errors;
}
