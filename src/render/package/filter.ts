// Conditional filtering: CEL over the template context decides which files and objects stay (package-operator §4).
import type { ConditionalPath, NamedCondition } from '../../api/package-manifest.ts';
import {
  compile,
  filterEnvironment,
  filterVariables,
  requireBool,
  withVariables,
} from '../../lang/cel/index.ts';
import type { Compilation, Diagnostic, Position, Variables } from '../../lang/cel/index.ts';
import { compileGlob } from '../../lib/glob.ts';
import type { JsonObject } from '../../model/json.ts';

/** What is wrong with an expression, and where in it. */
export interface FilterFault {
  readonly message: string;
  readonly at?: Position | undefined;
  readonly hint?: string | undefined;
}

export type Verdict =
  { readonly kind: 'value'; readonly value: boolean } | ({ readonly kind: 'error' } & FilterFault);

export interface ConditionSet {
  /** Evaluates an expression over the context and the named conditions. */
  readonly evaluate: (expression: string) => Verdict;
}

/** A fault of one entry of a filter. */
export interface EntryFault extends FilterFault {
  readonly kind: 'invalid';
  readonly index: number;
  readonly field: 'name' | 'glob' | 'expression';
}

export type ConditionSetResult =
  { readonly kind: 'ok'; readonly conditions: ConditionSet } | EntryFault;

const CONDITION_NAME = /^[_a-zA-Z][_a-zA-Z0-9]*$/;

/**
 * Evaluates the named conditions once, in order; they see the context, not each other.
 * @param context top-level keys become variables; `package` stays out of reach, being a reserved word of CEL
 */
export function createConditionSet(
  named: readonly NamedCondition[],
  context: JsonObject,
): ConditionSetResult {
  const keys = Object.keys(context);
  const variables = context as Variables;
  const results: Record<string, boolean> = {};
  for (const [index, condition] of named.entries()) {
    const wrong = conditionNameFault(condition, index, results);
    if (wrong) return wrong;
    const verdict = evaluateBool(compileFilter(condition.expression, keys, false), variables);
    if (verdict.kind === 'error') return conditionFault(condition, index, verdict);
    results[condition.name] = verdict.value;
  }
  const all: Variables = { ...variables, cond: results };
  const known = new Map<string, Verdict>();
  return {
    kind: 'ok',
    conditions: {
      evaluate: (expression) => {
        const before = known.get(expression);
        if (before) return before;
        const verdict = evaluateBool(compileFilter(expression, keys, true), all);
        known.set(expression, verdict);
        return verdict;
      },
    },
  };
}

/** @param taken names of the conditions before this one */
export function conditionNameFault(
  { name }: NamedCondition,
  index: number,
  taken: Readonly<Record<string, unknown>>,
): EntryFault | undefined {
  const fault = { kind: 'invalid', index, field: 'name' } as const;
  if (!CONDITION_NAME.test(name)) {
    return { ...fault, message: `invalid CEL condition name: '${name}'` };
  }
  if (!Object.hasOwn(taken, name)) return undefined;
  return { ...fault, message: `duplicate CEL condition name: '${name}'` };
}

/** The fault of a named condition in the words of upstream. */
export function conditionFault(
  { name }: NamedCondition,
  index: number,
  { at, hint, message: reason }: FilterFault,
): EntryFault {
  const message = `CEL condition evaluation failed: '${name}': ${reason}`;
  return { kind: 'invalid', index, field: 'expression', message, at, hint };
}

/** Compiles a filter expression as upstream does: one untyped map per key of the context. */
export function compileFilter(
  expression: string,
  contextKeys: readonly string[],
  named: boolean,
): Compilation {
  return compile(expression, withVariables(filterEnvironment, filterVariables(contextKeys, named)));
}

/** Mistakes in one expression as one fault, at the place of the first. */
export function compilationFault(diagnostics: readonly Diagnostic[]): FilterFault {
  const [first] = diagnostics;
  const texts = diagnostics.map(
    ({ line, column, message, snippet }) => `${line}:${column}: ${message}\n${snippet}`,
  );
  const message = `CEL expression compilation error: ${texts.join('\n')}`;
  return first ? { message, at: first, hint: first.hint } : { message };
}

function evaluateBool(compiled: Compilation, variables: Variables): Verdict {
  if (!compiled.ok) return { kind: 'error', ...compilationFault(compiled.diagnostics) };
  const raw = compiled.program.evaluate(variables);
  if (raw.kind !== 'value') {
    const at = raw.kind === 'error' ? raw.position : undefined;
    return { kind: 'error', message: `program evaluation error: ${raw.message}`, at };
  }
  const outcome = requireBool(raw);
  if (outcome.kind !== 'value') return { kind: 'error', message: outcome.message };
  return { kind: 'value', value: outcome.value === true };
}

export type PathFilter =
  { readonly kind: 'ok'; readonly excludes: (path: string) => boolean } | EntryFault;

/** Every entry is evaluated; a path that matches the glob of any false one is left out. */
export function createPathFilter(
  entries: readonly ConditionalPath[],
  conditions: ConditionSet,
): PathFilter {
  const excluded: ((path: string) => boolean)[] = [];
  for (const [index, entry] of entries.entries()) {
    const verdict = conditions.evaluate(entry.expression);
    if (verdict.kind === 'error') return pathFault(entry, index, verdict);
    const compiled = compileGlob(entry.glob);
    if (compiled.kind === 'invalid') return globFault(entry, index, compiled.reason);
    if (!verdict.value) excluded.push(compiled.matches);
  }
  return { kind: 'ok', excludes: (path) => excluded.some((matches) => matches(path)) };
}

/** The fault of a path's expression in the words of upstream. */
export function pathFault(
  { glob }: ConditionalPath,
  index: number,
  { message: reason, at, hint }: FilterFault,
): EntryFault {
  const message = `invalid spec.filter.paths expression: ${glob}: ${reason}`;
  return { kind: 'invalid', index, field: 'expression', message, at, hint };
}

export function globFault({ glob }: ConditionalPath, index: number, reason: string): EntryFault {
  const message = `invalid spec.filter.paths expression: ${glob}: ${reason}`;
  return { kind: 'invalid', index, field: 'glob', message };
}
