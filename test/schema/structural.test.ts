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

const TEXT: JsonObject = { type: 'string' };
const X = 'openAPIV3Schema.properties[x]';
const KEYS = `${X}.x-kubernetes-list-map-keys`;
const PRESERVE = 'x-kubernetes-preserve-unknown-fields';
const EMBEDDED = 'x-kubernetes-embedded-resource';

describe('the form of schemas', () => {
  const field = (schema: JsonObject): JsonObject => object({ x: schema });

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
    [
      'additionalProperties at the root',
      { type: 'object', additionalProperties: { type: 'string' } },
      ['openAPIV3Schema.additionalProperties: Forbidden: must not be used at the root'],
    ],
    [
      'additionalProperties: true beside properties',
      field({ ...object({ a: TEXT }), additionalProperties: true }),
      [],
    ],
    [
      'an unknown type',
      field({ type: 'text' }),
      [
        `${X}.type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"`,
      ],
    ],
    [
      'type null',
      field({ type: 'null' }),
      [`${X}.type: Forbidden: type cannot be set to null, use nullable as an alternative`],
    ],
    [
      'preserve-unknown-fields: false',
      field({ ...object({}), [PRESERVE]: false }),
      [`${X}.${PRESERVE}: Invalid value: false: must be true or undefined`],
    ],
    [
      'int-or-string that keeps unknown fields, or is a resource',
      field({ 'x-kubernetes-int-or-string': true, [PRESERVE]: true }),
      [
        `${X}.${PRESERVE}: Invalid value: true: must be false if x-kubernetes-int-or-string is true`,
      ],
    ],
    [
      'int-or-string with a type',
      field({ type: 'string', 'x-kubernetes-int-or-string': true }),
      [`${X}.type: Invalid value: "string": must be empty if x-kubernetes-int-or-string is true`],
    ],
    [
      'int-or-string in the first entry of allOf',
      field({
        'x-kubernetes-int-or-string': true,
        allOf: [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, { pattern: '^.$' }],
      }),
      [],
    ],
    [
      'an embedded resource of another type',
      field({ type: 'string', [EMBEDDED]: true, [PRESERVE]: true }),
      [`${X}.type: Invalid value: "string": must be object if ${EMBEDDED} is true`],
    ],
    [
      'an embedded resource without fields',
      field({ type: 'object', [EMBEDDED]: true }),
      [
        `${X}.properties: Required value: must not be empty if ${EMBEDDED} is true without ${PRESERVE}`,
      ],
    ],
    [
      'an embedded resource inside of metadata',
      field(
        object(
          { metadata: object({ name: { ...object({}), [EMBEDDED]: true, [PRESERVE]: true } }) },
          { [EMBEDDED]: true },
        ),
      ),
      [
        `${X}.properties[metadata].properties[name].${EMBEDDED}: Forbidden: must not be used inside of resource meta`,
      ],
    ],
    [
      'kind and metadata of another type at the root',
      object({ kind: { type: 'integer' }, metadata: { type: 'string' } }),
      [
        'openAPIV3Schema.properties[kind].type: Invalid value: "integer": must be string',
        'openAPIV3Schema.properties[metadata].type: Invalid value: "string": must be object',
      ],
    ],
    [
      'metadata at the root that says more than the names',
      object({ metadata: object({ labels: object({}) }) }),
      [
        'openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
      ],
    ],
    [
      'a default of the kind at the root',
      object({ kind: { type: 'string', default: 'a' } }),
      ['openAPIV3Schema.properties[kind].default: Forbidden: must not be set in top-level kind'],
    ],
    [
      'what describes, inside of a junctor',
      field({
        ...TEXT,
        not: { nullable: true, default: 'a', description: 'b', additionalProperties: {} },
      }),
      [
        `${X}.not.default: Forbidden: must be undefined to be structural`,
        `${X}.not.additionalProperties: Forbidden: must be undefined to be structural`,
        `${X}.not.nullable: Forbidden: must be false to be structural`,
        `${X}.not.description: Forbidden: must be empty to be structural`,
      ],
    ],
    [
      'a field that only a junctor knows',
      object({ a: TEXT }, { anyOf: [{ required: ['b'], properties: { b: { minLength: 1 } } }] }),
      [
        'openAPIV3Schema.properties[b]: Required value: because it is defined in openAPIV3Schema.anyOf[0].properties[b]',
      ],
    ],
    [
      'entries that only a junctor knows',
      object({ a: TEXT }, { oneOf: [{ properties: { a: { items: { minLength: 1 } } } }] }),
      [
        'openAPIV3Schema.properties[a].items: Required value: because it is defined in openAPIV3Schema.oneOf[0].properties[a].items',
      ],
    ],
    [
      'the same below the root, where an API server does not look',
      field(object({ a: TEXT }, { anyOf: [{ properties: { b: { minLength: 1 } } }] })),
      [],
    ],
    [
      'an unknown type of list',
      field({ type: 'array', items: TEXT, 'x-kubernetes-list-type': 'bag' }),
      [
        `${X}.x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "map", "set"`,
      ],
    ],
    [
      'a type of list on a map',
      field({ ...object({}), 'x-kubernetes-list-type': 'atomic' }),
      [`${X}.type: Invalid value: "object": must be array if x-kubernetes-list-type is specified`],
    ],
    [
      'a set of maps that are not atomic',
      field({ type: 'array', items: object({}), 'x-kubernetes-list-type': 'set' }),
      [
        `${X}.items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set`,
      ],
    ],
    [
      'a set whose members may be null',
      field({ type: 'array', items: { ...TEXT, nullable: true }, 'x-kubernetes-list-type': 'set' }),
      [`${X}.items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set`],
    ],
    [
      'a key that is no field, one that may be missing, one that is a map, one that may be null, and one twice',
      field({
        type: 'array',
        items: object(
          { b: TEXT, c: object({}), d: { ...TEXT, nullable: true } },
          { required: ['c', 'd'] },
        ),
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['a', 'b', 'c', 'd', 'd'],
      }),
      [
        `${KEYS}[0]: Invalid value: "a": entries must all be names of item properties`,
        `${X}.items.properties[b].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
        `${X}.items.properties[c].type: Invalid value: "object": must be a scalar type if parent array's x-kubernetes-list-type is map`,
        `${X}.items.properties[d].nullable: Forbidden: this property is in x-kubernetes-list-map-keys, so it cannot be nullable`,
        `${X}.items.properties[d].nullable: Forbidden: this property is in x-kubernetes-list-map-keys, so it cannot be nullable`,
        `${KEYS}[4]: Invalid value: "d": must not contain duplicate entries`,
      ],
    ],
    [
      'keys of a list that is no map',
      field({
        type: 'array',
        items: TEXT,
        'x-kubernetes-list-type': 'set',
        'x-kubernetes-list-map-keys': ['a'],
      }),
      [
        `${X}.x-kubernetes-list-type: Invalid value: "set": must be map if x-kubernetes-list-map-keys is non-empty`,
      ],
    ],
    [
      'an unknown type of map',
      field({ ...object({}), 'x-kubernetes-map-type': 'loose' }),
      [
        `${X}.x-kubernetes-map-type: Unsupported value: "loose": supported values: "atomic", "granular"`,
      ],
    ],
    [
      'a type of map on a text',
      field({ ...TEXT, 'x-kubernetes-map-type': 'atomic' }),
      [`${X}.type: Invalid value: "string": must be object if x-kubernetes-map-type is specified`],
    ],
    [
      'a list without items',
      field({ type: 'array' }),
      [`${X}.items: Required value: must be specified`],
    ],
    [
      'items that are a list of schemas',
      field({ type: 'array', items: [TEXT] }),
      [`${X}.items: Forbidden: items must be a schema object and not an array`],
    ],
    [
      'keywords of another type than they must have',
      field({
        type: 'string',
        maxLength: '5',
        nullable: 'yes',
        required: 'a',
        enum: 'b',
        multipleOf: 0,
      }),
      [
        `${X}.maxLength: Invalid value: "5": must be a whole number of at least 0`,
        `${X}.multipleOf: Invalid value: 0: must be a number above 0`,
        `${X}.nullable: Invalid value: "yes": must be a boolean`,
        `${X}.required: Invalid value: "a": must be a list of strings`,
        `${X}.enum: Invalid value: "b": must be a list`,
      ],
    ],
    [
      'an empty enum and a name that is required twice',
      field({ ...object({ a: { ...TEXT, enum: [] } }), required: ['a', 'a'] }),
      [],
    ],
    [
      'a default that is beyond its format',
      field({ type: 'integer', format: 'int32', default: 2147483648 }),
      [
        `${X}.default: Invalid value: 2147483648: ${X}.default in body must be of type int32: 2147483648`,
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
