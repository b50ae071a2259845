// Keywords of a schema that hold another kind of value than they must: nothing else can be asked of those.
import { isObject } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { invalid } from '../field-error.ts';
import type { FieldError } from '../field-error.ts';

type Test = readonly [holds: (value: Json) => boolean, words: string];

const COUNT: Test = [
  (value) => isWhole(value) && Number(value) >= 0,
  'must be a whole number of at least 0',
];
const NUMBER: Test = [isNumber, 'must be a number'];
const TEXT: Test = [(value) => typeof value === 'string', 'must be a string'];
const FLAG: Test = [(value) => typeof value === 'boolean', 'must be a boolean'];
const TEXTS: Test = [
  (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  'must be a list of strings',
];
const SCHEMA: Test = [isObject, 'must be a schema'];
const SCHEMAS: Test = [
  (value) => Array.isArray(value) && (value as readonly Json[]).every(isObject),
  'must be a list of schemas',
];

const TESTS: Readonly<Record<string, Test>> = {
  ...all('maxLength minLength maxItems minItems maxProperties minProperties', COUNT),
  ...all('maximum minimum', NUMBER),
  multipleOf: [(value) => isNumber(value) && Number(value) > 0, 'must be a number above 0'],
  ...all(
    'type format pattern title description x-kubernetes-list-type x-kubernetes-map-type',
    TEXT,
  ),
  ...all(
    'nullable uniqueItems exclusiveMaximum exclusiveMinimum x-kubernetes-preserve-unknown-fields ' +
      'x-kubernetes-embedded-resource x-kubernetes-int-or-string',
    FLAG,
  ),
  ...all('required x-kubernetes-list-map-keys', TEXTS),
  enum: [(value) => Array.isArray(value), 'must be a list'],
  not: SCHEMA,
  ...all('allOf anyOf oneOf', SCHEMAS),
  properties: [
    (value) => isObject(value) && Object.values(value).every((part) => isObject(part)),
    'must be a map of schemas',
  ],
  items: [(value) => isObject(value) || Array.isArray(value), 'must be a schema'],
  additionalProperties: [
    (value) => isObject(value) || typeof value === 'boolean',
    'must be a schema or a boolean',
  ],
};

function all(names: string, test: Test): Readonly<Record<string, Test>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, test]));
}

/** Findings about one schema, not about the parts below it. */
export function keywordErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, [holds, words]] of Object.entries(TESTS)) {
    const value = schema[key];
    if (value === undefined || value === null || holds(value)) continue;
    errors.push(invalid(`${path}.${key}`, value, words));
  }
  return errors;
}

function isNumber(value: Json): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isWhole(value: Json): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}
