// Refusals in the words and with the causes of an API server.
import type { ObjectKey } from '../../model/object-key.ts';
import { invalidMessage } from '../../schema/field-error.ts';
import type { FieldError } from '../../schema/field-error.ts';
import type { LiveObject, WriteResult } from '../target.ts';
import { resourceName } from './kinds.ts';
import type { ServedKind } from './kinds.ts';

export type Rejection = Extract<WriteResult, { kind: 'rejected' }>;

const PERMANENT = { causes: [], retryable: false, immutable: false } as const;

export function unknownKind(apiVersion: string, kind: string): Rejection {
  const message = `no matches for kind "${kind}" in version "${apiVersion}"`;
  // A CRD may define it any moment.
  return { kind: 'rejected', reason: 'NotFound', message, ...PERMANENT, retryable: true };
}

export function badRequest(message: string): Rejection {
  return { kind: 'rejected', reason: 'BadRequest', message, ...PERMANENT };
}

/** Configuration that cannot be merged: real servers answer HTTP 500 without a reason, and mean it for good. */
export function untypedPatch(kind: ServedKind, key: ObjectKey, detail: string): Rejection {
  const name = `${key.namespace}/${key.name}; ${apiGroupVersion(kind)}, Kind=${kind.kind}`;
  const message = `failed to create typed patch object (${name}): ${detail}`;
  return { kind: 'rejected', reason: 'InternalError', message, ...PERMANENT };
}

/** A value that Go's type of the field cannot hold; permanent like an untyped patch. */
export function unconvertible(kind: ServedKind, object: LiveObject, detail: string): Rejection {
  const { namespace = '', name = '' } = object.metadata;
  const type = `${apiGroupVersion(kind)}, Kind=${kind.kind}`;
  const message =
    `failed to convert new object (${namespace}/${name}; ${type}) to proper version: unable to convert unstructured ` +
    `object to ${type}: error decoding from json: ${detail}`;
  return { kind: 'rejected', reason: 'InternalError', message, ...PERMANENT };
}

export function namespaceNotFound(namespace: string): Rejection {
  const message = `namespaces "${namespace}" not found`;
  return { kind: 'rejected', reason: 'NotFound', message, ...PERMANENT, retryable: true };
}

export function namespaceTerminating(kind: ServedKind, key: ObjectKey): Rejection {
  const { namespace } = key;
  return {
    kind: 'rejected',
    reason: 'Forbidden',
    message:
      `${resourceName(kind)} "${key.name}" is forbidden: unable to create new content in namespace ` +
      `${namespace} because it is being terminated`,
    causes: [
      {
        field: 'metadata.namespace',
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
      },
    ],
    retryable: true,
    immutable: false,
  };
}

export function invalidObject(
  kind: ServedKind,
  name: string,
  errors: readonly FieldError[],
  immutable: boolean,
): Rejection {
  return {
    kind: 'rejected',
    reason: 'Invalid',
    message: invalidMessage({ group: kind.group, kind: kind.kind, name }, errors),
    causes: errors.map(({ field, reason, message }) => ({ field, reason, message })),
    retryable: false,
    immutable,
  };
}

/** `/v1` for the core group, as Go prints a group and version. */
function apiGroupVersion(kind: ServedKind): string {
  return `${kind.group}/${kind.version}`;
}
