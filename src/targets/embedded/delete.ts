// Deleting: preconditions, finalizers, propagation and grace, as an API server does it.
import { listAt, objectAt } from '../../model/json.ts';
import type { ObjectKey } from '../../model/object-key.ts';
import { formatTime } from '../../lib/clock.ts';
import { withKey } from '../../schema/plain-object.ts';
import type { LiveObject, RemoveOptions, RemoveResult } from '../target.ts';
import type { Core } from './core.ts';
import { isTerminating, uidOf, versionOf } from './object-id.ts';

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';
export const CRD_CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** Namespaces that the server itself needs. */
const PROTECTED_NAMESPACES: ReadonlySet<string> = new Set([
  'default',
  'kube-system',
  'kube-public',
]);

/** Kinds whose dependants survive unless the client says otherwise (batch/v1 keeps the rule of its first version). */
const ORPHANING: ReadonlySet<string> = new Set(['batch/Job', '/ReplicationController']);

export type DeleteOptions = Partial<RemoveOptions>;

/** Marks an object as being deleted, or removes it where nothing holds it. */
export function deleteObject(core: Core, key: ObjectKey, options: DeleteOptions): RemoveResult {
  const live = core.get(key);
  if (!live) return { kind: 'absent' };
  const mismatch =
    (options.uid !== undefined && options.uid !== uidOf(live)) ||
    (options.version !== undefined && options.version !== versionOf(live));
  if (mismatch) return { kind: 'mismatch' };
  if (isKind(key, '/Namespace') && PROTECTED_NAMESPACES.has(key.name)) {
    const message = `namespaces "${key.name}" is forbidden: this namespace may not be deleted`;
    return { kind: 'rejected', reason: 'Forbidden', message, retryable: false };
  }
  const marked = markDeleted(core, key, live, options);
  const gone = !isHeld(key, marked);
  if (options.dryRun) return { kind: 'accepted', gone };
  if (gone) core.persist(key, live, undefined);
  else if (marked !== live) core.persist(key, live, marked);
  return { kind: 'accepted', gone };
}

/**
 * Removes an object that is being deleted once nothing holds it any more.
 * @param after its next state; when it is still held the caller has to store it
 * @returns whether it is gone
 */
export function finishDeletion(
  core: Core,
  key: ObjectKey,
  before: LiveObject,
  after: LiveObject,
): boolean {
  if (isHeld(key, after)) return false;
  core.persist(key, before, undefined);
  return true;
}

export function finalizersOf(object: LiveObject): readonly string[] {
  return listAt(object.metadata, 'finalizers').filter((name) => typeof name === 'string');
}

/** A copy with these finalizers; none leave no list behind. */
export function withFinalizers(object: LiveObject, names: readonly string[]): LiveObject {
  const metadata = withKey(object.metadata, 'finalizers', names.length === 0 ? undefined : names);
  return { ...object, metadata };
}

function isHeld(key: ObjectKey, object: LiveObject): boolean {
  if (finalizersOf(object).length > 0) return true;
  if (isKind(key, '/Namespace')) return listAt(objectAt(object, 'spec'), 'finalizers').length > 0;
  return Number(object.metadata['deletionGracePeriodSeconds'] ?? 0) > 0;
}

function markDeleted(
  core: Core,
  key: ObjectKey,
  live: LiveObject,
  options: DeleteOptions,
): LiveObject {
  const finalizers = nextFinalizers(core, key, live, options);
  const grace = gracePeriod(key, live, options);
  if (isTerminating(live)) {
    const shorter = Math.min(Number(live.metadata['deletionGracePeriodSeconds'] ?? 0), grace);
    const had = finalizersOf(live);
    const same = had.length === finalizers.length;
    if (same && shorter === Number(live.metadata['deletionGracePeriodSeconds'] ?? 0)) return live;
    const marked = withFinalizers(live, finalizers);
    return { ...marked, metadata: { ...marked.metadata, deletionGracePeriodSeconds: shorter } };
  }
  const deletionTimestamp = formatTime(core.clock.now() + grace * 1000);
  const marked = withFinalizers(live, finalizers);
  const metadata = { ...marked.metadata, deletionTimestamp };
  if (isKind(key, '/Namespace')) {
    return { ...marked, metadata, status: { ...objectAt(live, 'status'), phase: 'Terminating' } };
  }
  const generation = live.metadata['generation'];
  const counts = typeof generation === 'number' && !finalizers.includes(CRD_CLEANUP);
  return {
    ...marked,
    metadata: {
      ...metadata,
      ...(counts ? { generation: generation + 1 } : {}),
      deletionGracePeriodSeconds: grace,
    },
  };
}

function nextFinalizers(
  core: Core,
  key: ObjectKey,
  live: LiveObject,
  options: DeleteOptions,
): readonly string[] {
  const own = finalizersOf(live).filter((name) => name !== FOREGROUND && name !== ORPHAN);
  if (isKind(key, 'apiextensions.k8s.io/CustomResourceDefinition') && !own.includes(CRD_CLEANUP)) {
    own.push(CRD_CLEANUP);
  }
  const fallback = ORPHANING.has(`${key.group}/${key.kind}`) ? 'Orphan' : 'Background';
  const asked = isTerminating(live) ? keptPropagation(live) : fallback;
  switch (options.propagation ?? asked) {
    case 'Foreground':
      return [...own, FOREGROUND];
    case 'Orphan':
      // Nothing to let go of: the object need not wait for it.
      return core.owners.dependants(uidOf(live)).length === 0 ? own : [...own, ORPHAN];
    case 'Background':
      return own;
  }
}

function keptPropagation(live: LiveObject): 'Foreground' | 'Orphan' | 'Background' {
  const names = finalizersOf(live);
  if (names.includes(FOREGROUND)) return 'Foreground';
  return names.includes(ORPHAN) ? 'Orphan' : 'Background';
}

/** Only pods end with grace, and only those that got as far as a node. */
function gracePeriod(key: ObjectKey, live: LiveObject, options: DeleteOptions): number {
  if (!isKind(key, '/Pod')) return 0;
  const spec = objectAt(live, 'spec');
  const phase = objectAt(live, 'status')['phase'];
  const running = typeof spec['nodeName'] === 'string' && phase === 'Running';
  if (!running) return 0;
  return options.gracePeriodSeconds ?? Number(spec['terminationGracePeriodSeconds'] ?? 30);
}

function isKind(key: ObjectKey, name: string): boolean {
  return `${key.group}/${key.kind}` === name;
}
