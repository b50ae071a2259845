// Every expression of a repository, reached by rendering or not: packages, probes of sets, health checks.
import type { ConfigSpec } from '../../api/config.ts';
import { diagnostic } from '../../model/diagnostic.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { isObject, listAt, objectAt } from '../../model/json.ts';
import type { Json } from '../../model/json.ts';
import type { SchemaLookup } from '../../probes/index.ts';
import { healthCheckFaults } from '../health-check-faults.ts';
import type { ParsedFile } from '../load.ts';
import type { Unit } from '../unit.ts';
import { checkPackages } from './check-packages.ts';
import type { PackageSource } from './check-packages.ts';
import { checkObjectSetProbes } from './object-set-probes.ts';
import type { CheckOptions } from './package-place.ts';

export interface RepositoryParts {
  /** sluice.yaml; undefined where there is none. */
  readonly config: ParsedFile | undefined;
  readonly units: readonly Unit[];
  readonly packages: readonly PackageSource[];
}

/** @returns what is wrong, in no order; much of it is what rendering says too, word for word */
export function checkRepository(
  { config, units, packages }: RepositoryParts,
  options: CheckOptions,
): readonly Diagnostic[] {
  return [
    ...(config === undefined ? [] : checkHealthChecks(config, options.schemaOf)),
    ...units.flatMap(({ documents }) =>
      documents.flatMap((document) => checkObjectSetProbes(document, options)),
    ),
    ...checkPackages(packages, options),
  ];
}

/** Fields of kinds whose schema is known; other mistakes are those of the configuration itself. */
function checkHealthChecks(config: ParsedFile, schemaOf: SchemaLookup): readonly Diagnostic[] {
  const [document] = config.documents;
  if (document === undefined) return [];
  const { value } = document;
  const checks = isObject(value) ? listAt(objectAt(value, 'spec'), 'healthChecks') : [];
  // Anything else is said by the schema of the configuration.
  if (checks.length === 0 || !checks.every(isCheck)) return [];
  const specs = checks as unknown as NonNullable<ConfigSpec['healthChecks']>;
  return healthCheckFaults(specs, schemaOf).map(({ path, at, message, hint }) =>
    diagnostic('CelInvalid', message, { ...document.locate(path, at), ...hint }),
  );
}

function isCheck(item: Json): boolean {
  if (!isObject(item) || typeof item['kind'] !== 'string') return false;
  const { current, inProgress = '', failed = '' } = item;
  return [current, inProgress, failed].every((expression) => typeof expression === 'string');
}

/** From here on both say the same. */
const FAULT = /CEL expression compilation error: |invalid return type: /u;

/**
 * The same mistake once: rendering says of a template only which file it is in, or which line executes it,
 * where the check knows the expression itself; and what failed already need not be warned of.
 */
export function withoutRepetitions(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = [...new Map(diagnostics.map((item) => [JSON.stringify(item), item])).values()];
  const placed = new Set(
    unique.filter(isPlaced).map((item) => `${item.file} ${compilationOf(item) ?? ''}`),
  );
  const failed = new Set(unique.filter((item) => item.severity === 'error').map(placeOf));
  return unique.filter((item) => {
    if (item.severity === 'warning' && item.code === 'CelInvalid' && failed.has(placeOf(item))) {
      return false;
    }
    const compilation = compilationOf(item);
    if (compilation === undefined || isPlaced(item)) return true;
    return !placed.has(`${item.file} ${compilation}`);
  });
}

function placeOf({ code, file, line, column }: Diagnostic): string {
  return `${code} ${file}:${line}:${column}`;
}

function isPlaced({ code, column, message }: Diagnostic): boolean {
  return code === 'CelInvalid' && column !== undefined && FAULT.test(message);
}

function compilationOf({ message }: Diagnostic): string | undefined {
  const at = message.search(FAULT);
  return at < 0 ? undefined : message.slice(at);
}
