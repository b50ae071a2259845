// `sluice eval cel`: one request is one expression with its variables (design/cli.md).
import { compile } from './compile.ts';
import { withVariables } from './environment.ts';
import type { Environment } from './environment.ts';
import { ENVIRONMENTS } from './environments.ts';
import type { Dialect } from './environments.ts';
import type { Limits } from './frame.ts';
import { readJson } from './json-reader.ts';
import { writeJson } from './json-writer.ts';
import type { Diagnostic } from './position.ts';
import { requireBool } from './program.ts';
import type { Variables } from './program.ts';
import { toJson } from './to-json.ts';
import type { Json } from './to-json.ts';
import { DYN } from './type.ts';
import { isMap } from './value.ts';
import type { Value } from './value.ts';

export type CelAnswer =
  { readonly id?: Json; readonly value: Json } | { readonly id?: Json; readonly error: string };

/**
 * Answers `{id?, expression, variables?, dialect?, result?}`.
 *
 * Whatever the expression comes to is the answer; with `result: "bool"` it must be a bool, by the rules
 * of the dialect (probes want that statically). The dialect is `probe` unless given; variables that the
 * dialect does not know are declared as dyn.
 */
export function answerCelRequest(request: unknown, limits: Partial<Limits> = {}): CelAnswer {
  const { id, ...answer } = evaluateRequest(request as Value, limits);
  const named = id === undefined ? {} : { id: toJson(id) };
  if ('error' in answer) return { ...named, error: answer.error };
  return { ...named, value: toJson(answer.value) };
}

/** As `answerCelRequest` from JSON text to JSON text, with exact ints and `2.0` as a double. */
export function answerCelLine(line: string, limits: Partial<Limits> = {}): string {
  let request: Value;
  try {
    request = readJson(line);
  } catch {
    return JSON.stringify({ error: 'the line is no JSON' });
  }
  const answer = evaluateRequest(request, limits);
  const id = answer.id === undefined ? '' : `"id":${writeJson(answer.id)},`;
  if ('error' in answer) return `{${id}"error":${JSON.stringify(answer.error)}}`;
  return `{${id}"value":${writeJson(answer.value)}}`;
}

type Answer = { readonly id: Value | undefined } & (
  { readonly value: Value } | { readonly error: string }
);

function evaluateRequest(request: Value, limits: Partial<Limits>): Answer {
  if (!isMap(request)) return { id: undefined, error: 'the request is no object' };
  const { id, expression, variables = {}, dialect = 'probe', result } = request as Variables;
  if (typeof expression !== 'string') return { id, error: 'expression is no text' };
  if (!isMap(variables)) return { id, error: 'variables is no object' };
  if (!isDialect(dialect))
    return { id, error: 'dialect is not one of probe, filter, dependency, health' };
  const strict = result === 'bool';
  const environment = environmentFor(dialect, variables as Variables, strict);
  const compilation = compile(expression, environment);
  if (!compilation.ok) return { id, error: compilation.diagnostics.map(text).join('\n') };
  const evaluated = compilation.program.evaluate(variables as Variables, limits);
  const outcome = strict ? requireBool(evaluated) : evaluated;
  return outcome.kind === 'value' ? { id, value: outcome.value } : { id, error: outcome.message };
}

function isDialect(name: Value): name is Dialect {
  return typeof name === 'string' && Object.hasOwn(ENVIRONMENTS, name);
}

function environmentFor(dialect: Dialect, variables: Variables, strict: boolean): Environment {
  const base = ENVIRONMENTS[dialect];
  const added = Object.keys(variables).filter((name) => !base.variables.has(name));
  const environment = withVariables(base, Object.fromEntries(added.map((name) => [name, DYN])));
  return strict ? environment : { ...environment, result: undefined };
}

/** As cel-go prints it. */
function text(diagnostic: Diagnostic): string {
  const { line, column, message, snippet } = diagnostic;
  return `ERROR: <input>:${line}:${column}: ${message}\n${snippet}`;
}
