// The worst that rules can cost. The numbers are those that Kubernetes finds for the same rules
// (kubernetes/apiextensions-apiserver, TestCostEstimation, Apache-2.0), without and with a limit in the schema.
import { describe, expect, it } from 'vitest';
import {
  compileRule,
  estimateCost,
  mostOccurrences,
  schemaSize,
} from '../../../src/lang/cel/index.ts';
import type { BoundedSchema } from '../../../src/lang/cel/index.ts';

type Limited = (limit?: number) => BoundedSchema;

const FORMATS = ['byte', 'duration', 'date', 'date-time'];

function scalar(name: string): BoundedSchema {
  if (name === 'int-or-string') return { 'x-kubernetes-int-or-string': true };
  return FORMATS.includes(name) ? { type: 'string', format: name } : { type: name };
}

const text: Limited = (maxLength) => withLimit({ type: 'string' }, { maxLength });

function withLimit(
  schema: BoundedSchema,
  limit: Record<string, number | undefined>,
): BoundedSchema {
  const [[key, value] = ['', undefined]] = Object.entries(limit);
  return value === undefined ? schema : { ...schema, [key]: value };
}

function listOf(items: BoundedSchema, maxItems?: number): BoundedSchema {
  return withLimit({ type: 'array', items }, { maxItems });
}

function mapOf(values: BoundedSchema, maxProperties?: number): BoundedSchema {
  return withLimit({ type: 'object', additionalProperties: values }, { maxProperties });
}

const list =
  (name: string): Limited =>
  (limit) =>
    listOf(scalar(name), limit);
const map =
  (name: string): Limited =>
  (limit) =>
    mapOf(scalar(name), limit);

const ITEM: BoundedSchema = {
  type: 'object',
  required: ['required'],
  properties: { required: text(), optional: text() },
};
const NESTED: Limited = (limit) => listOf(mapOf(ITEM, limit), limit);

function costOf(schema: BoundedSchema, rule: string): number {
  const compiled = compileRule(rule, { schema, isObject: false, optionalOldSelf: false });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  const size = schemaSize(schema);
  return estimateCost(compiled.program, { self: size, oldSelf: size });
}

/** What is asked, of which schema, the cost without a limit, the limit, and the cost with it. */
type Row = readonly [rule: string, of: string, Limited, free: number, limit: number, bound: number];

const ALL = 'self.all(x, true)';
const ROWS: readonly Row[] = [
  [ALL, 'numbers', list('number'), 4718591, 10, 32],
  [ALL, 'texts', list('string'), 3145727, 20, 62],
  [ALL, 'booleans', list('boolean'), 1887437, 5, 17],
  [ALL, 'lists', (limit) => listOf(listOf(scalar('number'), limit), limit), 3145727, 100, 302],
  [ALL, 'ints or strings', list('int-or-string'), 4718591, 10, 32],
  [ALL, 'durations', list('duration'), 2359295, 5, 17],
  [ALL, 'dates', list('date'), 725936, 15, 47],
  [ALL, 'times', list('date-time'), 428963, 25, 77],
  [ALL, 'a map of numbers', map('number'), 1348169, 10, 32],
  [ALL, 'a map of texts', map('string'), 1179647, 3, 11],
  [ALL, 'a map of booleans', map('boolean'), 943718, 100, 302],
  [ALL, 'a map of objects', (limit) => mapOf(ITEM, limit), 428963, 20, 62],
  [ALL, 'a map of maps', (limit) => mapOf(mapOf(scalar('number')), limit), 1179647, 10, 32],
  [ALL, 'a map of durations', map('duration'), 1048577, 5, 17],
  [ALL, 'a map of dates', map('date'), 524288, 10, 32],
  [ALL, 'a map of times', map('date-time'), 349526, 25, 77],
  ['self.all(x, x == 0.0)', 'numbers, more than fit', list('number'), 6291454, 6291456, 25165826],
  ['self.all(x, x["y"].required == "z")', 'objects in maps', NESTED, 7340027, 10, 72],
  [
    'self.all(x, x.y == 25.2)',
    'maps of numbers',
    (limit) => listOf(mapOf(scalar('number'), limit), limit),
    6291452,
    12,
    74,
  ],
  ['self[1] == 0.0', 'numbers', list('number'), 2, 5000, 2],
  ['self[1] == self[1]', 'texts without a limit', list('string'), 314577, 8, 314577],
  ['self[0] == 5', 'ints or strings', list('int-or-string'), 3, 10, 3],
  ['self[0] == null', 'objects', (limit) => listOf(ITEM, limit), 2, 422, 2],
  ['self[0].getHours() == 2', 'durations', list('duration'), 4, 525, 4],
  ['self["a"] == self["b"]', 'a map of times', map('date-time'), 8, 7, 8],
  ['oldSelf.size() == self.size()', 'a map', map('integer'), 5, 10, 5],
  [`self.contains('test')`, 'a text', text, 314574, 10, 5],
  [`self.startsWith('test')`, 'a text', text, 2, 15, 2],
  ['size(self + "hello") > size("hello")', 'a text', text, 314578, 4, 7],
  ['self.matches("x")', 'a text', text, 314574, 50, 22],
  ['"".matches("(((((((((())))))))))[0-9]")', 'a text', text, 7, 10, 7],
  ['self.matches("")', 'a text', text, 1, 100, 1],
  ['self == "x"', 'a text, with no room', text, 2, 0, 1],
  [`self.find('[0-9]+') == ''`, 'a text', text, 629147, 10, 11],
  [`self.lowerAscii() == 'lower!'`, 'a text', text, 314575, 10, 6],
  [
    `self.join(' ') == 'aa bb'`,
    'texts',
    (limit) => listOf(text(limit), limit),
    329853068905,
    10,
    43,
  ],
  ['self.isSorted() == true', 'texts', (limit) => listOf(text(limit), limit), 329854432052, 10, 52],
  [
    `self.str.replace(self.before, self.after) == 'does not matter'`,
    'three texts',
    (limit) => ({
      type: 'object',
      properties: { str: text(limit), before: text(2), after: text(4) },
    }),
    629154,
    4,
    12,
  ],
  [
    'self.str.split(self.separator) == []',
    'two texts',
    (limit) => ({ type: 'object', properties: { str: text(limit), separator: text(limit) } }),
    629160,
    10,
    22,
  ],
  [
    `self.contains('A')`,
    'one of four texts',
    (limit) => ({ ...text(limit), enum: ['A', 'B', 'C', 'LongValue'] }),
    2,
    1000,
    401,
  ],
  [
    'isQuantity(self)',
    'an int or string',
    (maxLength) => withLimit({ 'x-kubernetes-int-or-string': true }, { maxLength }),
    314574,
    20,
    9,
  ],
];

describe('the worst cost of a rule', () => {
  it.each(ROWS)('%s over %s', (...[rule, , schema, free, limit, bound]) => {
    expect([costOf(schema(), rule), costOf(schema(limit), rule)]).toEqual([free, bound]);
  });

  it.each([
    ['loops in loops multiply', 'self.all(x, self.all(y, true))', 352],
    ['three of them once more', 'self.all(x, self.all(y, self.all(z, true)))', 3552],
  ])('%s', (_name, rule, bound) => {
    expect(costOf(list('number')(), rule)).toBeGreaterThan(10_000_000);
    expect(costOf(list('number')(10), rule)).toBe(bound);
  });

  it('has no end where nothing says how large a value is', () => {
    expect(costOf(map('string')(5), `self.x.contains('a')`)).toBe(Infinity);
  });

  it('keeps the elements of a filtered list apart from the list', () => {
    const schema = listOf(text(10), 10);
    expect(costOf(schema, `self.filter(x, true).all(y, y.contains('a'))`)).toBeLessThan(300);
  });

  it.each<[string, BoundedSchema, number]>([
    ['numbers', scalar('number'), 1572864],
    ['objects with a required field', ITEM, 185042],
  ])('counts how often a part fits into one request: %s', (_name, schema, times) => {
    expect(mostOccurrences(schema)).toBe(times);
  });
});
