// Creating objects: POST, which never touches what is there.
import { isObject } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { ObjectKey } from '../../model/object-key.ts';
import { applyConfiguration, recordUpdate } from '../../schema/merge/server-side-apply.ts';
import { withKey } from '../../schema/plain-object.ts';
import type { LiveObject, WriteResult } from '../target.ts';
import { admit, withServerMetadata } from './admission.ts';
import type { Core } from './core.ts';
import type { ServedKind } from './kinds.ts';
import { checkConfiguration, checkNamespace, locate } from './place.ts';
import { conflict, contextOf, finish } from './writing.ts';
import type { Writer } from './writing.ts';

/**
 * Creates an object; never touches one that is there.
 * @param operation how ownership is recorded: `Apply` lets the same manager's next apply give fields up,
 *   `Update` is what a POST of other clients leaves behind
 */
export function createObject(
  core: Core,
  manifest: JsonObject,
  writer: Writer & { readonly operation: 'Apply' | 'Update' },
): WriteResult {
  const place = locate(core, manifest);
  if (place.kind === 'rejected') return place;
  const { served, key, manifest: named } = place;
  if (core.get(key)) return { kind: 'exists' };
  const refused = checkNamespace(core, served, key);
  if (refused) return refused;
  const config = served.status ? withKey(named, 'status', undefined) : named;
  const candidate = { kind: served, before: undefined, uid: core.newUid() };
  const identity = bareObject(served, key);
  if (writer.operation === 'Update') {
    const admitted = admit(core, candidate, withServerMetadata(core, candidate, config));
    if (admitted.kind === 'rejected') return admitted;
    const context = contextOf(core, served, { ...writer, operation: 'Update' });
    const skeleton = served.schema ? identity : emptyStructs(served, identity, admitted.object);
    const recorded = recordUpdate(skeleton, admitted.object, context) as LiveObject;
    return finish(core, { key, before: undefined, after: recorded, writer });
  }
  const unusable = checkConfiguration(served, key, config);
  if (unusable) return unusable;
  const context = contextOf(core, served, { ...writer, operation: 'Apply' });
  const merged = applyConfiguration(identity, config, { ...context, force: false });
  if (merged.kind === 'conflict') return conflict(merged);
  const admitted = admit(core, candidate, withServerMetadata(core, candidate, merged.object));
  if (admitted.kind === 'rejected') return admitted;
  return finish(core, { key, before: undefined, after: admitted.object, writer });
}

function bareObject(kind: ServedKind, key: ObjectKey): JsonObject {
  const namespace = key.namespace === '' ? {} : { namespace: key.namespace };
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: { name: key.name, ...namespace },
  };
}

/** Structs that Go writes even when they are empty: creating an object does not add them. */
const GO_STRUCTS: ReadonlySet<string> = new Set([
  'metadata',
  'spec',
  'status',
  'template',
  'jobTemplate',
  'strategy',
  'updateStrategy',
  'names',
]);

function emptyStructs(kind: ServedKind, identity: JsonObject, object: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    // The finalizer of a namespace is the server's own.
    if (kind.kind === 'Namespace' && key === 'spec' && isObject(value)) out[key] = value;
    else if (isObject(value) && GO_STRUCTS.has(key)) out[key] = emptyStructs(kind, {}, value);
    else if (key === 'containers') out[key] = null;
  }
  return { ...out, ...identity };
}
