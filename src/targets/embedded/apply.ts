// Server-side apply: one manager's configuration laid over what is there.
import type { JsonObject } from '../../model/json.ts';
import { applyConfiguration } from '../../schema/merge/server-side-apply.ts';
import type { Expectation, WriteResult } from '../target.ts';
import { admit, withGeneration, withServerMetadata } from './admission.ts';
import type { Core } from './core.ts';
import { createObject } from './create.ts';
import { uidOf } from './object-id.ts';
import { checkConfiguration, checkExpectation, locate } from './place.ts';
import {
  conflict,
  contextOf,
  finish,
  inSubresource,
  inVersion,
  withoutVersion,
} from './writing.ts';
import type { Writer } from './writing.ts';

/**
 * Server-side apply.
 * @param expect the write fails with `gone` or `stale` where the object is another; without it a missing
 *   object is created, as real servers do
 */
export function applyObject(
  core: Core,
  manifest: JsonObject,
  writer: Writer & { readonly force: boolean; readonly expect?: Expectation },
): WriteResult {
  const place = locate(core, manifest);
  if (place.kind === 'rejected') return place;
  const { served, key, manifest: config } = place;
  const live = core.get(key);
  if (!live && !writer.expect)
    return createObject(core, manifest, { ...writer, operation: 'Apply' });
  const unexpected = checkExpectation(live, writer.expect);
  if (unexpected || !live) return unexpected ?? { kind: 'gone' };
  const before = inVersion(live, served);
  const unusable = checkConfiguration(served, key, config);
  if (unusable) return unusable;
  const context = contextOf(core, served, { ...writer, operation: 'Apply' });
  const sent = withoutVersion(config);
  const merged = applyConfiguration(before, sent, { ...context, force: writer.force });
  if (merged.kind === 'conflict') return conflict(merged);
  const scoped = inSubresource(served, before, merged.object, writer);
  const candidate = { kind: served, before, uid: uidOf(before) };
  const admitted = admit(core, candidate, withServerMetadata(core, candidate, scoped));
  if (admitted.kind === 'rejected') return admitted;
  const after = withGeneration(served, before, admitted.object);
  return finish(core, { key, before, after, writer });
}
