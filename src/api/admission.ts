// What an API server does to an object before it stores it: prune, default, validate (package-operator §1.1).
import type { Json, JsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { applyDefaults, dropNulls, formatFieldError, pruneUnknown } from '../schema/index.ts';
import type { SchemaValidator } from '../schema/index.ts';
import type { ApiKind } from './api-kind.ts';
import { unknownFields } from './unknown-fields.ts';

export interface AdmissionProblem {
  readonly severity: 'error' | 'warning';
  /** Where it stands in the object. */
  readonly path: readonly (string | number)[];
  /** Begins with the field, in the API's words. */
  readonly message: string;
}

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
  return { object: admitted as Manifest, problems: [...errors, ...unknown] };
}

/** Defaults and nulls of a part of an object, such as the probes of a manifest. */
export function withApiDefaults(schema: JsonObject, value: Json): Json {
  return dropNulls(schema, applyDefaults(schema, pruneUnknown(schema, value)));
}

function formatPath(path: readonly (string | number)[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

function parsePath(field: string): readonly (string | number)[] {
  const path: (string | number)[] = [];
  for (const [, plain, bracketed] of field.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    if (plain !== undefined) path.push(plain);
    else path.push(/^[0-9]+$/.test(bracketed ?? '') ? Number(bracketed) : (bracketed ?? ''));
  }
  return path;
}
