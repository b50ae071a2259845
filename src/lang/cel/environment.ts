// An environment: which names an expression may use, and how it is read.
import { functionTable } from './functions.ts';
import type { FunctionTable } from './functions.ts';
import type { Library } from './library.ts';
import { macroTable } from './macros.ts';
import type { MacroTable } from './macros.ts';
import { standardLibrary, STANDARD_TYPES } from './standard/index.ts';
import { typeTypeOf } from './type.ts';
import type { Type } from './type.ts';

/** An environment as data; see `environments.ts` for those that Sluice has. */
export interface EnvironmentDefinition {
  readonly name: string;
  /** Raised when libraries or rules change, so that a cached program is not used for another one. */
  readonly version: number;
  /** Beside the standard library and its macros, which every environment has. */
  readonly libraries: readonly Library[];
  /** Names are found as they stand; `a.b` may be a name. */
  readonly variables: Readonly<Record<string, Type>>;
  /** True where any other name is a variable too (Flux' top-level fields). Default false. */
  readonly openVariables?: boolean;
  /** What JSON integers are. Default `int`. */
  readonly jsonNumbers?: 'int' | 'double';
  /** Default true. */
  readonly optionalSyntax?: boolean;
  /** Fields in backquotes, a.`b-c`. Default true. */
  readonly quotedFields?: boolean;
  /** Lists and maps with elements of different types are refused. Default false. */
  readonly homogeneousLiterals?: boolean;
  /** `int < double` and the like also where both types are known. Default true. */
  readonly mixedNumbers?: boolean;
  /** The result type that the checker insists on. Default: any. */
  readonly result?: Type;
  /** True where a result of type dyn is taken too, and looked at only while evaluating. */
  readonly dynamicResult?: boolean;
  /** Names are looked up in this namespace first. Default none. */
  readonly container?: string;
}

export interface Environment {
  readonly definition: EnvironmentDefinition;
  readonly name: string;
  readonly version: number;
  readonly libraries: readonly string[];
  readonly variables: ReadonlyMap<string, Type>;
  readonly openVariables: boolean;
  readonly jsonNumbers: 'int' | 'double';
  readonly optionalSyntax: boolean;
  readonly quotedFields: boolean;
  readonly homogeneousLiterals: boolean;
  readonly mixedNumbers: boolean;
  readonly result: Type | undefined;
  readonly dynamicResult: boolean;
  readonly container: string;
  readonly functions: FunctionTable;
  readonly macros: MacroTable;
  /** Names of types, which are expressions of their own: `type(x) == int`. */
  readonly types: ReadonlyMap<string, Type>;
  /** First parts of variable and type names that contain dots. */
  readonly dotted: ReadonlySet<string>;
}

/** Prepares an environment. The result is immutable and meant to be made once. */
export function createEnvironment(definition: EnvironmentDefinition): Environment {
  const libraries = [standardLibrary, ...definition.libraries];
  const types = new Map<string, Type>();
  for (const type of [...STANDARD_TYPES, ...libraries.flatMap((library) => library.types ?? [])]) {
    types.set(type.name, typeTypeOf(type));
  }
  const variables = new Map(Object.entries(definition.variables));
  return {
    definition,
    name: definition.name,
    version: definition.version,
    libraries: libraries.map((library) => library.name),
    variables,
    openVariables: definition.openVariables ?? false,
    jsonNumbers: definition.jsonNumbers ?? 'int',
    optionalSyntax: definition.optionalSyntax ?? true,
    quotedFields: definition.quotedFields ?? true,
    homogeneousLiterals: definition.homogeneousLiterals ?? false,
    mixedNumbers: definition.mixedNumbers ?? true,
    result: definition.result,
    dynamicResult: definition.dynamicResult ?? false,
    container: definition.container ?? '',
    functions: functionTable(libraries),
    macros: macroTable(libraries.flatMap((library) => library.macros ?? [])),
    types,
    dotted: dottedPrefixes([...types.keys(), ...variables.keys()], definition.container ?? ''),
  };
}

/** The environment with more libraries; it has a name of its own, so that caches tell them apart. */
export function withLibraries(
  environment: Environment,
  libraries: readonly Library[],
): Environment {
  const { definition, result, dynamicResult } = environment;
  const extended = createEnvironment({
    ...definition,
    name: [definition.name, ...libraries.map((library) => library.name)].join('+'),
    libraries: [...definition.libraries, ...libraries],
    variables: Object.fromEntries(environment.variables),
  });
  return { ...extended, result, dynamicResult };
}

/** The environment with more variables, or other types for those it has. */
export function withVariables(
  environment: Environment,
  variables: Readonly<Record<string, Type>>,
): Environment {
  const all = new Map([...environment.variables, ...Object.entries(variables)]);
  const dotted = dottedPrefixes(
    [...environment.types.keys(), ...all.keys()],
    environment.container,
  );
  return { ...environment, variables: all, dotted };
}

function dottedPrefixes(names: readonly string[], container: string): ReadonlySet<string> {
  const prefixes = new Set<string>();
  for (const name of names) {
    const shown =
      container !== '' && name.startsWith(`${container}.`)
        ? name.slice(container.length + 1)
        : name;
    for (const candidate of [name, shown]) {
      if (candidate.includes('.')) prefixes.add(candidate.slice(0, candidate.indexOf('.')));
    }
  }
  return prefixes;
}

/** What a name (without leading dot, possibly with dots inside) means in the outermost scope. */
export type Resolution =
  | { readonly kind: 'variable'; readonly name: string; readonly type: Type }
  | { readonly kind: 'type'; readonly type: Type };

/** Looks a name up in the container's namespaces, innermost first; `absolute` skips them. */
export function resolveName(
  environment: Environment,
  name: string,
  absolute: boolean,
): Resolution | undefined {
  let { container } = environment;
  if (absolute) container = '';
  for (;;) {
    const full = container === '' ? name : `${container}.${name}`;
    const variable = environment.variables.get(full);
    if (variable !== undefined) return { kind: 'variable', name: full, type: variable };
    const type = environment.types.get(full);
    if (type !== undefined) return { kind: 'type', type };
    if (container === '') return undefined;
    container = container.slice(0, Math.max(0, container.lastIndexOf('.')));
  }
}
