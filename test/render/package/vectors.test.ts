// Vectors lifted from upstream's tests: filters (§16.9), configuration (§16.11), JSONPath (§16.10), ranges (§5.3).
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/model/json.ts';
import { admitConfig } from '../../../src/render/package/config.ts';
import { createConditionSet, createPathFilter } from '../../../src/render/package/filter.ts';
import { parsePackageConstraint } from '../../../src/render/package/version-range.ts';
import { copySourceItem } from '../../../src/render/render-object-template.ts';
import { createSchemaValidator } from '../../../src/schema/index.ts';
import { formatFieldError } from '../../../src/schema/index.ts';

const validator = createSchemaValidator();

describe('filters (§16.9)', () => {
  const context = {
    config: { banana: 'bread', n: 1 },
    environment: { kubernetes: { version: 'v1' } },
  };
  const evaluate = (
    expression: string,
    named: readonly { name: string; expression: string }[] = [],
  ) => {
    const set = createConditionSet(named, context);
    if (set.kind === 'invalid') return set.message;
    const verdict = set.conditions.evaluate(expression);
    return verdict.kind === 'value' ? verdict.value : verdict.message;
  };

  test.each<[string, boolean]>([
    ['config.banana == "bread"', true],
    ['.config.banana == "foo"', false],
    ['has(.environment.hyperShift)', false],
    ['has(.environment.kubernetes)', true],
    ['config.n == 1 && config.n > 0.5', true],
    ['"x" in config', false],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression)).toBe(expected);
  });

  test.each<[string, RegExp]>([
    ['true && fals', /^CEL expression compilation error: .*undeclared reference to 'fals'/],
    ['2 + 3', /^invalid return type: int, expected bool$/],
    ['config.none == 1', /^program evaluation error: no such key: none$/],
    ['.package.metadata.name == "x"', /^CEL expression compilation error: /],
  ])('%s is refused', (expression, expected) => {
    expect(evaluate(expression)).toMatch(expected);
  });

  test('named conditions are seen as cond', () => {
    expect(
      evaluate('cond.isFoo', [{ name: 'isFoo', expression: '.config.banana == "bread"' }]),
    ).toBe(true);
  });

  test.each<
    [name: string, named: readonly { name: string; expression: string }[], expected: RegExp]
  >([
    [
      'a name that is none',
      [{ name: '1ustTrue', expression: 'true' }],
      /^invalid CEL condition name: '1ustTrue'$/,
    ],
    [
      'a name twice',
      [
        { name: 'justTrue', expression: 'true' },
        { name: 'justTrue', expression: 'true' },
      ],
      /^duplicate CEL condition name: 'justTrue'$/,
    ],
    [
      'an expression that is none',
      [{ name: 'x', expression: '.config.banana "foo"' }],
      /^CEL condition evaluation failed: 'x': CEL expression compilation error: /,
    ],
    [
      'a condition that looks at another one',
      [
        { name: 'a', expression: 'true' },
        { name: 'b', expression: 'cond.a' },
      ],
      /^CEL condition evaluation failed: 'b': CEL expression compilation error: .*undeclared reference to 'cond'/,
    ],
  ])('%s', (_name, named, expected) => {
    expect(evaluate('true', named)).toMatch(expected);
  });

  test('exclusion wins, and a true expression includes nothing again', () => {
    const set = createConditionSet([], context);
    if (set.kind === 'invalid') throw new Error(set.message);
    const filter = createPathFilter(
      [
        { glob: 'a/**', expression: 'false' },
        { glob: 'a/b.yaml', expression: 'true' },
      ],
      set.conditions,
    );
    if (filter.kind === 'invalid') throw new Error(filter.message);
    expect(['a/b.yaml', 'a/c/d.yaml', 'b.yaml'].map(filter.excludes)).toEqual([true, true, false]);
  });
});

describe('configuration', () => {
  const schema = {
    type: 'object',
    required: ['test', 'banana'],
    properties: { test: { type: 'string' }, banana: { type: 'string' } },
  };
  const admit = (given: Json | undefined, path: string) =>
    admitConfig(given, { schema, validator, path });
  const errors = (given: Json | undefined, path = ''): readonly string[] => {
    const result = admit(given, path);
    return result.kind === 'ok' ? result.errors.map(formatFieldError).sort() : [result.reason];
  };

  test('a number for a string, and a missing field (§16.11)', () => {
    expect(errors({ test: 42 })).toEqual([
      'banana: Required value',
      'test: Invalid value: "number": test in body must be of type string: "number"',
    ]);
  });

  test('null and nothing are an empty map', () => {
    expect(errors(null, 'spec.config')).toEqual(errors({}, 'spec.config'));
    expect(errors(undefined, 'spec.config')).toEqual([
      'spec.config.banana: Required value',
      'spec.config.test: Required value',
    ]);
  });

  test('anything but a map is unreadable', () => {
    expect(errors([1])).toEqual(['unmarshal config: must be a map, is a list']);
  });

  test('without a schema everything is discarded', () => {
    expect(admitConfig({ a: 1 }, { schema: undefined, validator, path: '' })).toEqual({
      kind: 'ok',
      config: {},
      errors: [],
    });
  });

  test('unknown fields go, missing ones get their default', () => {
    const open = {
      type: 'object',
      properties: { a: { type: 'integer', default: 1 }, b: { type: 'object', properties: {} } },
    };
    const result = admitConfig({ b: { x: 1 }, c: 2 }, { schema: open, validator, path: '' });
    expect(result).toEqual({ kind: 'ok', config: { a: 1, b: {} }, errors: [] });
  });
});

describe('values of sources (§16.10)', () => {
  const source = {
    data: { name: '123', 'some.thing': 'dotted', nested: { name: '456' } },
    number: 123,
    list: [
      { a: 'x', b: 1 },
      { a: 'y', b: 2 },
    ],
  };
  const copy = (key: string, destination = '.out'): Json | string => {
    const config: Record<string, Json> = {};
    return copySourceItem({ key, destination }, source, config) ?? config;
  };

  test.each<[key: string, expected: Json]>([
    ['.data.name', '123'],
    ['data.name', '123'],
    ['{.data.name}', '123'],
    ['{data.name}', '123'],
    ['.number', 123],
    [String.raw`.data['some\.thing']`, 'dotted'],
    [String.raw`.data.some\.thing`, 'dotted'],
    ['.data..name', ['123', '456']],
    ['.list[0].a', 'x'],
    ['.list[-1].a', 'y'],
    ['.list[*].a', ['x', 'y']],
    ['.list[?(@.b==2)].a', 'y'],
    ['.list[?(@.a=="x")].b', 1],
    ['.list[0:1]', { a: 'x', b: 1 }],
  ])('%s', (key, out) => {
    expect(copy(key)).toEqual({ out });
  });

  test.each<[key: string, destination: string, expected: string]>([
    ['.none', '.out', 'none is not found'],
    ['.data.none.deeper', '.out', 'none is not found'],
    ['.data.name', 'banana', 'path banana must be a JSONPath with a leading dot'],
    [
      '{.a}{.b}',
      '.out',
      "path {.a}{.b}, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    ],
  ])('%s to %s: %s', (key, destination, expected) => {
    expect(copy(key, destination)).toBe(expected);
  });

  test('destinations nest', () => {
    expect(copy('.data.name', '.a.b.c')).toEqual({ a: { b: { c: '123' } } });
  });
});

describe('version ranges (§5.3)', () => {
  test.each<[range: string, version: string, expected: boolean]>([
    ['1.2.3', 'v1.2.3', true],
    ['=1.2', '1.2.9', true],
    ['==1.2', '1.2.9', true],
    ['== 1.2, >1.2.3', '1.2.3', false],
    ['>=1.25', 'v1.31.0', true],
    ['>1.2', '1.2.9', false],
    ['>1.2', '1.3.0', true],
    ['<=1.2', '1.2.9', true],
    ['<1.2', '1.2.0', false],
    ['!=1.2', '1.2.5', false],
    ['!=1.2', '1.3.0', true],
    ['1 - 2', '2.0.0', true],
    ['1 - 2', '2.0.1', false],
    ['1.x', '1.9.9', true],
    ['*', '0.0.1', true],
    ['~1.2.3', '1.2.9', true],
    ['~1.2.3', '1.3.0', false],
    ['^1.2.3', '1.9.0', true],
    ['^0.2.3', '0.3.0', false],
    ['>=1.2 <1.4 || 2.x', '2.5.0', true],
    ['>=1.2 <1.4 || 2.x', '1.4.0', false],
    ['>= 1.2, < 1.4', '1.3.0', true],
    ['>=1.2', '1.3.0-rc.1', true],
  ])('%s allows %s: %s', (range, version, expected) => {
    expect(parsePackageConstraint(range)?.allows(version)).toBe(expected);
  });

  test.each(['', 'abc', '>=', '1.2.3.4', '1 || ', '~> 1.2', '===1.2'])(
    '%j is improper',
    (range) => {
      expect(parsePackageConstraint(range)).toBeUndefined();
    },
  );

  test.each([
    ['1.2', true],
    ['>=1.2 || 1.x', true],
    ['>=1.0, *', true],
    ['1 - 2', false],
    ['>= 1.2, < 1.x', false],
    ['==1.2', false],
  ])('%s names a version without an operator: %s', (range, expected) => {
    expect(parsePackageConstraint(range)?.isBare).toBe(expected);
  });
});
