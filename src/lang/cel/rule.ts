// Rules of a schema (`x-kubernetes-validations`): compiled for the types of the place where they stand.
import { compile } from './compile.ts';
import type { Compilation } from './compile.ts';
import { withVariables } from './environment.ts';
import { ruleEnvironment, ruleMessageEnvironment } from './environments.ts';
import { CelError } from './error.ts';
import type { Limits } from './frame.ts';
import type { Outcome, Program } from './program.ts';
import { adapt, schemaType } from './schema.ts';
import type { OpenApiSchema } from './schema.ts';
import { optionalOf } from './type.ts';
import { Optional } from './value.ts';
import type { Value } from './value.ts';

export interface RulePlace {
  /** The schema that carries the rule: `self` is a value of it. */
  readonly schema: OpenApiSchema;
  /** The value is a whole resource, so apiVersion, kind and the names of its metadata are there. */
  readonly isObject: boolean;
  /** `oldSelf` is an optional, which is empty while there is no old value (`optionalOldSelf`). */
  readonly optionalOldSelf: boolean;
}

/** Compiles a rule, which must be a bool, or with `message` the expression of its message, a string. */
export function compileRule(
  source: string,
  place: RulePlace,
  kind: 'rule' | 'message' = 'rule',
): Compilation {
  const self = schemaType(place.schema, { adapted: true, isObject: place.isObject });
  const oldSelf = place.optionalOldSelf ? optionalOf(self) : self;
  const environment = kind === 'rule' ? ruleEnvironment : ruleMessageEnvironment;
  return compile(source, withVariables(environment, { self, oldSelf }));
}

/** Evaluates a compiled rule for a new value: without an old one. A value that cannot be read is an error. */
export function measureRule(
  program: Program,
  value: Value,
  place: RulePlace & { readonly limits?: Partial<Limits> },
): { readonly outcome: Outcome; readonly cost: number } {
  try {
    const self = adapt(value, place.schema, place.isObject);
    const old = place.optionalOldSelf ? { oldSelf: new Optional(undefined) } : {};
    return program.measure({ self, ...old }, place.limits);
  } catch (error) {
    if (!(error instanceof CelError) || error.class === 'cost' || error.class === 'deadline') {
      throw error;
    }
    const { class: kind, message } = error;
    const position = { line: 1, column: 1 };
    return { outcome: { kind: 'error', class: kind, message, position }, cost: 0 };
  }
}
