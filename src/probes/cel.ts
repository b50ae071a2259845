// The `cel` probe: a CEL rule over `self` holds (package-operator §9).
import { compile, explain, probeEnvironment } from '../lang/cel/index.ts';
import type { Environment, Limits, Program, Value } from '../lang/cel/index.ts';
import { holdsSecrets } from './object-fields.ts';
import { failed, passed, unknown } from './result.ts';
import type { ProbedObject, Prober, ProbeResult } from './result.ts';
import type { CelSpec } from './spec.ts';

export interface CelOptions {
  /** What the rule may use. Default: the environment `probe`, `self` without a known schema. */
  readonly environment?: Environment;
  /** Bounds of one evaluation; an exceeded one is Unknown, with the reason. Default: those of CEL. */
  readonly limits?: Partial<Limits>;
}

export type CompiledCel =
  | { readonly ok: true; readonly prober: Prober }
  | { readonly ok: false; readonly messages: readonly string[] };

/** Compiles a rule; a mistake gives one message per finding, with the place in the rule. */
export function compileCel(spec: CelSpec, options: CelOptions = {}): CompiledCel {
  const compiled = compile(spec.rule, options.environment ?? probeEnvironment);
  if (!compiled.ok) {
    const messages = compiled.diagnostics.map(({ message, line, column, snippet }) => {
      const text = `${line}:${column}: ${message}\n${snippet}`;
      // An expression that compiles, but to something else than a bool, is told apart upstream.
      return message.startsWith('cel expression must') ? message : `compiling CEL: ${text}`;
    });
    return { ok: false, messages };
  }
  const rule: Rule = { spec, program: compiled.program, limits: options.limits ?? {} };
  return { ok: true, prober: { probe: (object) => probeRule(rule, object) } };
}

interface Rule {
  readonly spec: CelSpec;
  readonly program: Program;
  readonly limits: Partial<Limits>;
}

function probeRule(rule: Rule, object: ProbedObject | undefined): ProbeResult {
  const { spec, program, limits } = rule;
  const variables = { self: (object ?? {}) as Value };
  const outcome = program.evaluate(variables, limits);
  if (outcome.kind !== 'value') return unknown(`CEL program failed: ${outcome.message}`);
  if (outcome.value === true) return passed();
  const because = holdsSecrets(object) ? [] : explain(program, variables, limits);
  return { ...failed(spec.message), because };
}
