// What a package says about the types of its filters' variables, to find mistakes before any instance is there.
import type { PackageManifest } from '../../api/package-manifest.ts';
import {
  compile,
  declare,
  filterEnvironment,
  filterVariables,
  withVariables,
} from '../../lang/cel/index.ts';
import type { Diagnostic, Environment, OpenApiSchema } from '../../lang/cel/index.ts';
import { CONTEXT_KEYS, ENVIRONMENT_SCHEMA } from './context.ts';
import { compileFilter } from './filter.ts';

export interface FilterCheck {
  /** Mistakes that upstream refuses too. */
  readonly errors: readonly Diagnostic[];
  /** What the schema of the configuration speaks against; upstream would look at it while evaluating. */
  readonly warnings: readonly Diagnostic[];
}

export interface FilterChecker {
  /** @param named whether `cond` is there: not in named conditions themselves */
  check(expression: string, named: boolean): FilterCheck;
}

/**
 * Operators that numbers of a configuration take part in only with doubles. Comparisons go across types at
 * run time, so a number that is known to be a double says nothing against `config.n == 1`.
 */
const ARITHMETIC = /^found no matching overload for '(?:_[-+*/%]_|-_)'/;

/** Prepares the check of all filters of a package. */
export function createFilterChecker(manifest: PackageManifest): FilterChecker {
  const byName = new Map(
    [false, true].map((named) => [
      named,
      {
        dyn: typedEnvironment(manifest, named, 'dyn'),
        double: typedEnvironment(manifest, named, 'double'),
      },
    ]),
  );
  const known = new Map<string, FilterCheck>();
  return {
    check: (expression, named) => {
      const key = `${named} ${expression}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const { dyn, double } = byName.get(named) as Record<'dyn' | 'double', Environment>;
      const found = checkOne(expression, { named, dyn, double });
      known.set(key, found);
      return found;
    },
  };
}

interface Environments {
  readonly named: boolean;
  readonly dyn: Environment;
  readonly double: Environment;
}

function checkOne(expression: string, { named, dyn, double }: Environments): FilterCheck {
  const plain = compileFilter(expression, CONTEXT_KEYS, named);
  if (!plain.ok) return { errors: plain.diagnostics, warnings: [] };
  const faults = faultsOf(expression, dyn);
  const arithmetic = faultsOf(expression, double).filter(
    (item) =>
      ARITHMETIC.test(item.message) &&
      !faults.some(({ line, column }) => line === item.line && column === item.column),
  );
  const hinted = arithmetic.map((item) => ({
    ...item,
    hint: 'Numbers of a configuration are doubles here: write 1.0 for 1.',
  }));
  const warnings = [...faults, ...hinted].toSorted(
    (a, b) => a.line - b.line || a.column - b.column,
  );
  return { errors: [], warnings };
}

function faultsOf(expression: string, environment: Environment): readonly Diagnostic[] {
  const compiled = compile(expression, environment);
  return compiled.ok ? [] : compiled.diagnostics;
}

function typedEnvironment(
  manifest: PackageManifest,
  named: boolean,
  numbers: 'dyn' | 'double',
): Environment {
  const text: OpenApiSchema = { type: 'string' };
  const texts: OpenApiSchema = { type: 'object', additionalProperties: text };
  // Without a schema whatever an instance says is discarded, so that nothing is ever there.
  const config = (manifest.configSchema ?? { type: 'object', properties: {} }) as OpenApiSchema;
  const images = manifest.images.map(({ name }) => [name, text] as const);
  return withVariables(filterEnvironment, {
    ...filterVariables(CONTEXT_KEYS, named),
    ...declare('config', config, { numbers }),
    ...declare('environment', ENVIRONMENT_SCHEMA, { numbers }),
    ...declare('images', { type: 'object', properties: Object.fromEntries(images) }),
    ...declare('dependencies', texts),
  });
}
