// Which OpenAPI schemas a package may declare for its configuration: those a CRD could carry (package-operator §1.5).
import { isObject } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { FieldError } from './field-error.ts';

/** Keywords that structural schemas leave out, with what the API says of them. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  id: 'id is not supported',
  $ref: '$ref is not supported',
  definitions: 'definitions is not supported',
  patternProperties: 'patternProperties is not supported',
  dependencies: 'dependencies is not supported',
  additionalItems: 'additionalItems is not supported',
};

interface Place {
  readonly field: string;
  readonly path: readonly (string | number)[];
}

/**
 * Everything about a schema that makes it unfit.
 * @param schema `config.openAPIV3Schema`
 * @param path where it stands in the manifest
 */
export function configSchemaErrors(
  schema: JsonObject,
  path: readonly string[],
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const root = { field: path.join('.'), path };
  if (schema['nullable'] === true) {
    add(errors, child(root, 'nullable'), 'Forbidden: nullable cannot be true at the root');
  }
  const type = schema['type'];
  if (type === undefined || type === '') {
    add(errors, child(root, 'type'), 'Required value: must not be empty at the root');
  } else if (type !== 'object') {
    const value = JSON.stringify(type);
    add(errors, child(root, 'type'), `Invalid value: ${value}: must be object at the root`);
  }
  walk(schema, root, errors);
  return errors;
}

function walk(schema: JsonObject, place: Place, errors: FieldError[]): void {
  for (const [keyword, message] of Object.entries(FORBIDDEN)) {
    if (schema[keyword] !== undefined) {
      add(errors, child(place, keyword), `Forbidden: ${message}`);
    }
  }
  if (schema['uniqueItems'] === true) {
    const message =
      'Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    add(errors, child(place, 'uniqueItems'), message);
  }
  const properties = schema['properties'];
  const additional = schema['additionalProperties'];
  if (isObject(properties) && additional !== undefined && additional !== false) {
    const message = 'Forbidden: additionalProperties and properties are mutual exclusive';
    add(errors, child(place, 'additionalProperties'), message);
  }
  for (const [name, sub] of Object.entries(isObject(properties) ? properties : {})) {
    const where = {
      field: `${place.field}.properties[${name}]`,
      path: [...place.path, 'properties', name],
    };
    step(sub, where, errors);
  }
  if (isObject(additional)) step(additional, child(place, 'additionalProperties'), errors);
  const items = schema['items'];
  if (Array.isArray(items)) {
    const message = 'Forbidden: items must be a schema object and not an array';
    add(errors, child(place, 'items'), message);
  } else step(items, child(place, 'items'), errors);
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const list = schema[keyword];
    for (const [index, sub] of (Array.isArray(list) ? list : []).entries()) {
      const at = child(place, keyword);
      const where = { field: `${at.field}[${index}]`, path: [...at.path, index] };
      if (isObject(sub)) walk(sub, where, errors);
    }
  }
  if (isObject(schema['not'])) walk(schema['not'], child(place, 'not'), errors);
}

function step(schema: Json | undefined, place: Place, errors: FieldError[]): void {
  if (!isObject(schema)) return;
  const open =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-int-or-string'] === true;
  if (!open && (schema['type'] === undefined || schema['type'] === '')) {
    const message = 'Required value: must not be empty for specified object fields';
    add(errors, child(place, 'type'), message);
  }
  walk(schema, place, errors);
}

function child(place: Place, key: string): Place {
  return { field: `${place.field}.${key}`, path: [...place.path, key] };
}

function add(errors: FieldError[], place: Place, text: string): void {
  errors.push({ ...place, message: `${place.field}: ${text}` });
}
