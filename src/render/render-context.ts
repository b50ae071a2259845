// What renders share beside the unit itself: the configuration and what the snapshot holds for all.
import { diagnostic, hasErrors } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { SchemaLookup } from '../probes/index.ts';
import type { SchemaValidator } from '../schema/index.ts';
import type { RepositoryConfig } from './repository-config.ts';
import type { ScopeTable } from './scope.ts';
import type { Answers, Ask, RenderResult, Unit, UnitDocument } from './unit.ts';
import { askKey } from './unit.ts';

export interface RenderContext {
  readonly config: RepositoryConfig;
  /** Of the discovery. */
  readonly crdScopes: ScopeTable;
  /** Of the discovery, by `sliceKey`. */
  readonly slices: ReadonlyMap<string, UnitDocument>;
  /** Of the discovery: fields of kinds, to check probes. Default: well-known kinds only. */
  readonly schemaOf?: SchemaLookup;
  /** Compiled schemas are kept in it; one per process is enough. */
  readonly validator: SchemaValidator;
}

export interface RenderJob {
  readonly unit: Unit;
  readonly context: RenderContext;
  readonly answers: Answers;
}

export function failed(diagnostics: readonly Diagnostic[]): RenderResult {
  return { kind: 'failed', diagnostics };
}

/** A failed render because of an answer, or the asks that are still open; undefined when all are there. */
export function missingAnswers(asks: readonly Ask[], answers: Answers): RenderResult | undefined {
  const diagnostics: Diagnostic[] = [];
  const open: Ask[] = [];
  for (const ask of asks) {
    const answer = answers.get(askKey(ask));
    if (answer === undefined) open.push(ask);
    else if (answer.kind === 'failed') diagnostics.push(answer.diagnostic);
  }
  if (diagnostics.length > 0) return failed(diagnostics);
  return open.length > 0 ? { kind: 'asks', asks: open } : undefined;
}

/** Adds what was found before the render; errors among it make the render fail. */
export function withProblems(result: RenderResult, problems: readonly Diagnostic[]): RenderResult {
  if (problems.length === 0 || result.kind === 'asks') return result;
  const diagnostics = [...problems, ...result.diagnostics];
  if (result.kind === 'failed' || hasErrors(problems)) return failed(diagnostics);
  return { ...result, diagnostics };
}

/** The progress deadline of a unit's phases; undefined for none. */
export function timeoutOf(unit: Unit, config: RepositoryConfig): number | undefined {
  const timeout = unit.timeoutMs ?? config.defaults.timeoutMs;
  return timeout === 0 ? undefined : timeout;
}

/** Schema problems of a document as diagnostics in its file. */
export function documentProblems(
  document: UnitDocument,
  problems: readonly {
    readonly severity: 'error' | 'warning';
    readonly path: readonly (string | number)[];
    readonly message: string;
  }[],
): readonly Diagnostic[] {
  return problems.map(({ severity, path, message }) =>
    diagnostic('SchemaInvalid', message, { ...document.locate(path), severity }),
  );
}
