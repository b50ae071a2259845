// What an API server does to an object before it stores it: prune, default, validate (package-operator §1.1).
import type { Json, JsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { applyDefaults, dropNulls, formatFieldError, pruneUnknown } from '../schema/index.ts';
import type { SchemaValidator } from '../schema/index.ts';
import type { AdmissionProblem, ApiKind } from './api-kind.ts';
import { formatPath, parsePath } from './field-path.ts';
import { unknownFields } from './unknown-fields.ts';

export interface Admission {
  /** Pruned and with defaults; to be trusted only where no problem is an error. */
  readonly object: Manifest;
  readonly problems: readonly AdmissionProblem[];
}

/**
 * Admits an object of one of our kinds. Fields that the kind does not have are dropped with a warning:
 * nearly always they are misspelt ones.
 */
export function admit(kind: ApiKind, manifest: Manifest, validator: SchemaValidator): Admission {
  const unknown = unknownFields(kind.schema, manifest).map((path): AdmissionProblem => ({
    severity: 'warning',
    path,
    message: `${formatPath(path)}: unknown field, it has no effect`,
  }));
  const pruned = pruneUnknown(kind.schema, manifest, true);
  const admitted = dropNulls(kind.schema, applyDefaults(kind.schema, pruned));
  const errors = validator.validate(kind.schema, admitted).map((error): AdmissionProblem => ({
    severity: 'error',
    path: parsePath(error.field),
    message: formatFieldError(error),
  }));
  const more = kind.check?.(admitted as JsonObject) ?? [];
  return { object: admitted as Manifest, problems: [...errors, ...more, ...unknown] };
}

/** Defaults and nulls of a part of an object, such as the probes of a manifest. */
export function withApiDefaults(schema: JsonObject, value: Json): Json {
  return dropNulls(schema, applyDefaults(schema, pruneUnknown(schema, value)));
}
