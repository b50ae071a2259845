// Canonical JSON: the text does not depend on how a value was put together.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/lib/canonical-json.ts';

describe('the text of a value', () => {
  it.each<[string, unknown, string]>([
    ['keys are sorted at every depth', { b: { d: 1, c: 2 }, a: [] }, '{"a":[],"b":{"c":2,"d":1}}'],
    ['a bigint prints like the number it equals', { n: 5n }, '{"n":5}'],
    ['large integers are exact', [9007199254740993n], '[9007199254740993]'],
    ['a large float prints its digits, as a bigint would', 1e21, '1000000000000000000000'],
    ['minus zero is zero', -0, '0'],
    ['members without a value are left out', { a: undefined, b: null }, '{"b":null}'],
    ['a missing list item keeps its place', [undefined, 1], '[null,1]'],
    [
      'a map counts as an object',
      new Map([
        ['b', 1],
        ['a', 2],
      ]),
      '{"a":2,"b":1}',
    ],
    ['a key named __proto__ is data', JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
    ['strings are escaped as JSON does', 'a"\n\u2028', '"a\\"\\n\u2028"'],
  ])('%s', (_sentence, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [Symbol('x')], [() => 1]])(
    '%s is refused',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    },
  );
});

describe('properties', () => {
  it('the order in which keys were written does not show', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        return canonicalJson(object) === canonicalJson(reversed);
      }),
    );
  });

  it('it reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
