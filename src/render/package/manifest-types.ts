// Whether the fields of a document have the types that decoding needs; unknown fields do not matter.
import { isObject } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { formatFieldPath } from './field-error.ts';
import type { FieldError } from './field-error.ts';

type Path = readonly (string | number)[];

/** Fields whose type differs from the schema's; null counts as absent, as in Go's decoding. */
export function typeErrors(schema: JsonObject, value: Json | undefined): readonly FieldError[] {
  const errors: FieldError[] = [];
  check(schema, value, [], errors);
  return errors;
}

function check(
  schema: JsonObject,
  value: Json | undefined,
  path: Path,
  errors: FieldError[],
): void {
  if (value === undefined || value === null) return;
  const type = schema['type'];
  if (typeof type === 'string' && !hasType(value, type)) {
    const message = `must be ${article(type)}, is ${article(typeName(value))}`;
    errors.push({ field: formatFieldPath(path), reason: 'FieldValueTypeInvalid', message });
    return;
  }
  const items = schema['items'];
  if (Array.isArray(value) && isObject(items)) {
    for (const [index, item] of (value as readonly Json[]).entries()) {
      check(items, item, [...path, index], errors);
    }
  }
  if (!isObject(value)) return;
  const properties = schema['properties'];
  const others = schema['additionalProperties'];
  for (const [key, child] of Object.entries(value)) {
    const own = isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : others;
    if (isObject(own)) check(own, child, [...path, key], errors);
  }
}

function hasType(value: Json, type: string): boolean {
  const actual = typeName(value);
  return actual === type || (type === 'number' && actual === 'integer');
}

function typeName(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = {
    array: 'a list',
    object: 'a map',
    integer: 'an integer',
  };
  return words[type] ?? `a ${type}`;
}
