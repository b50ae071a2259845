// Objects of the registry are held to the schemas of their API, and to the names that it allows.
import { admit } from '../../api/admission.ts';
import type { ApiKind } from '../../api/api-kind.ts';
import { formatPath } from '../../api/field-path.ts';
import type { Manifest } from '../../model/manifest.ts';
import { nameProblem } from '../../render/object-name.ts';
import type { SchemaValidator } from '../../schema/index.ts';
import type { LiveObject, RejectionCause, WriteResult } from '../target.ts';

export type Rejection = Extract<WriteResult, { kind: 'rejected' }>;

/** The object with defaults and without unknown fields, or every reason why it cannot be taken. */
export function admitUnit(
  kind: ApiKind,
  object: Manifest,
  validator: SchemaValidator,
): { readonly kind: 'admitted'; readonly object: LiveObject } | Rejection {
  const problem = nameProblem(kind.group, kind.kind, object.metadata.name ?? '');
  const name = problem === undefined ? [] : [{ path: ['metadata', 'name'], message: problem }];
  const { object: complete, problems } = admit(kind, object, validator);
  const found = [...name, ...problems.filter(({ severity }) => severity === 'error')];
  return found.length > 0 ? invalid(kind, object, found) : { kind: 'admitted', object: complete };
}

/** Invalid, in the words of an API server. */
export function invalid(
  kind: ApiKind,
  object: Manifest,
  problems: readonly {
    readonly path: readonly (string | number)[];
    readonly message: string;
  }[],
): Rejection {
  const causes = problems.map(({ path, message }) => ({
    field: formatPath(path),
    reason: 'FieldValueInvalid',
    message,
  }));
  const text = causes.map(({ field, message }) => said(field, message)).join(', ');
  return rejected('Invalid', `${kind.kind} "${object.metadata.name}" is invalid: ${text}`, causes);
}

export function rejected(
  reason: string,
  message: string,
  causes: readonly RejectionCause[] = [],
): Rejection {
  return { kind: 'rejected', reason, message, causes, retryable: false, immutable: false };
}

function said(field: string, message: string): string {
  return message.startsWith(field) ? message : `${field}: ${message}`;
}
