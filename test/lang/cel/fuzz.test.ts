// Random and mutated expressions over random objects: nothing escapes as an exception.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, healthEnvironment, toJson } from '../../../src/lang/cel/index.ts';
import type { Environment, Outcome, Value } from '../../../src/lang/cel/index.ts';
import { specTests } from './cel-spec.ts';

const environment: Environment = { ...healthEnvironment, result: undefined };
const limits = { cost: 20_000, deadline: 50, now: () => performance.now() };

const KINDS = ['value', 'error', 'unknown'];

/** Compiles with and without the checker; both must answer. */
function run(expression: string, variables: Record<string, Value>): Outcome | undefined {
  const checked = compile(expression, environment);
  const unchecked = compile(expression, environment, { check: false });
  for (const compilation of [checked, unchecked]) {
    if (!compilation.ok) {
      const [first] = compilation.diagnostics;
      expect(first?.snippet).toMatch(/^ \| .*\n \| \.*\^$/s);
      continue;
    }
    const outcome = compilation.program.evaluate(variables, limits);
    expect(KINDS).toContain(outcome.kind);
    if (outcome.kind === 'value') JSON.stringify(toJson(outcome.value));
    return outcome;
  }
  return undefined;
}

const atom = fc.oneof(
  fc.constantFrom(
    'self',
    'self.a',
    'self.b.c',
    'x',
    'null',
    'true',
    '[]',
    '{}',
    '1',
    '-1',
    '0u',
    '2.5',
  ),
  fc.constantFrom(
    '"a"',
    "b'\\xff'",
    'duration("1h")',
    'timestamp(0)',
    'optional.none()',
    'type(1)',
  ),
  fc.integer().map(String),
  fc.double().map((value) => `double("${value}")`),
  fc.string().map((text) => JSON.stringify(text)),
);
const OPERATORS = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in'];
const MEMBERS = ['size', 'contains', 'matches', 'split', 'format', 'getHours', 'value', 'orValue'];
const MACROS = ['all', 'exists', 'exists_one', 'map', 'filter', 'optMap', 'transformMap', 'sortBy'];

const expression = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc
      .tuple(tie('tree'), fc.constantFrom(...OPERATORS), tie('tree'))
      .map((parts) => `(${parts.join(' ')})`),
    fc.tuple(tie('tree'), tie('tree'), tie('tree')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc
      .tuple(tie('tree'), fc.constantFrom(...MEMBERS), tie('tree'))
      .map(([a, name, b]) => `${a}.${name}(${b})`),
    fc
      .tuple(tie('tree'), fc.constantFrom(...MACROS), tie('tree'))
      .map(([a, name, b]) => `${a}.${name}(x, ${b})`),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `${a}[${b}]`),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `${a}[?${b}]`),
    fc.tuple(tie('tree'), fc.constantFrom('a', 'b', 'constructor')).map(([a, b]) => `${a}.?${b}`),
    fc.array(tie('tree'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `{${a}: ${b}}`),
    tie('tree').map((inner) => `!${inner}`),
    fc
      .tuple(fc.constantFrom('int', 'string', 'size', 'bool', 'type', 'bytes'), tie('tree'))
      .map(([f, a]) => `${f}(${a})`),
  ),
})).tree;

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Value>;

describe('Fuzzing', () => {
  it('answers every random expression', () => {
    fc.assert(
      fc.property(expression, json, (text, self) => {
        run(text, { self, x: 1 });
      }),
      { numRuns: 1500, seed: 7 },
    );
  });

  it('answers every mutation of a real expression', () => {
    const corpus = specTests().map((spec) => spec.test.original.expr);
    const mutation = fc.record({
      text: fc.constantFrom(...corpus),
      other: fc.constantFrom(...corpus),
      at: fc.nat(),
      length: fc.nat({ max: 8 }),
      piece: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('(', ')', '?', '.', '"', '[')),
      mix: fc.boolean(),
    });
    fc.assert(
      fc.property(mutation, json, ({ text, other, at, length, piece, mix }, self) => {
        const place = at % (text.length + 1);
        const inserted = mix ? other : piece;
        run(text.slice(0, place) + inserted + text.slice(place + length), { self });
      }),
      { numRuns: 2500, seed: 11 },
    );
  });

  it('answers every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        run(text, {});
      }),
      { numRuns: 1500, seed: 13 },
    );
  });
});
