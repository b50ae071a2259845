// Health checks: CEL expressions per kind that say whether an object is current, in progress or failed.
import { healthEnvironment, healthEnvironmentFor, requireBool } from '../lang/cel/index.ts';
import type { Environment, Limits, Position, Program, Variables } from '../lang/cel/index.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { SpecDiagnostic } from './compile.ts';
import { compileTyped } from './compile-typed.ts';
import { groupKindOf, textAt } from './object-fields.ts';
import { wholeObjectSchema } from './object-schema.ts';
import type { SchemaLookup } from './object-schema.ts';
import { readinessOf, staleReadiness } from './readiness/index.ts';
import type { Readiness, ReadinessOptions, ReadinessStatus } from './readiness/index.ts';

/** One entry of `healthChecks`; expressions see the object's top-level fields as variables. */
export interface HealthCheckSpec {
  /** `Cluster.postgresql.cnpg.io`, `ConfigMap`; or the bare kind with `apiVersion`, as Flux writes it. */
  readonly kind: string;
  readonly apiVersion?: string;
  readonly current: string;
  readonly inProgress?: string;
  readonly failed?: string;
}

export interface HealthCheckOptions {
  /** Where the checks are written, for diagnostics. */
  readonly file?: string;
  /** Schemas of kinds: where one is known, unknown fields are mistakes. Default: none is known. */
  readonly schemaOf?: SchemaLookup;
  /** Bounds of one evaluation. Default: those of CEL. */
  readonly limits?: Partial<Limits>;
}

export interface HealthChecks {
  /** The verdict on an object by its kind's check, or by the rules of kstatus where there is none. */
  readinessOf(object: unknown, options?: ReadinessOptions): Readiness;
}

export type CompiledHealthChecks =
  | { readonly ok: true; readonly checks: HealthChecks }
  | { readonly ok: false; readonly diagnostics: readonly SpecDiagnostic[] };

/** The order in which Flux asks (its RFC 0009): the first that is true decides. */
const ORDER = ['inProgress', 'failed', 'current'] as const;

type Question = (typeof ORDER)[number];

const VERDICTS: Readonly<Record<Question, ReadinessStatus>> = {
  inProgress: 'InProgress',
  failed: 'Failed',
  current: 'Current',
};

interface Step {
  readonly question: Question;
  readonly program: Program;
}

/** Compiles health checks; a mistake gives a diagnostic that names the kind and the expression. */
export function compileHealthChecks(
  specs: readonly HealthCheckSpec[],
  options: HealthCheckOptions = {},
): CompiledHealthChecks {
  const byKind = new Map<string, readonly Step[]>();
  const diagnostics: SpecDiagnostic[] = [];
  const file = options.file === undefined ? {} : { file: options.file };
  for (const [index, spec] of specs.entries()) {
    const { key, typed } = kindOf(spec, options.schemaOf);
    const { steps, problems } = compileSteps(spec, typed);
    if (byKind.has(key)) problems.push({ text: 'has two checks', path: ['kind'] });
    byKind.set(key, steps);
    for (const { text, path, at, hint } of problems) {
      const message = `health check of ${spec.kind} ${text}`;
      const details = { ...file, ...(hint === undefined ? {} : { hint }) };
      const item = diagnostic('CelInvalid', message, details);
      diagnostics.push({ ...item, path: [index, ...path], ...(at === undefined ? {} : { at }) });
    }
  }
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  const { limits = {} } = options;
  const checks: HealthChecks = {
    readinessOf: (object, readiness = {}) => {
      const { group, kind } = groupKindOf(object);
      const steps = byKind.get(`${group}/${kind}`);
      if (object === undefined || steps === undefined) return readinessOf(object, readiness);
      return judge(object, steps, limits);
    },
  };
  return { ok: true, checks };
}

function kindOf(
  spec: HealthCheckSpec,
  schemaOf: SchemaLookup | undefined,
): { readonly key: string; readonly typed: Environment | undefined } {
  const dot = spec.kind.indexOf('.');
  const kind = dot < 0 ? spec.kind : spec.kind.slice(0, dot);
  const written = dot < 0 ? '' : spec.kind.slice(dot + 1);
  const group = spec.apiVersion === undefined ? written : groupKindOf(spec).group;
  const schema = schemaOf?.(group, kind);
  const typed = schema === undefined ? undefined : healthEnvironmentFor(wholeObjectSchema(schema));
  return { key: `${group}/${kind}`, typed };
}

interface Problem {
  readonly text: string;
  /** From the check. */
  readonly path: readonly string[];
  readonly at?: Position;
  readonly hint?: string | undefined;
}

function compileSteps(
  spec: HealthCheckSpec,
  typed: Environment | undefined,
): { readonly steps: readonly Step[]; readonly problems: Problem[] } {
  const steps: Step[] = [];
  const problems: Problem[] =
    spec.current === '' ? [{ text: 'needs an expression `current`', path: ['current'] }] : [];
  for (const question of ORDER) {
    const expression = spec[question] ?? '';
    if (expression === '') continue;
    const known = { typed, kind: spec.kind };
    const compiled = compileTyped(expression, healthEnvironment, known);
    if (compiled.ok) steps.push({ question, program: compiled.program });
    else {
      for (const { message, line, column, snippet, hint } of compiled.diagnostics) {
        const text = `${question}: ${line}:${column}: ${message}\n${snippet}`;
        problems.push({ text, path: [question], at: { line, column }, hint });
      }
    }
  }
  return { steps, problems };
}

function judge(object: unknown, steps: readonly Step[], limits: Partial<Limits>): Readiness {
  if ((textAt(object, 'metadata', 'deletionTimestamp') ?? '') !== '') return readinessOf(object);
  const stale = staleReadiness(object);
  if (stale !== undefined) return stale;
  for (const { question, program } of steps) {
    const outcome = requireBool(program.evaluate(object as Variables, limits));
    if (outcome.kind !== 'value') {
      const message = `health check ${question}: ${outcome.message}`;
      return { status: 'Unknown', reason: 'HealthCheckFailed', message };
    }
    if (outcome.value === true) return verdict(question, program);
  }
  const message = 'no expression of the health check is true';
  return { status: 'InProgress', reason: 'HealthCheck', message };
}

function verdict(question: Question, program: Program): Readiness {
  return {
    status: VERDICTS[question],
    reason: question === 'current' ? '' : 'HealthCheck',
    message: `health check ${question}: ${program.source.replaceAll(/\s+/g, ' ').trim()}`,
  };
}
