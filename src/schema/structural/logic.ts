// allOf, anyOf, oneOf and not: they may narrow what the schema describes and describe nothing themselves.
import { isObject, listAt, objectAt } from '../../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../../model/json.ts';
import { equalJson } from '../json-equal.ts';
import { forbidden, required } from '../field-error.ts';
import type { FieldError } from '../field-error.ts';
import { RULES } from '../rules/index.ts';

/** What describes values, and how an API server says that it must not stand here. */
const DESCRIBING: readonly (readonly [key: string, must: string])[] = [
  ['type', 'empty'],
  ['default', 'undefined'],
  ['additionalProperties', 'undefined'],
  ['nullable', 'false'],
  ['title', 'empty'],
  ['description', 'empty'],
  ['x-kubernetes-preserve-unknown-fields', 'false'],
  ['x-kubernetes-embedded-resource', 'false'],
  ['x-kubernetes-int-or-string', 'false'],
  ['x-kubernetes-list-type', 'undefined'],
  ['x-kubernetes-list-map-keys', 'empty'],
  ['x-kubernetes-map-type', 'undefined'],
  [RULES, 'empty'],
];

/** Findings about a schema inside of a junctor, not about the parts below it. */
export function nestedErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const errors = DESCRIBING.filter(([key]) => isSet(schema[key])).map(([key, must]) =>
    forbidden(`${path}.${key}`, `must be ${must} to be structural`),
  );
  if (Object.hasOwn(objectAt(schema, 'properties'), 'metadata')) {
    const why = 'must not be specified in a nested context';
    errors.push(forbidden(`${path}.properties[metadata]`, why));
  }
  return errors;
}

/** The schemas in the junctors of a schema, with their paths. */
export function junctors(schema: JsonObject): readonly (readonly [string, JsonObject])[] {
  const lists = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((key) =>
    listAt(schema, key).flatMap((child, index) =>
      isObject(child) ? [[`${key}[${index}]`, child] as const] : [],
    ),
  );
  const not = schema['not'];
  return isObject(not) ? [...lists, ['not', not]] : lists;
}

const INT_OR_STRING: Json = [{ type: 'integer' }, { type: 'string' }];

/**
 * Whether a branch is one of the two spellings of int-or-string, where alone a type may stand inside of a
 * junctor: `anyOf: [{type: integer}, {type: string}]`, or the same as the first entry of allOf.
 */
export function isIntOrString(schema: JsonObject, place: string): boolean {
  if (place.startsWith('anyOf')) return equalJson(schema['anyOf'] ?? null, INT_OR_STRING);
  const [first] = listAt(schema, 'allOf');
  return (
    place === 'allOf[0]' && isObject(first) && equalJson(first['anyOf'] ?? null, INT_OR_STRING)
  );
}

/** Every field and every list that a junctor of the root narrows must be described outside of it too. */
export function completenessErrors(schema: JsonObject, path: string): readonly FieldError[] {
  return junctors(schema).flatMap(([place, child]) =>
    missing(child, schema, { here: path, there: `${path}.${place}` }),
  );
}

interface Pair {
  /** Where the description stands, or should. */
  readonly here: string;
  /** Where it is narrowed. */
  readonly there: string;
}

function missing(
  nested: JsonObject,
  schema: JsonObject | undefined,
  { here, there }: Pair,
): readonly FieldError[] {
  if (schema === undefined) return [required(here, `because it is defined in ${there}`)];
  const errors = junctors(nested).flatMap(([place, child]) =>
    missing(child, schema, { here, there: `${there}.${place}` }),
  );
  const items = nested['items'];
  if (isObject(items)) {
    const described = schema['items'];
    errors.push(
      ...missing(items, isObject(described) ? described : undefined, {
        here: `${here}.items`,
        there: `${there}.items`,
      }),
    );
  }
  const properties = objectAt(schema, 'properties');
  for (const [name, child] of Object.entries(objectAt(nested, 'properties'))) {
    if (!isObject(child)) continue;
    const described = Object.hasOwn(properties, name) ? properties[name] : undefined;
    errors.push(
      ...missing(child, isObject(described) ? described : undefined, {
        here: `${here}.properties[${name}]`,
        there: `${there}.properties[${name}]`,
      }),
    );
  }
  return errors;
}

/** Whether a keyword says anything: false, empty texts and empty lists do not. */
export function isSet(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  if (Array.isArray(value)) return (value as JsonArray).length > 0;
  return true;
}
