// Structural schemas: pruning, defaulting, validation with an API server's words, and the form of schemas.
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { applyDefaults, dropNulls } from '../../src/schema/apply-defaults.ts';
import { checkStructural } from '../../src/schema/check-structural.ts';
import { formatFieldError } from '../../src/schema/field-error.ts';
import { pruneUnknown } from '../../src/schema/prune.ts';
import { createSchemaValidator } from '../../src/schema/validator.ts';

const validator = createSchemaValidator();

function object(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: 'object', properties, ...more };
}

function messages(schema: JsonObject, value: Json, path = 'spec.config'): readonly string[] {
  return validator.validate(schema, value, { path }).map(formatFieldError).toSorted();
}

describe('pruning', () => {
  const preserve = { 'x-kubernetes-preserve-unknown-fields': true };
  it.each<[string, JsonObject, Json, Json]>([
    [
      'drops fields the schema does not name',
      object({ a: { type: 'string' } }),
      { a: 'x', b: 1 },
      { a: 'x' },
    ],
    ['drops them in lists', { type: 'array', items: object({}) }, [{ a: 1 }], [{}]],
    ['keeps them where the schema says so', object({}, preserve), { a: { b: 1 } }, { a: { b: 1 } }],
    [
      'prunes described fields of an object that keeps others',
      object({ a: object({}) }, preserve),
      { a: { x: 1 }, b: { y: 1 } },
      { a: {}, b: { y: 1 } },
    ],
    [
      'prunes values of maps',
      { type: 'object', additionalProperties: object({ a: { type: 'string' } }) },
      { k: { a: 'x', b: 'y' } },
      { k: { a: 'x' } },
    ],
    [
      'keeps identity and metadata of embedded resources',
      object({ spec: object({}) }, { 'x-kubernetes-embedded-resource': true }),
      { apiVersion: 'v1', kind: 'K', metadata: { name: 'n', x: 1 }, spec: { y: 1 }, z: 1 },
      { apiVersion: 'v1', kind: 'K', metadata: { name: 'n', x: 1 }, spec: {} },
    ],
    ['leaves values of another form to validation', object({}), 'text', 'text'],
  ])('%s', (_name, schema, value, expected) => {
    expect(pruneUnknown(schema, value)).toEqual(expected);
  });
});

describe('defaulting', () => {
  const schema = object({
    mode: { type: 'string', default: 'a' },
    nested: object({ size: { type: 'integer', default: 1 } }, { default: {} }),
    absent: object({ size: { type: 'integer', default: 1 } }),
    nullable: { type: 'string', nullable: true, default: 'd' },
    list: { type: 'array', items: object({ port: { type: 'integer', default: 80 } }) },
  });
  it.each<[string, Json, Json]>([
    [
      'fills what is missing, inside of defaults too',
      {},
      { mode: 'a', nested: { size: 1 }, nullable: 'd' },
    ],
    [
      'makes no object that has no default',
      { nested: { size: 2 } },
      { mode: 'a', nested: { size: 2 }, nullable: 'd' },
    ],
    [
      'replaces null where null is not allowed',
      { mode: null, nullable: null },
      { mode: 'a', nested: { size: 1 }, nullable: null },
    ],
    [
      'fills entries of lists',
      { list: [{}, { port: 1 }] },
      { mode: 'a', nested: { size: 1 }, nullable: 'd', list: [{ port: 80 }, { port: 1 }] },
    ],
  ])('%s', (_name, value, expected) => {
    expect(applyDefaults(schema, value)).toEqual(expected);
  });

  it('drops nulls that nothing allows', () => {
    expect(dropNulls(schema, { absent: null, nullable: null })).toEqual({ nullable: null });
  });
});

describe('validation', () => {
  const field = (schema: JsonObject): JsonObject => object({ x: schema });
  it.each<[JsonObject, Json, string[]]>([
    [object({ x: { type: 'string' } }, { required: ['x'] }), {}, ['spec.config.x: Required value']],
    [
      field({ type: 'string' }),
      { x: 1.5 },
      [
        'spec.config.x: Invalid value: "number": spec.config.x in body must be of type string: "number"',
      ],
    ],
    [
      field({ type: 'string' }),
      { x: 42 },
      [
        'spec.config.x: Invalid value: "integer": spec.config.x in body must be of type string: "integer"',
      ],
    ],
    [
      field({ type: 'string' }),
      { x: null },
      [
        'spec.config.x: Invalid value: "null": spec.config.x in body must be of type string: "null"',
      ],
    ],
    [
      field({ type: 'string', enum: ['a', 'b'] }),
      { x: 'c' },
      ['spec.config.x: Unsupported value: "c": supported values: "a", "b"'],
    ],
    [
      field({ type: 'integer', enum: [1, 2] }),
      { x: 3 },
      ['spec.config.x: Unsupported value: 3: supported values: "1", "2"'],
    ],
    [
      field({ type: 'integer', minimum: 1 }),
      { x: 0 },
      [
        'spec.config.x: Invalid value: 0: spec.config.x in body should be greater than or equal to 1',
      ],
    ],
    [
      field({ type: 'integer', maximum: 10 }),
      { x: 70 },
      [
        'spec.config.x: Invalid value: 70: spec.config.x in body should be less than or equal to 10',
      ],
    ],
    [
      field({ type: 'integer', minimum: 1, exclusiveMinimum: true }),
      { x: 1 },
      ['spec.config.x: Invalid value: 1: spec.config.x in body should be greater than 1'],
    ],
    [
      field({ type: 'string', minLength: 2 }),
      { x: 'a' },
      ['spec.config.x: Invalid value: "a": spec.config.x in body should be at least 2 chars long'],
    ],
    [
      field({ type: 'string', maxLength: 1 }),
      { x: 'ab' },
      ['spec.config.x: Too long: may not be more than 1 bytes'],
    ],
    [
      field({ type: 'string', pattern: '^[\\w-.]+$' }),
      { x: '!' },
      ['spec.config.x: Invalid value: "!": spec.config.x in body should match \'^[\\w-.]+$\''],
    ],
    [field({ type: 'string', pattern: '(?i)^abc$' }), { x: 'ABC' }, []],
    [
      field({ type: 'string', pattern: '^(a+)+$' }),
      { x: `${'a'.repeat(40)}!` },
      [
        `spec.config.x: Invalid value: "${'a'.repeat(40)}!": spec.config.x in body should match '^(a+)+$'`,
      ],
    ],
    [
      field({ type: 'array', maxItems: 1, items: { type: 'string' } }),
      { x: ['a', 'b'] },
      ['spec.config.x: Too many: 2: must have at most 1 items'],
    ],
    [
      field({ type: 'array', items: object({ p: { type: 'integer' } }) }),
      { x: [{ p: 'q' }] },
      [
        'spec.config.x[0].p: Invalid value: "string": spec.config.x[0].p in body must be of type integer: "string"',
      ],
    ],
    [
      field({ 'x-kubernetes-int-or-string': true }),
      { x: true },
      [
        'spec.config.x: Invalid value: "boolean": spec.config.x in body must be of type integer,string: "boolean"',
      ],
    ],
    [
      field({
        'x-kubernetes-int-or-string': true,
        anyOf: [{ type: 'integer' }, { type: 'string' }],
      }),
      { x: '5%' },
      [],
    ],
    [field({ type: 'string', nullable: true }), { x: null }, []],
    [
      field({ type: 'string', format: 'date-time' }),
      { x: 'yesterday' },
      [
        'spec.config.x: Invalid value: "yesterday": spec.config.x in body must be of type date-time: "yesterday"',
      ],
    ],
    [field({ type: 'string', format: 'quantity' }), { x: 'anything' }, []],
    [field({ type: 'integer', format: 'int64' }), { x: 9007199254740993n }, []],
    [object({}, { 'x-kubernetes-validations': [{ rule: 'true' }] }), {}, []],
  ])('%j with %o', (schema, value, expected) => {
    expect(messages(schema, value)).toEqual(expected);
  });

  it('keeps the patterns of one schema apart', () => {
    const schema = object({
      a: { type: 'string', pattern: '^a$' },
      b: { type: 'string', pattern: '^b$' },
    });
    expect(messages(schema, { a: 'a', b: 'b' })).toEqual([]);
    expect(messages(schema, { a: 'b', b: 'a' })).toHaveLength(2);
  });

  it('calls every number a number where values have been through Go maps (package-operator §16.11)', () => {
    const schema = object(
      { test: { type: 'string' }, banana: {} },
      { required: ['test', 'banana'] },
    );
    const errors = validator.validate(schema, { test: 42 }, { numbers: 'float' });
    expect(errors.map(formatFieldError).toSorted()).toEqual([
      'banana: Required value',
      'test: Invalid value: "number": test in body must be of type string: "number"',
    ]);
  });
});

describe('the form of schemas', () => {
  it.each<[string, JsonObject, string[]]>([
    ['a plain schema is structural', object({ a: { type: 'string', default: 'x' } }), []],
    [
      'nullable root',
      { type: 'object', nullable: true },
      ['openAPIV3Schema.nullable: Forbidden: nullable cannot be true at the root'],
    ],
    ['untyped root', {}, ['openAPIV3Schema.type: Required value: must not be empty at the root']],
    [
      'untyped field',
      object({ a: {} }),
      [
        'openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields',
      ],
    ],
    [
      'untyped items',
      object({ a: { type: 'array', items: {} } }),
      [
        'openAPIV3Schema.properties[a].items.type: Required value: must not be empty for specified array items',
      ],
    ],
    [
      '$ref',
      object({ a: { type: 'string', $ref: '#/x' } }),
      ['openAPIV3Schema.properties[a].$ref: Forbidden: $ref is not supported'],
    ],
    ['id', object({}, { id: 'x' }), ['openAPIV3Schema.id: Forbidden: id is not supported']],
    [
      'definitions',
      object({}, { definitions: { a: {} } }),
      ['openAPIV3Schema.definitions: Forbidden: definitions is not supported'],
    ],
    [
      'patternProperties',
      object({}, { patternProperties: { a: {} } }),
      ['openAPIV3Schema.patternProperties: Forbidden: patternProperties is not supported'],
    ],
    [
      'dependencies',
      object({}, { dependencies: { a: ['b'] } }),
      ['openAPIV3Schema.dependencies: Forbidden: dependencies is not supported'],
    ],
    [
      'additionalItems',
      object({}, { additionalItems: { type: 'string' } }),
      ['openAPIV3Schema.additionalItems: Forbidden: additionalItems is not supported'],
    ],
    [
      'uniqueItems',
      object({ a: { type: 'array', items: { type: 'string' }, uniqueItems: true } }),
      [
        'openAPIV3Schema.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ],
    ],
    [
      'additionalProperties beside properties',
      object({
        m: object({ a: { type: 'string' } }, { additionalProperties: { type: 'string' } }),
      }),
      [
        'openAPIV3Schema.properties[m].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive',
      ],
    ],
    [
      'type inside of anyOf',
      object({ a: { type: 'string', anyOf: [{ type: 'string' }] } }),
      ['openAPIV3Schema.properties[a].anyOf[0].type: Forbidden: must be empty to be structural'],
    ],
    [
      'a default that is not valid',
      object({ a: { type: 'integer', default: 'x' } }),
      [
        'openAPIV3Schema.properties[a].default: Invalid value: "string": openAPIV3Schema.properties[a].default in body must be of type integer: "string"',
      ],
    ],
    [
      'a default with unknown fields',
      object({ a: object({}, { default: { b: 1 } }) }),
      [
        'openAPIV3Schema.properties[a].default: Invalid value: {"b":1}: must not have unknown fields',
      ],
    ],
    [
      'int-or-string with its anyOf',
      object({
        a: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
      }),
      [],
    ],
    [
      'a keyed list without keys',
      object({ a: { type: 'array', items: object({}), 'x-kubernetes-list-type': 'map' } }),
      [
        'openAPIV3Schema.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map',
      ],
    ],
  ])('%s', (_name, schema, expected) => {
    expect(checkStructural(schema, { validator }).map(formatFieldError)).toEqual(expected);
  });

  it('names a pattern that does not compile', () => {
    const [error] = checkStructural(object({ a: { type: 'string', pattern: '(' } }), { validator });
    expect(error?.field).toBe('openAPIV3Schema.properties[a].pattern');
  });
});

describe('several patterns in one schema', () => {
  it('are told apart', () => {
    const schema = object({
      a: { type: 'string', pattern: '^a$' },
      b: { type: 'string', pattern: '^b$' },
    });
    expect(messages(schema, { a: 'a', b: 'b' })).toEqual([]);
    expect(messages(schema, { a: 'a', b: 'a' })).toHaveLength(1);
  });
});
