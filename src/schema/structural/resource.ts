// Schemas of whole resources, at the root and embedded: what they may say about identity and metadata.
import { isObject, objectAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import { forbidden, invalid, required } from '../field-error.ts';
import type { FieldError } from '../field-error.ts';

const EMBEDDED = 'x-kubernetes-embedded-resource';
const PRESERVE = 'x-kubernetes-preserve-unknown-fields';

/** Findings about a schema that is the root or an embedded resource. */
export function resourceErrors(
  schema: JsonObject,
  path: string,
  isRoot: boolean,
): readonly FieldError[] {
  const isEmbedded = schema[EMBEDDED] === true;
  const errors: FieldError[] = [];
  if (isRoot && schema['additionalProperties'] !== undefined) {
    errors.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
  }
  if (isEmbedded) errors.push(...embeddedErrors(schema, path));
  if (!isRoot && !isEmbedded) return errors;
  const properties = objectAt(schema, 'properties');
  for (const [name, type] of [
    ['kind', 'string'],
    ['apiVersion', 'string'],
    ['metadata', 'object'],
  ] as const) {
    const part = properties[name];
    if (!isObject(part) || part['type'] === type) continue;
    errors.push(invalid(`${path}.properties[${name}].type`, part['type'] ?? '', `must be ${type}`));
  }
  const { metadata } = properties;
  if (isRoot && isObject(metadata) && !namesOnly(metadata)) {
    const why =
      'must not specify anything other than name and generateName, but metadata is implicitly specified';
    errors.push(forbidden(`${path}.properties[metadata]`, why));
  }
  return errors;
}

function embeddedErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const type = schema['type'];
  if (type !== 'object') {
    const why = `must be object if ${EMBEDDED} is true`;
    const field = `${path}.type`;
    errors.push(type === undefined ? required(field, why) : invalid(field, type, why));
  }
  if (schema['additionalProperties'] !== undefined) {
    const why = `must not be used if ${EMBEDDED} is set`;
    errors.push(forbidden(`${path}.additionalProperties`, why));
  }
  const isEmpty = Object.keys(objectAt(schema, 'properties')).length === 0;
  if (schema[PRESERVE] !== true && isEmpty) {
    const why = `must not be empty if ${EMBEDDED} is true without ${PRESERVE}`;
    errors.push(required(`${path}.properties`, why));
  }
  return errors;
}

/** Defaults are told elsewhere; everything else but the two names is too much. */
function namesOnly(metadata: JsonObject): boolean {
  const names = Object.keys(objectAt(metadata, 'properties'));
  if (!names.every((name) => name === 'name' || name === 'generateName')) return false;
  return Object.keys(metadata).every((key) =>
    ['type', 'properties', 'default', 'description'].includes(key),
  );
}
