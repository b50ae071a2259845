// What each environment has and how it reads numbers.
import { describe, expect, it } from 'vitest';
import {
  compile,
  dependencyEnvironment,
  ENVIRONMENTS,
  filterEnvironment,
  filterVariables,
  healthEnvironment,
  OPTIONS,
  probeEnvironment,
  requireBool,
  withLibraries,
  withVariables,
} from '../../../src/lang/cel/index.ts';
import type { Environment, Value } from '../../../src/lang/cel/index.ts';
import { evaluate } from './evaluate.ts';

const self = {
  metadata: { name: 'hans', generation: 3 },
  spec: { replicas: 3 },
  status: { replicas: 3, items: [1, 2], ratio: 1.5 },
  deletionTimestamp: null,
};
const free: Environment = { ...probeEnvironment, result: undefined };

/** reference/cel.md §6: JSON integers are ints, as in Kubernetes. */
const KUBERNETES: readonly (readonly [string, string])[] = [
  ['self.metadata.name == "hans"', 'true'],
  ['self.status.replicas == 3', 'true'],
  ['self.status.ratio > 1', 'true'],
  ['size(self.status.items) == 2', 'true'],
  ['self.spec.replicas + 1', '4'],
  ['self.spec.replicas - 1 >= 2', 'true'],
  ['self.spec.replicas % 2 == 1', 'true'],
  ['self.spec.replicas * 100 / 4', '75'],
  ['self.spec.replicas / 2', '1'],
  ['-7 / 2', '-3'],
  ['-7 % 2', '-1'],
  ['type(self.spec.replicas) == int', 'true'],
  ["'%d'.format([self.spec.replicas])", '"3"'],
  ['self.status.nope', '1:12: noSuchKey: no such key: nope'],
  ['has(self.nope.x)', '1:9: noSuchKey: no such key: nope'],
  ['has(self.deletionTimestamp)', 'true'],
  ['self.nope == 1 || true', 'true'],
  ['true || self.nope == 1', 'true'],
  ['self.nope == 1 && false', 'false'],
  ['string(duration("90s"))', '"90s"'],
  ['timestamp("2024-01-01T00:00:00Z") + duration("24h")', '"2024-01-02T00:00:00Z"'],
  ["{'a': 1, 'a': 2}", '1:10: invalidArgument: Failed with repeated key'],
  ["'ABC'.matches('(?i)^abc$')", 'true'],
  ['9223372036854775807 + 1', '1:21: overflow: integer overflow'],
  ['9007199254740992 + 1', '9007199254740993'],
  ['9007199254740993 - 9007199254740992', '1'],
  ['1 / 0', '1:3: divideByZero: division by zero'],
  ['1.0 == self.spec.replicas - 2.0', '1:27: noSuchOverload: no such overload'],
  ['1 == 1.0', "1:3: found no matching overload for '_==_' applied to '(int, double)'"],
  ['1 < 1.5', 'true'],
  ['dyn(1) == 1.0', 'true'],
  ['[1, 1.0]', "1:5: expected type 'int' but found 'double'"],
  ['[1, "a"].size() == 2', "1:5: expected type 'int' but found 'string'"],
  ["'%s %d'.format(['a', 1])", '"a 1"'],
  ['duration("PT1H")', '1:10: invalid duration argument: invalid duration'],
  ['timestamp("today")', '1:11: invalid timestamp argument: invalid timestamp'],
  ['self.metadata.name.matches("(")', '1:28: invalid matches argument: '],
  ['self.?nope.?x.orValue(7)', '7'],
  ['self.?metadata.name.value()', '"hans"'],
  ['self.status.items.transformMap(i, v, v * 2)', '{"0":2,"1":4}'],
  ['self.status.items.exists(i, v, i == 1 && v == 2)', 'true'],
  ['duration("1h2m3s4ms").getMilliseconds()', '3723004'],
  ['string(timestamp("2024-01-01T01:00:00+01:00"))', '"2024-01-01T01:00:00+01:00"'],
  ['cel.bind(x, 1, x)', "1:5: undeclared reference to 'bind' (in container '')"],
  ['math.greatest(1, 2)', "1:6: undeclared reference to 'greatest' (in container '')"],
];

describe('The probe environment', () => {
  it.each(KUBERNETES)('%s', (expression, expected) => {
    expect(evaluate(expression, free, { self })).toContain(expected);
  });

  it.each([
    ['self.ready', 'cel expression must evaluate to a bool'],
    ['1 + 1', 'cel expression must evaluate to a bool'],
    ['size(self)', 'cel expression must evaluate to a bool'],
    ['dep.ready == true', "undeclared reference to 'dep'"],
    ['status.ready == true', "undeclared reference to 'status'"],
  ])('refuses %s', (expression, message) => {
    expect(evaluate(expression, probeEnvironment)).toContain(message);
  });

  it('takes a comparison with a bool', () => {
    expect(evaluate('self.ready == true', probeEnvironment, { self: { ready: true } })).toBe(
      'true',
    );
  });
});

const context = { config: { banana: 'bread', n: 1, big: 2.5 }, environment: { hyperShift: {} } };
const filter = withVariables(
  filterEnvironment,
  filterVariables(['config', 'environment', 'images', 'package'], true),
);
const filtering: Record<string, Value> = { ...context, cond: { isFoo: true } };

/** package-operator §4 and §16.9. */
const FILTER: readonly (readonly [string, string])[] = [
  ['config.banana == "bread"', 'true'],
  ['.config.banana == "foo"', 'false'],
  ['has(.environment.hyperShift)', 'true'],
  ['cond.isFoo', 'true'],
  ['config.n == 1', 'true'],
  ['config.n > 1', 'false'],
  ['config.n + 1.0 == 2.0', 'true'],
  ['config.n + 1 == 2', '1:10: noSuchOverload: no such overload'],
  ['type(config.n) == double', 'true'],
  ['config.missing == 1', '1:7: noSuchKey: no such key: missing'],
  ['"banana" in config', 'true'],
  ['true && fals', "1:9: undeclared reference to 'fals' (in container '')"],
  ['.package.metadata.name == "x"', '1:2: reserved identifier: package'],
  ['config.?banana.hasValue()', "unsupported syntax '?'"],
  ['config.`banana` == "bread"', "unsupported syntax: '`'"],
  ['config.banana.lowerAscii() == "bread"', "undeclared reference to 'lowerAscii'"],
  ['config.banana.startsWith("br")', 'true'],
  ['1 < 2.0', "found no matching overload for '_<_' applied to '(int, double)'"],
  ['config.banana "foo"', 'Syntax error: mismatched input \'"foo"\' expecting <EOF>'],
];

describe('The filter environment', () => {
  it.each(FILTER)('%s', (expression, expected) => {
    expect(evaluate(expression, filter, filtering)).toContain(expected);
  });

  it.each([
    ['2 + 3', 'invalid return type: int, expected bool'],
    ['config.n', 'invalid return type: double, expected bool'],
    ['config.banana', 'invalid return type: string, expected bool'],
    ['[1]', 'invalid return type: list, expected bool'],
  ])('checks at run time that %s is a bool', (expression, message) => {
    const compilation = compile(expression, filter);
    if (!compilation.ok) throw new Error('does not compile');
    expect(requireBool(compilation.program.evaluate(filtering))).toMatchObject({ message });
  });
});

describe('The health and dependency environments', () => {
  it('has the top-level fields as variables', () => {
    const expression = 'status.conditions.exists(c, c.type == "Ready") && metadata.generation == 3';
    const object = { metadata: { generation: 3 }, status: { conditions: [{ type: 'Ready' }] } };
    expect(evaluate(expression, healthEnvironment, object)).toBe('true');
    expect(evaluate('status.ready', healthEnvironment, {})).toContain(
      'noSuchVariable: no such attribute(s): status',
    );
    expect(evaluate('1 + 1', healthEnvironment)).toContain('must evaluate to a bool');
  });

  it('tells a field that is named like a type from the type', () => {
    expect(evaluate('type == "Opaque"', healthEnvironment, { type: 'Opaque' })).toBe('true');
    expect(evaluate('list.all(x, x > 0)', healthEnvironment, { list: [1] })).toBe('true');
    expect(evaluate('type(status) == map', healthEnvironment, { status: {} })).toBe('true');
  });

  it('compares an object with its dependency', () => {
    const expression = 'self.metadata.name == dep.metadata.name';
    const object = { metadata: { name: 'a' } };
    expect(evaluate(expression, dependencyEnvironment, { self: object, dep: object })).toBe('true');
  });

  it.each(['probe', 'dependency', 'health'] as const)('%s carries all libraries', (dialect) => {
    const environment = { ...ENVIRONMENTS[dialect], result: undefined };
    const expressions = [
      '"a,b".split(",").size() == 2',
      '[3, 1].sort()[0] == 1',
      '[1, 2].sum() == 3',
      'sets.contains([1], [1])',
      '"abc".find("b") == "b"',
      'url("http://a/b").getHost() == "a"',
      'isIP("::1")',
      'cidr("10.0.0.0/8").containsIP("10.1.1.1")',
      'quantity("1Ki").isGreaterThan(quantity("1k"))',
      'semver("1.2.3").major() == 1',
      '!format.dns1123Label().validate("a").hasValue()',
      'base64.encode(b"a") == "YQ=="',
      '[1].transformList(i, v, i + v) == [1]',
      '[1].sortBy(x, -x) == [1]',
    ];
    for (const expression of expressions) expect(evaluate(expression, environment)).toBe('true');
  });

  it('has math and bind only where they are asked for', () => {
    const environment = withLibraries(free, [OPTIONS.math, OPTIONS.bind]);
    expect(evaluate('cel.bind(x, math.greatest(1, 2), x + x)', environment)).toContain('4');
    expect(environment.name).toBe('probe+math+bind');
  });
});
