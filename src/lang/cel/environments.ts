// The environments of Sluice, as data. Raise a version when an environment's meaning changes.
import {
  bindLibrary,
  celGoLibrary,
  optionalLibrary,
  twoVariableLibrary,
} from './standard/index.ts';
import { createEnvironment, withVariables } from './environment.ts';
import type { Environment } from './environment.ts';
import * as libraries from './libraries/index.ts';
import type { Library } from './library.ts';
import { fieldVariables } from './schema.ts';
import type { OpenApiSchema, SchemaOptions } from './schema.ts';
import { ANY, BOOL, DYN, mapOf, STRING } from './type.ts';
import type { Type } from './type.ts';

/** What Kubernetes and Flux have between them; `math` and `bind` are in neither. */
const KUBERNETES: readonly Library[] = [
  celGoLibrary,
  optionalLibrary,
  twoVariableLibrary,
  libraries.strings,
  libraries.stringsV2,
  libraries.lists,
  libraries.listsExt,
  libraries.sets,
  libraries.regex,
  libraries.url,
  libraries.ip,
  libraries.cidr,
  libraries.quantity,
  libraries.semver,
  libraries.format,
  libraries.encoders,
  libraries.jsonpatch,
];

const OBJECT = mapOf(STRING, DYN);

/** Package Operator's probes: `self`, and a result that is statically bool (package-operator §9). */
export const probeEnvironment: Environment = createEnvironment({
  name: 'probe',
  version: 1,
  libraries: KUBERNETES,
  variables: { self: DYN },
  homogeneousLiterals: true,
  result: BOOL,
});

/** Kubernetes' validation rules of a schema: `self` and `oldSelf` get their types from it. */
export const ruleEnvironment: Environment = createEnvironment({
  name: 'rule',
  version: 1,
  libraries: KUBERNETES,
  variables: {},
  homogeneousLiterals: true,
  result: BOOL,
});

/** The expression that words the message of a broken rule. */
export const ruleMessageEnvironment: Environment = createEnvironment({
  ...ruleEnvironment.definition,
  name: 'rule-message',
  result: STRING,
});

/** Flux' `readyExpr` of a dependency: `self` and `dep`. */
export const dependencyEnvironment: Environment = createEnvironment({
  name: 'dependency',
  version: 1,
  libraries: KUBERNETES,
  variables: { self: DYN, dep: DYN },
  result: BOOL,
});

/** Flux' health checks: the object's top-level fields are the variables. */
export const healthEnvironment: Environment = createEnvironment({
  name: 'health',
  version: 1,
  libraries: KUBERNETES,
  variables: {},
  openVariables: true,
  result: BOOL,
  dynamicResult: true,
});

/** `health` for a kind whose schema is known: other names than its fields are mistakes. */
export function healthEnvironmentFor(
  schema: OpenApiSchema,
  options: SchemaOptions = {},
): Environment {
  const environment = withVariables(healthEnvironment, fieldVariables(schema, options));
  return { ...environment, openVariables: false };
}

/** Package Operator's filters: cel-go's plain environment, JSON numbers are doubles (§4). */
export const filterEnvironment: Environment = createEnvironment({
  name: 'filter',
  version: 1,
  libraries: [celGoLibrary],
  variables: {},
  jsonNumbers: 'double',
  optionalSyntax: false,
  quotedFields: false,
  mixedNumbers: false,
});

/** The types of a filter's variables: one map per top-level key of the package context, and `cond`. */
export function filterVariables(
  contextKeys: readonly string[],
  conditions: boolean,
): Readonly<Record<string, Type>> {
  const types: Record<string, Type> = {};
  for (const key of contextKeys) types[key] = OBJECT;
  if (conditions) types['cond'] = mapOf(STRING, BOOL);
  return types;
}

/**
 * The same as upstream declares them: there the values of the maps are of a type that macros do not take.
 * Here they do, so this is for warnings only.
 */
export function upstreamFilterVariables(
  contextKeys: readonly string[],
  conditions: boolean,
): Readonly<Record<string, Type>> {
  const types = Object.entries(filterVariables(contextKeys, conditions)).map(([key, type]) => {
    return [key, type === OBJECT ? mapOf(STRING, ANY) : type] as const;
  });
  return Object.fromEntries(types);
}

/** What stands behind an option: add it with `withLibraries(environment, [OPTIONS.math])`. */
export const OPTIONS: Readonly<Record<'math' | 'bind', Library>> = {
  math: libraries.math,
  bind: bindLibrary,
};

export type Dialect = 'probe' | 'filter' | 'dependency' | 'health';

export const ENVIRONMENTS: Readonly<Record<Dialect, Environment>> = {
  probe: probeEnvironment,
  filter: filterEnvironment,
  dependency: dependencyEnvironment,
  health: healthEnvironment,
};
