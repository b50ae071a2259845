// CEL: expressions over JSON objects, compiled once and evaluated within limits.
export { answerCelLine, answerCelRequest } from './batch.ts';
export type { CelAnswer } from './batch.ts';
export { compile } from './compile.ts';
export type { Compilation, CompileOptions } from './compile.ts';
export { createEnvironment, withLibraries, withVariables } from './environment.ts';
export type { Environment, EnvironmentDefinition } from './environment.ts';
export {
  dependencyEnvironment,
  ENVIRONMENTS,
  filterEnvironment,
  filterVariables,
  upstreamFilterVariables,
  healthEnvironment,
  healthEnvironmentFor,
  OPTIONS,
  probeEnvironment,
} from './environments.ts';
export type { Dialect } from './environments.ts';
export type { ErrorClass } from './error.ts';
export { estimateCost, mostOccurrences, schemaSize } from './estimate/index.ts';
export type { BoundedSchema, Size } from './estimate/index.ts';
export { explain } from './explain.ts';
export { DEFAULT_LIMITS } from './frame.ts';
export type { Limits } from './frame.ts';
export type { Diagnostic, Position } from './position.ts';
export { requireBool } from './program.ts';
export type { Outcome, Program, Variables } from './program.ts';
export { compileRule, measureRule } from './rule.ts';
export type { RulePlace } from './rule.ts';
export { declare, fieldVariables } from './schema.ts';
export type { OpenApiSchema, SchemaOptions } from './schema.ts';
export { toJson } from './to-json.ts';
export type { Json } from './to-json.ts';
export type { Value } from './value.ts';
