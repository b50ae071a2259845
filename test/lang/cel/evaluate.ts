// Evaluates an expression in an environment and prints the outcome, for tables of expressions.
import { compile } from '../../../src/lang/cel/index.ts';
import type { Environment, Value } from '../../../src/lang/cel/index.ts';
import { writeJson } from '../../../src/lang/cel/json-writer.ts';

/** The value as JSON, `class: message` of an error, or the diagnostics. */
export function evaluate(
  expression: string,
  environment: Environment,
  variables: Record<string, Value> = {},
): string {
  const compilation = compile(expression, environment);
  if (!compilation.ok) {
    const shown = compilation.diagnostics.map(
      ({ line, column, message }) => `${line}:${column}: ${message}`,
    );
    return shown.join('\n');
  }
  const outcome = compilation.program.evaluate(variables);
  if (outcome.kind === 'value') return writeJson(outcome.value);
  if (outcome.kind === 'unknown') return `unknown: ${outcome.reason}`;
  const { line, column } = outcome.position;
  return `${line}:${column}: ${outcome.class}: ${outcome.message}`;
}
