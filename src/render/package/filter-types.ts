// What a package says about the types of its filters' variables, to find mistakes before any instance is there.
import type { PackageManifest } from '../../api/package-manifest.ts';
import {
  compile,
  declare,
  filterEnvironment,
  filterVariables,
  upstreamFilterVariables,
  withVariables,
} from '../../lang/cel/index.ts';
import type { Diagnostic, Environment, OpenApiSchema, Program } from '../../lang/cel/index.ts';
import { CONTEXT_KEYS, ENVIRONMENT_SCHEMA } from './context.ts';
import { compilationFault, compileFilter } from './filter.ts';
import type { FilterFault } from './filter.ts';

export interface FilterCheck {
  /** What upstream refuses too, in its words. */
  readonly fault: FilterFault | undefined;
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

/** Macros over a value of the context: upstream's compiler refuses them, ours does not. */
const OVER_ANY = /^expression of type 'any' cannot be range of a comprehension/;

const WRAP_IN_DYN =
  'Package Operator refuses this: write dyn(…) around what the macro walks over, and both take it.';

const NUMBERS_ARE_DOUBLES = 'Numbers of a configuration are doubles in filters: write 1.0 for 1.';

/** Prepares the check of all filters of a package. */
export function createFilterChecker(manifest: PackageManifest): FilterChecker {
  const byName = new Map(
    [false, true].map((named) => [
      named,
      {
        dyn: typedEnvironment(manifest, named, 'dyn'),
        double: typedEnvironment(manifest, named, 'double'),
        upstream: withVariables(filterEnvironment, upstreamFilterVariables(CONTEXT_KEYS, named)),
      },
    ]),
  );
  const known = new Map<string, FilterCheck>();
  return {
    check: (expression, named) => {
      const key = `${named} ${expression}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const environments = byName.get(named) as Omit<Environments, 'named'>;
      const found = checkOne(expression, { named, ...environments });
      known.set(key, found);
      return found;
    },
  };
}

interface Environments {
  readonly named: boolean;
  readonly dyn: Environment;
  readonly double: Environment;
  readonly upstream: Environment;
}

function checkOne(expression: string, { named, dyn, double, upstream }: Environments): FilterCheck {
  const plain = compileFilter(expression, CONTEXT_KEYS, named);
  if (!plain.ok) return { fault: compilationFault(plain.diagnostics), warnings: [] };
  const wrong = resultFault(plain.program);
  if (wrong !== undefined) return { fault: { message: wrong }, warnings: [] };
  const faults = faultsOf(expression, dyn);
  const arithmetic = faultsOf(expression, double)
    .filter(({ message, line, column }) => {
      const isKnown = faults.some((item) => item.line === line && item.column === column);
      return ARITHMETIC.test(message) && !isKnown;
    })
    .map((item) => ({ ...item, hint: NUMBERS_ARE_DOUBLES }));
  const macros = faultsOf(expression, upstream)
    .filter(({ message }) => OVER_ANY.test(message))
    .map((item) => ({ ...item, hint: WRAP_IN_DYN }));
  const warnings = [...faults, ...arithmetic, ...macros].toSorted(
    (a, b) => a.line - b.line || a.column - b.column,
  );
  return { fault: undefined, warnings };
}

/** What a result of a known type that is no bool comes to whenever it is evaluated. */
function resultFault({ type }: Program): string | undefined {
  if (type.kind === 'dyn' || type.kind === 'bool') return undefined;
  return `invalid return type: ${type.kind === 'object' ? 'map' : type.name}, expected bool`;
}

function faultsOf(expression: string, environment: Environment): readonly Diagnostic[] {
  const compiled = compile(expression, environment);
  if (!compiled.ok) return compiled.diagnostics;
  const message = resultFault(compiled.program);
  if (message === undefined) return [];
  const snippet = ` | ${expression.split('\n')[0]?.slice(0, 200)}\n | ^`;
  return [{ class: 'check', message, line: 1, column: 1, snippet }];
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
