// Availability probes as a specification, compiled once and asked many times.
import { declare, probeEnvironment, withVariables } from '../lang/cel/index.ts';
import type { Limits, Position } from '../lang/cel/index.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compileCel } from './cel.ts';
import type { CelOptions } from './cel.ts';
import { conditionProber } from './condition.ts';
import { fieldsEqualProber } from './fields-equal.ts';
import { compileLabelSelector } from './label-selector.ts';
import { groupKindOf } from './object-fields.ts';
import { wholeObjectSchema } from './object-schema.ts';
import type { SchemaLookup } from './object-schema.ts';
import { observedGenerationProber } from './observed-generation.ts';
import { all, failed, passed, unknown } from './result.ts';
import type { ProbedObject, Prober, ProbeResult } from './result.ts';
import type { AvailabilityProbe, ProbeSelector, ProbeSpec } from './spec.ts';

export interface CompileProbesOptions {
  /** Where the probes are written, for diagnostics. */
  readonly file?: string;
  /** Schemas of kinds: where the selector names one that is known, `self` is typed. Default: none. */
  readonly schemaOf?: SchemaLookup;
  /** Bounds of one evaluation. Default: those of CEL. */
  readonly limits?: Partial<Limits>;
}

export type CompiledProbes =
  | { readonly ok: true; readonly prober: Prober }
  | { readonly ok: false; readonly diagnostics: readonly SpecDiagnostic[] };

/** A diagnostic that says which part of the specification it speaks of. */
export interface SpecDiagnostic extends Diagnostic {
  /** From the specification: `[2, 'probes', 0, 'cel', 'rule']`. */
  readonly path: readonly (string | number)[];
  /** Place in the text that the path leads to. */
  readonly at?: Position;
}

type Compiled =
  | { readonly ok: true; readonly prober: Prober }
  | { readonly ok: false; readonly problems: readonly Problem[] };

interface Problem {
  readonly code: 'CelInvalid' | 'SchemaInvalid';
  readonly message: string;
  /** From the entry. */
  readonly path: readonly (string | number)[];
  readonly at?: Position;
  readonly hint?: string | undefined;
}

type Selection = (object: ProbedObject) => boolean;

/**
 * Compiles the `availabilityProbes` of a package or object set.
 *
 * The prober answers for one object: all entries whose selector matches it must pass. An object that no
 * entry selects passes by existing; one that does not exist fails with `not found`.
 * @returns the prober, or a diagnostic per mistake
 */
export function compileProbes(
  spec: readonly AvailabilityProbe[],
  options: CompileProbesOptions = {},
): CompiledProbes {
  const compiled = spec.map((entry) => compileEntry(entry, options));
  const file = options.file === undefined ? {} : { file: options.file };
  const diagnostics = compiled.flatMap((entry, index) =>
    entry.ok ? [] : entry.problems.map((item) => specDiagnostic(item, index, file)),
  );
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  const probers = compiled.flatMap((entry) => (entry.ok ? [entry.prober] : []));
  return {
    ok: true,
    prober: {
      probe: (object) => {
        if (object === undefined) return failed('not found');
        return withinStack(() => all(probers.map((prober) => prober.probe(object))));
      },
    },
  };
}

function specDiagnostic(
  { code, message, path, at, hint }: Problem,
  index: number,
  file: { readonly file?: string },
): SpecDiagnostic {
  const details = { ...file, ...(hint === undefined ? {} : { hint }) };
  const place = at === undefined ? {} : { at };
  return { ...diagnostic(code, message, details), path: [index, ...path], ...place };
}

/** Objects nested thousands deep fill the stack; that too is an answer. */
function withinStack(probe: () => ProbeResult): ProbeResult {
  try {
    return probe();
  } catch (error) {
    if (error instanceof RangeError) return unknown('object is nested too deeply');
    throw error;
  }
}

function compileEntry(entry: AvailabilityProbe, options: CompileProbesOptions): Compiled {
  const list = compileList(entry.probes, celOptions(entry.selector, options));
  const selection = compileSelector(entry.selector);
  const problems = [...(list.ok ? [] : list.problems), ...(selection.ok ? [] : selection.problems)];
  if (!list.ok || !selection.ok) return { ok: false, problems };
  const { selects } = selection;
  return {
    ok: true,
    prober: {
      probe: (object) => {
        const selected = object !== undefined && selects(object);
        return selected ? list.prober.probe(object) : passed();
      },
    },
  };
}

function celOptions(selector: ProbeSelector = {}, options: CompileProbesOptions): CelOptions {
  const { kind } = selector;
  const schema = kind === undefined ? undefined : options.schemaOf?.(kind.group ?? '', kind.kind);
  const limits = options.limits ?? {};
  if (kind === undefined || schema === undefined) return { limits };
  const self = declare('self', wholeObjectSchema(schema), { isObject: true });
  const typed = withVariables(probeEnvironment, self);
  return { typed, kind: [kind.kind, kind.group].filter(Boolean).join('.'), limits };
}

function compileList(specs: readonly ProbeSpec[], options: CelOptions): Compiled {
  const probers: Prober[] = [];
  const problems: Problem[] = [];
  for (const [index, spec] of specs.entries()) {
    const one = compileOne(spec, index, options);
    if (one === undefined) continue;
    if (one.ok) probers.push(one.prober);
    else problems.push(...one.problems);
  }
  if (problems.length > 0) return { ok: false, problems };
  const list: Prober = { probe: (object) => all(probers.map((prober) => prober.probe(object))) };
  return { ok: true, prober: observedGenerationProber(list) };
}

/** One field counts: fieldsEqual before condition before cel; undefined where none is set. */
function compileOne(spec: ProbeSpec, index: number, options: CelOptions): Compiled | undefined {
  if (spec.fieldsEqual !== undefined) {
    return { ok: true, prober: fieldsEqualProber(spec.fieldsEqual) };
  }
  if (spec.condition !== undefined) return { ok: true, prober: conditionProber(spec.condition) };
  if (spec.cel === undefined) return undefined;
  const compiled = compileCel(spec.cel, options);
  if (compiled.ok) return compiled;
  const path = ['probes', index, 'cel', 'rule'];
  const problems = compiled.faults.map(({ message, at, hint }): Problem => {
    return { code: 'CelInvalid', message: `parsing probe #${index}: ${message}`, path, at, hint };
  });
  return { ok: false, problems };
}

/** Whom an entry speaks of. */
export function compileSelector(
  selector: ProbeSelector = {},
):
  | { readonly ok: true; readonly selects: Selection }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const { kind } = selector;
  const labels = compileLabelSelector(selector.selector ?? {});
  if (!labels.ok) {
    const problems = labels.problems.map((problem): Problem => {
      const message = `probe selector: ${problem}`;
      return { code: 'SchemaInvalid', message, path: ['selector', 'selector'] };
    });
    return { ok: false, problems };
  }
  const selects: Selection = (object) => {
    if (kind !== undefined) {
      const found = groupKindOf(object);
      if (found.group !== (kind.group ?? '') || found.kind !== kind.kind) return false;
    }
    return labels.matches(object);
  };
  return { ok: true, selects };
}
