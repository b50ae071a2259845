// News of a registry: what is there, then what changes, per watcher the newest state of each object.
import { MARKER } from '../../model/annotations.ts';
import { labelsOf } from '../../model/manifest.ts';
import { formatObjectKey, keyOf, refOf } from '../../model/object-key.ts';
import type { LiveObject, TargetEvent, WatchScope } from '../target.ts';

export interface ObjectNews {
  readonly key: string;
  readonly before: LiveObject | undefined;
  /** Undefined when the object is gone. */
  readonly after: LiveObject | undefined;
}

export interface Feed {
  tell(news: ObjectNews): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (news: ObjectNews) => void): () => void;
}

export function createFeed(): Feed {
  const listeners = new Set<(news: ObjectNews) => void>();
  return {
    tell: (news) => {
      for (const listener of listeners) listener(news);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Ends when the signal aborts. */
export async function* watchObjects(
  feed: Feed,
  objects: ReadonlyMap<string, LiveObject>,
  scope: WatchScope,
  signal: AbortSignal,
): AsyncGenerator<TargetEvent> {
  const matches = scopeFilter(scope);
  const waiting = new Map<string, TargetEvent>();
  let wake: (() => void) | undefined;
  const push = (name: string, event: TargetEvent): void => {
    waiting.delete(name);
    waiting.set(name, event);
    wake?.();
  };
  const unsubscribe = feed.subscribe((news) => {
    const event = eventOf(news, matches);
    if (event) push(news.key, event);
  });
  const onAbort = (): void => wake?.();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (const [key, object] of objects) {
      if (matches(key, object)) push(key, { type: 'changed', key: keyOf(refOf(object)), object });
    }
    push(' synced', { type: 'synced' });
    while (!signal.aborted) {
      const next = waiting.entries().next();
      if (next.done === true) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
        continue;
      }
      const [name, event] = next.value;
      waiting.delete(name);
      yield event;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}

type Matches = (key: string, object: LiveObject) => boolean;

function scopeFilter({ instance, refs }: WatchScope): Matches {
  const named = new Set((refs ?? []).map(formatObjectKey));
  if (instance === undefined && refs === undefined) return () => true;
  return (key, object) =>
    named.has(key) ||
    (instance !== undefined && labelsOf(object)[MARKER.instanceLabel] === instance);
}

/** An object that no longer matches is gone as far as the watcher is concerned. */
function eventOf({ key, before, after }: ObjectNews, matches: Matches): TargetEvent | undefined {
  if (after && matches(key, after)) {
    return { type: 'changed', key: keyOf(refOf(after)), object: after };
  }
  return before && matches(key, before)
    ? { type: 'removed', key: keyOf(refOf(before)) }
    : undefined;
}
