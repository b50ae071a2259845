// The `cel` probe: a CEL rule over `self` holds (package-operator §9).
import { explain, probeEnvironment } from '../lang/cel/index.ts';
import type { Environment, Limits, Position, Program, Value } from '../lang/cel/index.ts';
import { compileTyped } from './compile-typed.ts';
import { holdsSecrets } from './object-fields.ts';
import { failed, passed, unknown } from './result.ts';
import type { ProbedObject, Prober, ProbeResult } from './result.ts';
import type { CelSpec } from './spec.ts';

export interface CelOptions {
  /** The environment `probe` with the type of `self`, where the schema of the selected kind is known. */
  readonly typed?: Environment | undefined;
  /** The kind whose schema that is, for messages. */
  readonly kind?: string;
  /** Bounds of one evaluation; an exceeded one is Unknown, with the reason. Default: those of CEL. */
  readonly limits?: Partial<Limits>;
}

export type CompiledCel =
  | { readonly ok: true; readonly prober: Prober }
  | { readonly ok: false; readonly faults: readonly RuleFault[] };

/** A mistake in a rule. */
export interface RuleFault {
  readonly message: string;
  /** Its place in the rule. */
  readonly at: Position;
  readonly hint?: string | undefined;
}

/** Compiles a rule; every finding is told with its place in the rule. */
export function compileCel(spec: CelSpec, options: CelOptions = {}): CompiledCel {
  const { typed, kind = '' } = options;
  const compiled = compileTyped(spec.rule, probeEnvironment, { typed, kind });
  if (!compiled.ok) {
    const faults = compiled.diagnostics.map(({ message, line, column, snippet, hint }) => {
      const text = `${line}:${column}: ${message}\n${snippet}`;
      // An expression that compiles, but to something else than a bool, is told apart upstream.
      const isResult = message.startsWith('cel expression must');
      return { message: isResult ? message : `compiling CEL: ${text}`, at: { line, column }, hint };
    });
    return { ok: false, faults };
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
