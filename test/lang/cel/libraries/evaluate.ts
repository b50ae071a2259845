// Evaluates an expression with every library, and turns tables of expressions into tests.
import { describe, expect, it } from 'vitest';
import {
  compile,
  OPTIONS,
  probeEnvironment,
  withLibraries,
} from '../../../../src/lang/cel/index.ts';
import type { Value } from '../../../../src/lang/cel/index.ts';
import { render } from './render.ts';

const { result: _result, ...unbound } = withLibraries(probeEnvironment, [OPTIONS.math]);
const environment = { ...unbound, result: undefined };

/** The printed value, or `error` followed by the message. */
export function evaluate(expression: string, self: Value = {}): string {
  const compiled = compile(expression, environment);
  if (!compiled.ok) return `error: ${compiled.diagnostics.map((item) => item.message).join(', ')}`;
  const outcome = compiled.program.evaluate({ self });
  return outcome.kind === 'value' ? render(outcome.value) : `error: ${outcome.message}`;
}

/** What an evaluation costs. */
export function costOf(expression: string, self: Value = {}): number {
  const compiled = compile(expression, environment);
  if (!compiled.ok) throw new Error(`does not compile: ${expression}`);
  return compiled.program.measure({ self }).cost;
}

type Rows = readonly (readonly [expression: string, printed: string])[];

/** One test per expression; `error` as the expected value stands for any error. */
export function describeRows(subject: string, groups: Readonly<Record<string, Rows>>): void {
  describe(subject, () => {
    for (const [sentence, rows] of Object.entries(groups)) {
      describe(sentence, () => {
        it.each(rows)('%s is %s', (expression, printed) => {
          const actual = evaluate(expression);
          if (printed === 'error') expect(actual).toMatch(/^error: ./);
          else expect(actual).toBe(printed);
        });
      });
    }
  });
}
