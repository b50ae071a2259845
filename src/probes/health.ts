// Health checks: CEL expressions per kind that say whether an object is current, in progress or failed.
import {
  compile,
  fieldVariables,
  healthEnvironment,
  requireBool,
  withVariables,
} from '../lang/cel/index.ts';
import type { Environment, Limits, Program, Variables } from '../lang/cel/index.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
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
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

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
  const diagnostics: Diagnostic[] = [];
  const file = options.file === undefined ? {} : { file: options.file };
  for (const spec of specs) {
    const { key, environment } = kindOf(spec, options.schemaOf);
    const { steps, problems } = compileSteps(spec, environment);
    if (byKind.has(key)) problems.push('has two checks');
    byKind.set(key, steps);
    for (const problem of problems) {
      diagnostics.push(diagnostic('CelInvalid', `health check of ${spec.kind} ${problem}`, file));
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
): { readonly key: string; readonly environment: Environment } {
  const dot = spec.kind.indexOf('.');
  const kind = dot < 0 ? spec.kind : spec.kind.slice(0, dot);
  const written = dot < 0 ? '' : spec.kind.slice(dot + 1);
  const group = spec.apiVersion === undefined ? written : groupKindOf(spec).group;
  const schema = schemaOf?.(group, kind);
  const environment =
    schema === undefined
      ? healthEnvironment
      : withVariables(
          { ...healthEnvironment, openVariables: false },
          fieldVariables(wholeObjectSchema(schema)),
        );
  return { key: `${group}/${kind}`, environment };
}

function compileSteps(
  spec: HealthCheckSpec,
  environment: Environment,
): { readonly steps: readonly Step[]; readonly problems: string[] } {
  const steps: Step[] = [];
  const problems = spec.current === '' ? ['needs an expression `current`'] : [];
  for (const question of ORDER) {
    const expression = spec[question] ?? '';
    if (expression === '') continue;
    const compiled = compile(expression, environment);
    if (compiled.ok) steps.push({ question, program: compiled.program });
    else {
      for (const { message, line, column, snippet } of compiled.diagnostics) {
        problems.push(`${question}: ${line}:${column}: ${message}\n${snippet}`);
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
