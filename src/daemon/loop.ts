// The loop of the daemon: poll, take in, wait; trouble of the source is said and never stops what runs.
import type { Clock } from '../lib/clock.ts';
import { jittered } from '../lib/jitter.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Session } from '../reconcile/session.ts';
import type { PollResult, Source } from '../watcher/source.ts';

export interface LoopDeps {
  readonly session: Session;
  readonly source: Source;
  readonly clock: Clock;
  readonly random: () => number;
  /** Between two polls, in milliseconds. */
  readonly intervalMs: number;
  /** Stop when no unit will do anything more by itself. */
  readonly once: boolean;
  readonly observer: LoopObserver;
}

export interface LoopObserver {
  onPoll(result: PollResult['kind'], ms: number): void;
  onSnapshot(id: string, units: number, ms: number): void;
  onTrouble(item: Diagnostic): void;
}

export type LoopEnd = 'settled' | 'stopped';

/** How often `--once` looks whether everything has settled, in milliseconds. */
const SETTLE_CHECK_MS = 50;
/** Failed polls in a row after which `--once` gives up. */
const ONCE_POLL_TRIES = 3;

/** Runs until the signal aborts or, with `once`, until nothing is left to do. */
export async function runLoop(deps: LoopDeps, signal: AbortSignal): Promise<LoopEnd> {
  const hint = createHint();
  deps.source.onHint(hint.ring);
  let accepted = false;
  let failedPolls = 0;
  while (!signal.aborted) {
    const good = await pollOnce(deps, signal).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (good === undefined) break;
    accepted ||= good;
    failedPolls = good ? 0 : failedPolls + 1;
    if (deps.once && (accepted || failedPolls >= ONCE_POLL_TRIES)) {
      if (!accepted || (await settle(deps, signal))) return 'settled';
    }
    await waitForNext(deps, hint, signal);
  }
  return 'stopped';
}

/** True when the source answered. */
async function pollOnce(deps: LoopDeps, signal: AbortSignal): Promise<boolean> {
  const { session, source, clock, observer } = deps;
  const begun = clock.now();
  const result = await source.poll(signal);
  observer.onPoll(result.kind, clock.now() - begun);
  if (result.kind !== 'unreachable' && session.committer.noticeRemoteTip(result.statusTip)) {
    // Whoever has moved the status branch may have taken this instance over: first that, then the new commit.
    await session.committer.flush();
    signal.throwIfAborted();
  }
  switch (result.kind) {
    case 'unchanged': {
      session.setSourceTrouble(undefined);
      const started = clock.now();
      const intake = await session.refresh(signal);
      if (intake) observer.onSnapshot(intake.snapshot, intake.works.size, clock.now() - started);
      return true;
    }
    case 'missing':
    case 'unreachable':
      session.setSourceTrouble(result.diagnostic);
      observer.onTrouble(result.diagnostic);
      return false;
    case 'changed': {
      session.setSourceTrouble(result.diagnostics[0]);
      for (const item of result.diagnostics) observer.onTrouble(item);
      const started = clock.now();
      const intake = await session.accept(result.snapshot, signal);
      observer.onSnapshot(result.snapshot.id, intake.works.size, clock.now() - started);
      return true;
    }
  }
}

/** Waits until nothing moves; false when a newer snapshot may be there first. */
async function settle(deps: LoopDeps, signal: AbortSignal): Promise<boolean> {
  const begun = deps.clock.now();
  while (!signal.aborted) {
    if (deps.session.coordinator.isSettled()) return true;
    if (deps.clock.now() - begun > deps.intervalMs) return false;
    await deps.clock.sleep(SETTLE_CHECK_MS, signal).catch(() => undefined);
  }
  return true;
}

async function waitForNext(deps: LoopDeps, hint: Hint, signal: AbortSignal): Promise<void> {
  const pause = deps.once ? SETTLE_CHECK_MS : jittered(deps.intervalMs, deps.random);
  const ends = new AbortController();
  const stop = (): void => ends.abort(new Error('stopped'));
  signal.addEventListener('abort', stop, { once: true });
  hint.onRing(stop);
  await deps.clock.sleep(pause, ends.signal).catch(() => undefined);
  hint.onRing(undefined);
  signal.removeEventListener('abort', stop);
}

interface Hint {
  readonly ring: () => void;
  onRing(callback: (() => void) | undefined): void;
}

/** A bell that remembers having rung while nobody listened. */
function createHint(): Hint {
  let rung = false;
  let listener: (() => void) | undefined;
  return {
    ring: () => {
      if (listener) listener();
      else rung = true;
    },
    onRing: (callback) => {
      listener = callback;
      if (callback && rung) {
        rung = false;
        callback();
      }
    },
  };
}
