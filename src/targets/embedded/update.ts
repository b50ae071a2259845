// Replacing and patching: whole new states, recorded as updates of their writer.
import { isObject, objectAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import type { ObjectKey, ObjectRef } from '../../model/object-key.ts';
import { recordUpdate } from '../../schema/merge/server-side-apply.ts';
import type { Expectation, LiveObject, WriteResult } from '../target.ts';
import { admit, withGeneration, withServerMetadata } from './admission.ts';
import type { Core } from './core.ts';
import type { ServedKind } from './kinds.ts';
import { mergePatch } from './merge-patch.ts';
import { uidOf } from './object-id.ts';
import { checkExpectation, locate } from './place.ts';
import { unknownKind } from './rejection.ts';
import { contextOf, finish, inSubresource, inVersion, withoutVersion } from './writing.ts';
import type { Writer } from './writing.ts';

/** Replaces the whole object, or its status. */
export function putObject(
  core: Core,
  manifest: JsonObject,
  writer: Writer & { readonly expect?: Expectation },
): WriteResult {
  const place = locate(core, manifest);
  if (place.kind === 'rejected') return place;
  const { served, key, manifest: sent } = place;
  const live = core.get(key);
  const unexpected = checkExpectation(live, writer.expect);
  if (unexpected || !live) return unexpected ?? { kind: 'gone' };
  return update(core, { served, key, live: inVersion(live, served), next: sent, writer });
}

/** JSON merge patch (RFC 7386) of the object, or of its status. */
export function patchObject(
  core: Core,
  ref: ObjectRef,
  patch: JsonObject,
  writer: Writer & { readonly expect?: Expectation },
): WriteResult {
  const served = core.kinds.find(ref.apiVersion, ref.kind);
  if (!served) return unknownKind(ref.apiVersion, ref.kind);
  const live = core.get(ref);
  const unexpected = checkExpectation(live, writer.expect);
  if (unexpected || !live) return unexpected ?? { kind: 'gone' };
  const before = inVersion(live, served);
  const next = mergePatch(before, patch);
  return update(core, {
    served,
    key: ref,
    live: before,
    next: isObject(next) ? next : before,
    writer,
  });
}

interface Update {
  readonly served: ServedKind;
  readonly key: ObjectKey;
  readonly live: LiveObject;
  readonly next: JsonObject;
  readonly writer: Writer;
}

function update(core: Core, { served, key, live, next, writer }: Update): WriteResult {
  const sent = withoutVersion({ ...next, apiVersion: served.apiVersion, kind: served.kind });
  const scoped = inSubresource(served, live, sent, writer);
  const metadata = { ...objectAt(scoped, 'metadata'), name: key.name };
  const placed = {
    ...scoped,
    metadata: key.namespace === '' ? metadata : { ...metadata, namespace: key.namespace },
  };
  const candidate = { kind: served, before: live, uid: uidOf(live) };
  const admitted = admit(core, candidate, withServerMetadata(core, candidate, placed));
  if (admitted.kind === 'rejected') return admitted;
  const context = contextOf(core, served, { ...writer, operation: 'Update' });
  const recorded = recordUpdate(live, admitted.object, context) as LiveObject;
  const after = withGeneration(served, live, recorded);
  return finish(core, { key, before: live, after, writer });
}
