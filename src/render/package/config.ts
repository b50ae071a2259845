// Configuration of a package instance: pruned, defaulted and validated by the schema of its manifest
// (package-operator §5.1).
import { isObject } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { applyDefaults, pruneUnknown } from '../../schema/index.ts';
import type { FieldError, SchemaValidator } from '../../schema/index.ts';

export type ConfigResult =
  | { readonly kind: 'ok'; readonly config: JsonObject; readonly errors: readonly FieldError[] }
  /** Not even a map. */
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface ConfigRules {
  /** Undefined: the package takes no configuration, whatever is given is discarded. */
  readonly schema: JsonObject | undefined;
  readonly validator: SchemaValidator;
  /** Where the configuration stands, for messages; empty for the root. */
  readonly path: string;
}

/** Errors of these kinds leave a value in which rules could not find their way (as in Kubernetes). */
const BLOCKING: ReadonlySet<FieldError['reason']> = new Set([
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/**
 * Admits a configuration: unknown fields go without a word, missing ones get their defaults, and what is
 * left must be valid and keep the rules of the schema. Numbers are floats in messages, as they have been
 * through JSON.
 */
export function admitConfig(given: Json | undefined, rules: ConfigRules): ConfigResult {
  if (given !== undefined && given !== null && !isObject(given)) {
    const found = Array.isArray(given) ? 'a list' : `a ${typeof given}`;
    return { kind: 'unreadable', reason: `unmarshal config: must be a map, is ${found}` };
  }
  const { schema, validator, path } = rules;
  if (schema === undefined) return { kind: 'ok', config: {}, errors: [] };
  const config = completed(schema, given ?? {});
  const errors = validator.validate(schema, config, { path, numbers: 'float' });
  return { kind: 'ok', config, errors: withRules(errors, config, { schema, validator, path }) };
}

/**
 * Errors of a configuration as it stands: test cases are checked without defaults (package-operator §1.5).
 * Rules see it as they will see every configuration, with its defaults.
 */
export function configErrors(config: JsonObject, rules: ConfigRules): readonly FieldError[] {
  const { schema, validator, path } = rules;
  if (schema === undefined) return [];
  const errors = validator.validate(schema, config, { path, numbers: 'float' });
  return withRules(errors, completed(schema, config), { schema, validator, path });
}

function completed(schema: JsonObject, given: JsonObject): JsonObject {
  const filled = applyDefaults(schema, pruneUnknown(schema, given));
  return isObject(filled) ? filled : {};
}

function withRules(
  errors: readonly FieldError[],
  config: JsonObject,
  { schema, validator, path }: ConfigRules & { readonly schema: JsonObject },
): readonly FieldError[] {
  if (errors.some(({ reason }) => BLOCKING.has(reason))) return errors;
  return [...errors, ...validator.checkRules(schema, config, path)];
}
