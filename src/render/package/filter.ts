// Conditional filtering: CEL over the template context decides which files and objects stay (package-operator §4).
import type { ConditionalPath, NamedCondition } from '../../api/package-manifest.ts';
import {
  compile,
  filterEnvironment,
  filterVariables,
  requireBool,
  withVariables,
} from '../../lang/cel/index.ts';
import type { Environment, Variables } from '../../lang/cel/index.ts';
import { compileGlob } from '../../lib/glob.ts';
import type { JsonObject } from '../../model/json.ts';

export type Verdict =
  | { readonly kind: 'value'; readonly value: boolean }
  | { readonly kind: 'error'; readonly message: string };

export interface ConditionSet {
  /** Evaluates an expression over the context and the named conditions. */
  readonly evaluate: (expression: string) => Verdict;
}

export type ConditionSetResult =
  | { readonly kind: 'ok'; readonly conditions: ConditionSet }
  /** `index` is the faulty condition. */
  | { readonly kind: 'invalid'; readonly index: number; readonly message: string };

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
  const plain = withVariables(filterEnvironment, filterVariables(keys, false));
  const results: Record<string, boolean> = {};
  for (const [index, { name, expression }] of named.entries()) {
    const invalid = (message: string): ConditionSetResult => ({ kind: 'invalid', index, message });
    if (!CONDITION_NAME.test(name)) return invalid(`invalid CEL condition name: '${name}'`);
    if (Object.hasOwn(results, name)) return invalid(`duplicate CEL condition name: '${name}'`);
    const verdict = evaluateBool(expression, plain, variables);
    if (verdict.kind === 'error') {
      return invalid(`CEL condition evaluation failed: '${name}': ${verdict.message}`);
    }
    results[name] = verdict.value;
  }
  const full = withVariables(filterEnvironment, filterVariables(keys, true));
  const all: Variables = { ...variables, cond: results };
  const known = new Map<string, Verdict>();
  return {
    kind: 'ok',
    conditions: {
      evaluate: (expression) => {
        const before = known.get(expression);
        if (before) return before;
        const verdict = evaluateBool(expression, full, all);
        known.set(expression, verdict);
        return verdict;
      },
    },
  };
}

function evaluateBool(expression: string, environment: Environment, variables: Variables): Verdict {
  const compiled = compile(expression, environment);
  if (!compiled.ok) {
    const messages = compiled.diagnostics.map((item) => item.message).join('; ');
    return { kind: 'error', message: `CEL expression compilation error: ${messages}` };
  }
  const raw = compiled.program.evaluate(variables);
  if (raw.kind !== 'value') {
    return { kind: 'error', message: `program evaluation error: ${raw.message}` };
  }
  const outcome = requireBool(raw);
  if (outcome.kind !== 'value') return { kind: 'error', message: outcome.message };
  return { kind: 'value', value: outcome.value === true };
}

export type PathFilter =
  | { readonly kind: 'ok'; readonly excludes: (path: string) => boolean }
  /** `index` is the faulty entry. */
  | { readonly kind: 'invalid'; readonly index: number; readonly message: string };

/** Every entry is evaluated; a path that matches the glob of any false one is left out. */
export function createPathFilter(
  entries: readonly ConditionalPath[],
  conditions: ConditionSet,
): PathFilter {
  const excluded: ((path: string) => boolean)[] = [];
  for (const [index, { glob, expression }] of entries.entries()) {
    const invalid = (reason: string): PathFilter => ({
      kind: 'invalid',
      index,
      message: `invalid spec.filter.paths expression: ${glob}: ${reason}`,
    });
    const verdict = conditions.evaluate(expression);
    if (verdict.kind === 'error') return invalid(verdict.message);
    const compiled = compileGlob(glob);
    if (compiled.kind === 'invalid') return invalid(compiled.reason);
    if (!verdict.value) excluded.push(compiled.matches);
  }
  return { kind: 'ok', excludes: (path) => excluded.some((matches) => matches(path)) };
}
