// Watches objects that are not ours but that renders rest on or phases wait for, one watch per target.
import type { Clock } from '../lib/clock.ts';
import { inventoryKey } from '../model/inventory.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { Target } from '../targets/target.ts';

/** Before a broken watch is opened again, in milliseconds. */
const REWATCH_MS = 1_000;

export interface SourceWatchDeps {
  readonly clock: Clock;
  /** The target of this name, if it can be reached. */
  readonly target: (name: string) => Promise<Target | undefined>;
  /** One of the objects appeared, changed or went; or this may have happened unseen. */
  readonly onChange: (target: string, key: string) => void;
}

export interface SourceWatch {
  /** Puts the list of a target in force; an unchanged one leaves its watch alone. */
  follow(target: string, refs: readonly ObjectRef[]): void;
  /** Names of targets that are followed. */
  followed(): readonly string[];
  stop(): Promise<void>;
}

interface Follower {
  readonly keys: string;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** Builds it; nothing is followed at first. */
export function createSourceWatch(deps: SourceWatchDeps): SourceWatch {
  const followers = new Map<string, Follower>();
  const ending = new Set<Promise<void>>();

  const end = (name: string): void => {
    const follower = followers.get(name);
    if (!follower) return;
    followers.delete(name);
    follower.abort.abort(new Error('no longer followed'));
    ending.add(follower.ended);
    void follower.ended.then(() => ending.delete(follower.ended));
  };

  return {
    follow: (target, refs) => {
      const byKey = new Map(refs.map((ref) => [inventoryKey(ref), ref]));
      const keys = [...byKey.keys()].toSorted().join('\n');
      if ((followers.get(target)?.keys ?? '') === keys) return;
      end(target);
      if (byKey.size === 0) return;
      const abort = new AbortController();
      const ended = watch(deps, target, [...byKey.values()], abort.signal);
      followers.set(target, { keys, abort, ended });
    },
    followed: () => [...followers.keys()],
    stop: async () => {
      for (const name of [...followers.keys()]) end(name);
      await Promise.allSettled(ending);
    },
  };
}

async function watch(
  deps: SourceWatchDeps,
  name: string,
  refs: readonly ObjectRef[],
  signal: AbortSignal,
): Promise<void> {
  const all = (): void => refs.forEach((ref) => deps.onChange(name, inventoryKey(ref)));
  while (!signal.aborted) {
    try {
      const target = await deps.target(name);
      for await (const event of target?.watch({ refs }, signal) ?? []) {
        if (event.type === 'changed' || event.type === 'removed') {
          deps.onChange(name, inventoryKey(event.key));
        } else if (event.type === 'lost') all();
      }
    } catch {
      all();
    }
    if (!signal.aborted) await deps.clock.sleep(REWATCH_MS, signal).catch(() => undefined);
  }
}
