// Costs as Kubernetes counts them, and what happens at a limit.
import { describe, expect, it } from 'vitest';
import { compile, healthEnvironment } from '../../../src/lang/cel/index.ts';
import type { Limits, Outcome, Program, Value } from '../../../src/lang/cel/index.ts';

const environment = { ...healthEnvironment, result: undefined };

function programOf(expression: string): Program {
  const compilation = compile(expression, environment);
  if (!compilation.ok) throw new Error(compilation.diagnostics[0]?.message);
  return compilation.program;
}

const variables: Record<string, Value> = {
  list: [1, 2, 3],
  text: 'x'.repeat(95),
  other: 'y'.repeat(30),
  map: { a: 1 },
  flag: true,
};

const COSTS: readonly (readonly [string, string, number])[] = [
  ['a literal is free', '1', 0],
  ['a name costs 1', 'list', 1],
  ['a selection costs 1 more', 'map.a', 2],
  ['an index costs 1 more', 'list[0]', 2],
  ['a call costs 1 more', 'size(list)', 2],
  ['a list of constants is free', '[1, 2, 3]', 0],
  ['another list costs 10', '[flag]', 11],
  ['a map costs 30', '{"a": flag}', 31],
  ['what && does not look at is free', '!flag && list == list', 2],
  ['one branch of a choice is free', 'flag ? 1 : size(list)', 1],
  ['joining texts costs a tenth of both', 'text + other', 2 + 13],
  ['comparing texts costs a tenth of the shorter', 'text == other', 2 + 3],
  ['membership costs the length of the list', '4 in list', 1 + 1 + 3],
  ['a search costs a tenth by a tenth', 'text.contains(other)', 2 + 10 * 3],
  ['a match costs a tenth by a quarter', 'text.matches("abcdefgh")', 1 + 10 * 2],
  ['all costs 3 a step', 'list.all(x, true)', 1 + 1 + 3 * 3],
  ['exists costs 4 a step', 'list.exists(x, false)', 1 + 1 + 3 * 4],
  ['map builds a list a step', 'list.map(x, x)', 1 + 11 + 3 * (1 + 11 + 1)],
  ['filter pays for what it keeps', 'list.filter(x, x > 2)', 1 + 11 + 3 * 3 + 12],
];

describe('Costs', () => {
  it.each(COSTS)('%s: %s', (_sentence, expression, cost) => {
    expect(programOf(expression).measure(variables).cost).toBe(cost);
  });
});

function limited(expression: string, limits: Partial<Limits>): Outcome {
  return programOf(expression).evaluate(variables, limits);
}

describe('Limits', () => {
  it('gives unknown with the reason', () => {
    expect(limited('list.all(x, true)', { cost: 10 })).toEqual({
      kind: 'unknown',
      reason: 'cost',
      message: 'evaluation stopped: cost limit of 10 exceeded',
    });
    expect(limited('list.all(x, true)', { cost: 11 })).toEqual({ kind: 'value', value: true });
  });

  it('reads the clock only once work has piled up', () => {
    let reads = 0;
    const now = (): number => reads++ * 1000;
    expect(limited('list.all(x, true)', { now }).kind).toBe('value');
    expect(reads).toBe(0);
    const long = Array.from({ length: 1000 }, (_, index) => index);
    const outcome = programOf('long.all(x, true)').evaluate({ long }, { now });
    expect(outcome).toMatchObject({ kind: 'unknown', reason: 'deadline' });
  });

  it('names the limits of the text', () => {
    const message = (expression: string): string | undefined => {
      const compilation = compile(expression, environment, { maxLength: 50, maxDepth: 5 });
      return compilation.ok ? undefined : compilation.diagnostics[0]?.message;
    };
    expect(message('a'.repeat(51))).toBe('expression is longer than the limit of 50 characters');
    expect(message('((((((1))))))')).toBe('expression is nested deeper than the limit of 5');
    expect(message('1+1+1+1+1+1+1')).toBe('expression is nested deeper than the limit of 5');
    expect(message('a||a||a||a||a||a||a')).toBeUndefined();
  });
});
