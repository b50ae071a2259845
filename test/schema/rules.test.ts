// Rules of a schema: what an entry may hold, what compiles, what it may cost, and what rules say to a value.
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { checkStructural } from '../../src/schema/check-structural.ts';
import { formatFieldError } from '../../src/schema/field-error.ts';
import { createSchemaValidator } from '../../src/schema/validator.ts';

const validator = createSchemaValidator();

function object(properties: JsonObject, ...rules: readonly Json[]): JsonObject {
  const own = rules.length === 0 ? {} : { 'x-kubernetes-validations': rules };
  return { type: 'object', properties, ...own };
}

function field(schema: JsonObject, ...rules: readonly Json[]): JsonObject {
  return object({ f: { ...schema, 'x-kubernetes-validations': rules } });
}

const TEXT: JsonObject = { type: 'string', maxLength: 20 };
const NUMBER: JsonObject = { type: 'integer' };

function faults(schema: JsonObject): readonly string[] {
  return checkStructural(schema, { path: 's', validator, rules: 'compiled' }).map(formatFieldError);
}

const F = 's.properties[f].x-kubernetes-validations[0]';

describe('a rule in a schema', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['is fine where it fits its type', field(NUMBER, { rule: 'self > 0' }), []],
    [
      'knows fields with dashes, dots and keywords by their escaped names',
      object(
        { 'a-b': NUMBER, 'c.d': NUMBER, namespace: TEXT },
        { rule: 'self.a__dash__b + self.c__dot__d > 0 && self.__namespace__ != ""' },
      ),
      [],
    ],
    [
      'must be there',
      field(NUMBER, { message: 'x' }),
      [`${F}.rule: Required value: rule is not specified`],
    ],
    [
      'must be text',
      field(NUMBER, { rule: true }),
      [`${F}.rule: Invalid value: true: must be a string`],
    ],
    [
      'must be a map',
      field(NUMBER, 'self > 0'),
      [`${F}: Invalid value: "self > 0": must be a map`],
    ],
    [
      'stands in a list',
      object({ f: { ...NUMBER, 'x-kubernetes-validations': { rule: 'true' } } }),
      ['s.properties[f].x-kubernetes-validations: Invalid value: {"rule":"true"}: must be a list'],
    ],
    [
      'has no empty message',
      field(NUMBER, { rule: 'true', message: ' ' }),
      [`${F}.message: Invalid value: " ": must be non-empty if specified`],
    ],
    [
      'has a message of one line',
      field(NUMBER, { rule: 'true', message: 'a\nb' }),
      [`${F}.message: Invalid value: "a\\nb": must not contain line breaks`],
    ],
    [
      'of several lines needs a message',
      field(NUMBER, { rule: 'self > 0 &&\nself < 5' }),
      [`${F}.message: Required value: message must be specified if rule contains line breaks`],
    ],
    [
      'has no empty messageExpression',
      field(NUMBER, { rule: 'true', messageExpression: ' ' }),
      [`${F}.messageExpression: Required value: messageExpression must be non-empty if specified`],
    ],
    [
      'has one of four reasons',
      field(NUMBER, { rule: 'true', reason: 'Wrong' }),
      [
        `${F}.reason: Unsupported value: "Wrong": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`,
      ],
    ],
    [
      'names a field that there is',
      object({ a: NUMBER }, { rule: 'true', fieldPath: '.b' }),
      [
        's.x-kubernetes-validations[0].fieldPath: Invalid value: ".b": must be a valid path: does not refer to a valid field',
      ],
    ],
    [
      'names no entry of a list',
      object({ a: { type: 'array', items: NUMBER } }, { rule: 'true', fieldPath: '.a[0]' }),
      [
        's.x-kubernetes-validations[0].fieldPath: Invalid value: ".a[0]": must be a valid path: "[0]" is no field',
      ],
    ],
    [
      'must compile',
      field(NUMBER, { rule: 'self >' }),
      [`${F}.rule: Invalid value: "self >": compilation failed: Syntax error: unexpected '<EOF>'`],
    ],
    [
      'must fit the type of its place',
      field(NUMBER, { rule: `self == 'a'` }),
      [
        `${F}.rule: Invalid value: "self == 'a'": compilation failed: found no matching overload for '_==_' applied to '(int, string)'`,
      ],
    ],
    [
      'sees the fields of its own schema only',
      object({ a: object({}, { rule: 'self.b > 0' }), b: NUMBER }),
      [
        `s.properties[a].x-kubernetes-validations[0].rule: Invalid value: "self.b > 0": compilation failed: undefined field 'b'`,
      ],
    ],
    [
      'must be a bool',
      field(NUMBER, { rule: 'self + 1' }),
      [
        `${F}.rule: Invalid value: "self + 1": compilation failed: cel expression must evaluate to a bool`,
      ],
    ],
    [
      'has a message expression that is a text',
      field(NUMBER, { rule: 'self > 0', messageExpression: 'self' }),
      [
        `${F}.messageExpression: Invalid value: "self": compilation failed: cel expression must evaluate to string`,
      ],
    ],
    ['may compare with the old value', field(NUMBER, { rule: 'self >= oldSelf' }), []],
    [
      'cannot where entries of a list have no keys',
      object({
        f: {
          type: 'array',
          maxItems: 5,
          items: object({ a: NUMBER }, { rule: 'self == oldSelf' }),
        },
      }),
      [
        's.properties[f].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within s.properties[f]',
      ],
    ],
    [
      'says optionalOldSelf only where it reads the old value',
      field(NUMBER, { rule: 'self > 0', optionalOldSelf: true }),
      [`${F}.optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule`],
    ],
    [
      'sees the old value as an optional with optionalOldSelf',
      field(NUMBER, { rule: 'oldSelf.orValue(0) <= self', optionalOldSelf: true }),
      [],
    ],
    [
      'costs no more than ten million units',
      field({ type: 'array', items: NUMBER }, { rule: 'self.all(a, self.all(b, a == b))' }),
      [
        `${F}.rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`,
      ],
    ],
    [
      'is counted as often as its place can occur',
      object({
        f: {
          type: 'array',
          maxItems: 1000,
          items: {
            type: 'array',
            maxItems: 5000,
            items: TEXT,
            'x-kubernetes-validations': [{ rule: 'self.all(x, x != "a")' }],
          },
        },
      }),
      [
        's.properties[f].items.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of 2.5x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)',
      ],
    ],
    [
      'must not stand inside of a junctor',
      object({ f: { ...NUMBER, allOf: [{ 'x-kubernetes-validations': [{ rule: 'true' }] }] } }),
      [
        's.properties[f].allOf[0].x-kubernetes-validations: Forbidden: must be empty to be structural',
      ],
    ],
    [
      'lets the default through',
      field({ ...NUMBER, default: 0 }, { rule: 'self > 0', message: 'must be positive' }),
      ['s.properties[f].default: Invalid value: 0: must be positive'],
    ],
  ])('%s', (_name, schema, expected) => {
    expect(faults(schema)).toEqual(expected);
  });

  it('says where in the text the mistake is, also on later lines', () => {
    const schema = field(NUMBER, { rule: 'self > 0 &&\n  self.x == 1', message: 'x' });
    const [error] = checkStructural(schema, { validator, rules: 'compiled' });
    expect(error?.at).toEqual({ line: 2, column: 7 });
  });

  it('names the costly ones where only all of them together are too much', () => {
    const costly = { rule: 'self.all(x, x != 0)' };
    const properties = Object.fromEntries(
      Array.from({ length: 17 }, (_item, index) => [
        `f${String(index).padStart(2, '0')}`,
        { type: 'array', items: NUMBER, 'x-kubernetes-validations': [costly] },
      ]),
    );
    const said = faults(object(properties));
    expect(said).toHaveLength(5);
    expect(said[0]).toBe(
      's.properties[f00].x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema',
    );
    expect(said[4]).toMatch(
      /^s: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of 1\.\d{6}x/,
    );
  });
});

describe('rules and a value', () => {
  const say = (schema: JsonObject, value: Json, path = 'spec.config') =>
    validator.checkRules(schema, value, path).map(formatFieldError);

  it.each<[string, JsonObject, Json, readonly string[]]>([
    ['say nothing where they hold', field(NUMBER, { rule: 'self > 0' }), { f: 1 }, []],
    [
      'show a scalar and the rule, for want of a message',
      field(NUMBER, { rule: 'self > 0' }),
      { f: 0 },
      ['spec.config.f: Invalid value: 0: failed rule: self > 0'],
    ],
    [
      'show the message',
      field(TEXT, { rule: `self != 'a'`, message: ' not a ' }),
      { f: 'a' },
      ['spec.config.f: Invalid value: "a": not a'],
    ],
    [
      'show nothing of maps',
      object({ a: NUMBER, b: NUMBER }, { rule: 'self.a < self.b', message: 'a below b' }),
      { a: 2, b: 1 },
      ['spec.config: Invalid value: a below b'],
    ],
    [
      'name the field that fieldPath points to',
      object({ a: NUMBER }, { rule: 'self.a > 0', message: 'no', fieldPath: '.a' }),
      { a: 0 },
      ['spec.config.a: Invalid value: no'],
    ],
    [
      'word their message by an expression before all else',
      field(NUMBER, {
        rule: 'self > 0',
        message: 'no',
        messageExpression: `'got ' + string(self)`,
      }),
      { f: -1 },
      ['spec.config.f: Invalid value: -1: got -1'],
    ],
    [
      'fall back to the message where the expression fails',
      field(NUMBER, {
        rule: 'self > 0',
        message: 'no',
        messageExpression: `string(1 / (self + 1))`,
      }),
      { f: -1 },
      ['spec.config.f: Invalid value: -1: no'],
    ],
    [
      'fall back to it where the text has a line break',
      field(NUMBER, { rule: 'self > 0', message: 'no', messageExpression: `'a\\nb'` }),
      { f: -1 },
      ['spec.config.f: Invalid value: -1: no'],
    ],
    [
      'forbid',
      field(TEXT, { rule: 'false', reason: 'FieldValueForbidden', message: 'no' }),
      { f: 'a' },
      ['spec.config.f: Forbidden: no'],
    ],
    [
      'require',
      object(
        { a: TEXT },
        { rule: 'has(self.a)', reason: 'FieldValueRequired', message: 'say a', fieldPath: '.a' },
      ),
      {},
      ['spec.config.a: Required value: say a'],
    ],
    [
      'call a value a duplicate, and say why',
      field(TEXT, { rule: 'false', reason: 'FieldValueDuplicate', message: 'twice' }),
      { f: 'a' },
      ['spec.config.f: Duplicate value: "a": twice'],
    ],
    [
      'are asked of each entry of a list and each value of a map',
      object({
        l: {
          type: 'array',
          items: { ...NUMBER, 'x-kubernetes-validations': [{ rule: 'self > 0', message: 'no' }] },
        },
        m: {
          type: 'object',
          additionalProperties: {
            ...TEXT,
            'x-kubernetes-validations': [{ rule: `self != ''`, message: 'no' }],
          },
        },
      }),
      { l: [1, 0], m: { a: 'x', 'b.c': '' } },
      ['spec.config.l[1]: Invalid value: 0: no', 'spec.config.m[b.c]: Invalid value: "": no'],
    ],
    ['are not asked of what is not there', field(NUMBER, { rule: 'self > 0' }), {}, []],
    [
      'are not asked of null',
      field({ ...NUMBER, nullable: true }, { rule: 'self > 0' }),
      { f: null },
      [],
    ],
    [
      'that compare with an old value are not asked: there is none',
      field(NUMBER, { rule: 'self >= oldSelf' }),
      { f: 1 },
      [],
    ],
    [
      'that may do without one are',
      field(NUMBER, {
        rule: 'oldSelf.hasValue() || self == 0',
        optionalOldSelf: true,
        message: 'begins with 0',
      }),
      { f: 1 },
      ['spec.config.f: Invalid value: 1: begins with 0'],
    ],
    [
      'tell what went wrong while they were asked',
      object({ a: NUMBER }, { rule: 'self.a > 0' }),
      {},
      ['spec.config: Invalid value: "object": no such key: a evaluating rule: self.a > 0'],
    ],
    [
      'read numbers as doubles, ints as ints, and times as times',
      object(
        {
          n: { type: 'number' },
          i: NUMBER,
          t: { type: 'string', format: 'date-time' },
          d: { type: 'string', format: 'duration' },
        },
        {
          rule: `self.n == 1.0 && self.i == 1 && self.t > timestamp('2020-01-01T00:00:00Z') && self.d < duration('2m')`,
        },
      ),
      { n: 1, i: 1, t: '2024-01-01T00:00:00Z', d: '90s' },
      [],
    ],
    [
      'tell apart the two kinds of an int or string',
      field(
        { 'x-kubernetes-int-or-string': true, maxLength: 10 },
        { rule: `type(self) == int ? self > 0 : self.endsWith('%')` },
      ),
      { f: '5' },
      [
        `spec.config.f: Invalid value: "5": failed rule: type(self) == int ? self > 0 : self.endsWith('%')`,
      ],
    ],
  ])('%s', (_name, schema, value, expected) => {
    expect(faults(schema)).toEqual([]);
    expect(say(schema, value)).toEqual(expected);
  });

  it('repeat a long value only in part', () => {
    const schema = field({ type: 'string' }, { rule: 'false', message: 'no' });
    const [text = ''] = say(schema, { f: 'x'.repeat(5000) });
    expect(text).toBe(`spec.config.f: Invalid value: "${'x'.repeat(256)}…": no`);
  });

  it('stop where one of them costs more than Kubernetes allows', () => {
    const list = { type: 'array', items: NUMBER };
    const schema = object({
      f: { ...list, 'x-kubernetes-validations': [{ rule: 'self.all(a, self.all(b, a == b))' }] },
    });
    const [text = '', ...others] = say(schema, { f: Array.from({ length: 2000 }, () => 1) });
    expect(others).toEqual([]);
    expect(text).toContain(
      'no further validation rules will be run due to call cost exceeds limit',
    );
  });
});
