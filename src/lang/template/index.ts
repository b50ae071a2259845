// Go templates: parsing, executing and printing exactly as Go does, with dialects as data.
export { createTemplateSet } from './dialect.ts';
export { literalArguments } from './literal-arguments.ts';
export type { LiteralArgument } from './literal-arguments.ts';
export type { Dialect, DialectOptions } from './dialect.ts';
export { DIALECTS, isDialectName, OBJECT_TEMPLATE_DIALECT } from './dialects.ts';
export type { DialectName } from './dialects.ts';
export { TemplateSet } from './set.ts';
export type { AddResult, MissingKey } from './set.ts';
export { execute } from './execute.ts';
export type { ExecuteOptions, ExecuteResult } from './execute.ts';
export type { TemplateError } from './failure.ts';
export type { TemplateHooks } from './hooks.ts';
export { DEFAULT_LIMITS } from './limits.ts';
export type { Limits } from './limits.ts';

export { answerTemplateRequest } from './batch.ts';
export type { TemplateAnswer, TemplateRequest } from './batch.ts';

export { fromPlain } from './data.ts';
export { JsonError, parseJson } from './json.ts';
export type { NumberMode } from './json.ts';
export { packageContext } from './package-context.ts';
export {
  capabilitiesObject,
  filesObject,
  releaseObject,
  templateObject,
  valuesObject,
  withoutNoValue,
} from './functions/index.ts';
export type { CapabilitiesOptions, HelmVersion, ReleaseOptions } from './functions/index.ts';

export { fromBytes, hasInvalidBytes, toBytes } from './bytes.ts';
export { formatValue } from './fmt/print.ts';
export { defineFunction, TemplateFunctionError } from './function.ts';
export type { CallContext, TemplateFunction } from './function.ts';
export {
  GoFunc,
  GoInt,
  GoList,
  GoMap,
  GoObject,
  int,
  int64,
  list,
  map,
  stringList,
  stringMap,
} from './value.ts';
export type { Value } from './value.ts';
