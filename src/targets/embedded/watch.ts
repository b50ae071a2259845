// Watches: what exists, then what changes, per watcher the newest state of each object and nothing forgotten.
import { labelsOf } from '../../model/manifest.ts';
import { MARKER } from '../../model/annotations.ts';
import type { LiveObject, TargetEvent, WatchScope } from '../target.ts';
import type { ChangeFeed } from './change-feed.ts';
import { parseStorageKey, storageKey } from './object-id.ts';
import type { ObjectStore } from './store.ts';
import type { Clock } from '../../lib/clock.ts';

/** How often a reader in another process looks for a new version. */
const POLL_MS = 1000;

/** Whether the watcher of this scope wants to hear of the object; a scope that names nothing wants all. */
export function scopeFilter(scope: WatchScope): (key: string, object: LiveObject) => boolean {
  const refs = new Set((scope.refs ?? []).map(storageKey));
  const { instance } = scope;
  if (instance === undefined && scope.refs === undefined) return () => true;
  return (key, object) =>
    refs.has(key) ||
    (instance !== undefined && labelsOf(object)[MARKER.instanceLabel] === instance);
}

/**
 * Watches in the process that writes. Events that the watcher has not fetched yet are merged per object, so a
 * slow watcher costs no more than the objects that changed.
 */
export async function* watchFeed(
  store: ObjectStore,
  feed: ChangeFeed,
  scope: WatchScope,
  signal: AbortSignal,
): AsyncGenerator<TargetEvent> {
  const matches = scopeFilter(scope);
  const queue = new Map<string, TargetEvent>();
  let wake: (() => void) | undefined;
  const push = (name: string, event: TargetEvent): void => {
    queue.delete(name);
    queue.set(name, event);
    wake?.();
  };
  const unsubscribe = feed.subscribe(({ key, before, after }) => {
    const event = eventOf(key, before, after, matches);
    if (event) push(key, event);
  });
  const onAbort = (): void => wake?.();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    // What is not durable yet comes through the feed as well; telling it twice does no harm.
    for (const [key, object] of store.entries('')) {
      if (matches(key, object)) push(key, { type: 'changed', key: parseStorageKey(key), object });
    }
    push(' synced', { type: 'synced' });
    while (!signal.aborted) {
      const next = queue.entries().next();
      if (next.done) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
        continue;
      }
      const [name, event] = next.value;
      queue.delete(name);
      yield event;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}

/**
 * Watches beside another process that writes: only that something changed can be known, not what, so each new
 * version is told as `lost` and whoever cares reads again.
 */
export async function* watchForeign(
  store: ObjectStore,
  clock: Clock,
  scope: WatchScope,
  signal: AbortSignal,
): AsyncGenerator<TargetEvent> {
  const matches = scopeFilter(scope);
  let seen = store.version();
  for (const [key, object] of store.entries('')) {
    if (matches(key, object)) yield { type: 'changed', key: parseStorageKey(key), object };
  }
  yield { type: 'synced' };
  while (!signal.aborted) {
    try {
      await clock.sleep(POLL_MS, signal);
    } catch {
      return;
    }
    const version = store.version();
    if (version === seen) continue;
    seen = version;
    yield { type: 'lost', reason: 'another process changed the store' };
  }
}

function eventOf(
  key: string,
  before: LiveObject | undefined,
  after: LiveObject | undefined,
  matches: (key: string, object: LiveObject) => boolean,
): TargetEvent | undefined {
  if (after && matches(key, after)) {
    return { type: 'changed', key: parseStorageKey(key), object: after };
  }
  // An object that no longer matches is gone as far as this watcher is concerned (transcript `watch`).
  const known = before && matches(key, before);
  return known ? { type: 'removed', key: parseStorageKey(key) } : undefined;
}
