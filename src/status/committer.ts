// The one writer of the status store: group commit for intents, coalesced status, few pushes, nothing lost on the way.
import { backoffDelay } from '../lib/backoff.ts';
import type { Random } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { createTokenBucket } from '../lib/token-bucket.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { groupMessage, mergeChanges } from './pending-changes.ts';
import type { PendingIntent, PendingStatus } from './pending-changes.ts';
import type { PushResult, StatusChange, StatusStore } from './store.ts';

export type IntentResult =
  /** The files are on the remote, or in the local branch where there is no remote. */
  | { readonly kind: 'acknowledged' }
  /** Fenced, shut down or aborted: nothing may be changed on the strength of this intent. */
  | { readonly kind: 'refused'; readonly diagnostic: Diagnostic };

/** What happened, for logs and metrics. */
export type CommitterEvent =
  | {
      readonly kind: 'committed';
      readonly commit: string;
      readonly files: number;
      readonly intents: number;
    }
  | { readonly kind: 'pushed'; readonly commit: string; readonly ms: number }
  | { readonly kind: 'failed'; readonly diagnostic: Diagnostic; readonly retryInMs: number }
  | { readonly kind: 'fenced'; readonly diagnostic: Diagnostic };

export interface CommitterDependencies {
  /** Opened already. */
  readonly store: StatusStore;
  readonly clock: Clock;
  /** Message of a commit that carries status only. */
  readonly describe: (changes: readonly StatusChange[]) => string;
  readonly pushesPerMinute: number;
  /** No limit on pushes: for `file://` remotes and paths. */
  readonly unlimited?: boolean;
  /** Numbers in [0, 1) for the retry delays; `Math.random` unless given. */
  readonly random?: Random;
  /** Quiet time before status alone is committed, in milliseconds; 250 unless given. */
  readonly quietMs?: number;
  /** Status is committed after so many milliseconds even when it never gets quiet; 2,000 unless given. */
  readonly longestMs?: number;
  /** Called once, when somebody else holds the branch: stop changing things. */
  readonly onFenced?: (reason: Diagnostic) => void;
  readonly onEvent?: (event: CommitterEvent) => void;
}

export interface Committer {
  /** Resolves when the changes are safe where another daemon would look; an aborted intent may still be written. */
  intent(
    changes: readonly StatusChange[],
    message: string,
    signal?: AbortSignal,
  ): Promise<IntentResult>;
  /** Coalesced: the last content of a path wins. */
  status(changes: readonly StatusChange[]): void;
  /** Why status is not on the remote, while that is so. */
  unpushed(): Diagnostic | undefined;
  /**
   * Where a poll has seen the remote's status branch; `null` when it is gone, undefined when nobody looked.
   * @returns true when that is not where we left it: until a `flush` says whose it is now, nothing may be changed
   */
  noticeRemoteTip(tip: string | null | undefined): boolean;
  /** Commits and pushes what is there now, with one try whatever the limits say. */
  flush(): Promise<PushResult>;
  /**
   * Flushes and stops; intents that are not acknowledged by then are refused.
   * @param graceMs a push that takes longer is given up, 10,000 unless given; what it carried stays committed locally
   */
  close(graceMs?: number): Promise<void>;
}

interface WaitingIntent extends PendingIntent {
  readonly settle: (result: IntentResult) => void;
}

const RETRY = { baseMs: 1_000, maxMs: 60_000 } as const;
/** A sleep without anything to wait for; every call wakes it. */
const LONGEST_SLEEP_MS = 3_600_000;
/** A token that status leaves in the bucket, so that an intent does not wait behind it. */
const KEPT_FOR_INTENTS = 1;

/** Starts the writer. What was committed but not pushed before (the new epoch, for one) is pushed at once. */
export function createCommitter(dependencies: CommitterDependencies): Committer {
  const { store, clock } = dependencies;
  const random = dependencies.random ?? Math.random;
  const quietMs = dependencies.quietMs ?? 250;
  const longestMs = dependencies.longestMs ?? 2_000;
  const bucket = createTokenBucket(dependencies.pushesPerMinute, clock.now());
  const keptTokens = dependencies.pushesPerMinute > KEPT_FOR_INTENTS ? KEPT_FOR_INTENTS : 0;
  /** Not committed yet. */
  const waiting = new Set<WaitingIntent>();
  /** Committed, and not acknowledged yet. */
  const sent = new Set<WaitingIntent>();
  const status = new Map<string, PendingStatus>();
  let order = 0;
  let firstStatusAt = 0;
  let lastStatusAt = 0;
  let behind = true;
  let suspicious = false;
  let failures = 0;
  let retryAt = 0;
  /** Until then nothing is committed, because committing itself failed. */
  let stuckUntil = 0;
  let trouble: Diagnostic | undefined;
  let fence: Diagnostic | undefined;
  let closing = false;
  let flushes: ((result: PushResult) => void)[] = [];
  let wake = new AbortController();
  const giveUp = new AbortController();

  const nudge = (): void => wake.abort();

  const refuseAll = (reason: Diagnostic): void => {
    for (const intent of [...sent, ...waiting]) intent.settle(refused(reason));
    sent.clear();
    waiting.clear();
  };

  const fenceOff = (reason: Diagnostic): void => {
    fence = reason;
    status.clear();
    refuseAll(reason);
    dependencies.onEvent?.({ kind: 'fenced', diagnostic: reason });
    dependencies.onFenced?.(reason);
  };

  const postpone = (reason: Diagnostic): void => {
    failures += 1;
    trouble = reason;
    const retryInMs = backoffDelay(failures, RETRY, random);
    retryAt = clock.now() + retryInMs;
    dependencies.onEvent?.({ kind: 'failed', diagnostic: reason, retryInMs });
  };

  /** Commits status, and intents too when they are about to be pushed. What fails to be committed stays pending. */
  const commit = async (intents: readonly WaitingIntent[]): Promise<void> => {
    const taken = new Map(status);
    const changes = mergeChanges(intents, taken.values());
    if (changes.length > 0) {
      const message = intents.length > 0 ? groupMessage(intents) : dependencies.describe(changes);
      const result = await store.commit(changes, message);
      if (result.kind === 'committed') {
        behind = true;
        const { commit: id } = result;
        const counts = { files: changes.length, intents: intents.length };
        dependencies.onEvent?.({ kind: 'committed', commit: id, ...counts });
      }
    }
    for (const [path, item] of taken) if (status.get(path) === item) status.delete(path);
    // What came while the commit was written starts its own quiet time.
    firstStatusAt = clock.now();
    for (const intent of intents) if (waiting.delete(intent)) sent.add(intent);
  };

  const acknowledge = (): void => {
    for (const intent of sent) intent.settle({ kind: 'acknowledged' });
    sent.clear();
    behind = false;
    suspicious = false;
    failures = 0;
    trouble = undefined;
  };

  const push = async (): Promise<PushResult> => {
    const started = clock.now();
    const result = await store.push(giveUp.signal);
    switch (result.kind) {
      case 'pushed':
        acknowledge();
        dependencies.onEvent?.({
          kind: 'pushed',
          commit: result.commit,
          ms: clock.now() - started,
        });
        return result;
      case 'upToDate':
      case 'localOnly':
        acknowledge();
        return result;
      case 'unreachable':
        postpone(result.diagnostic);
        return result;
      case 'fenced':
        fenceOff(result.diagnostic);
        return result;
    }
  };

  /** One round: commit what is due, push when it is allowed. Never throws. */
  const round = async (forced: boolean): Promise<PushResult | undefined> => {
    try {
      const now = clock.now();
      const urgent = waiting.size > 0 || sent.size > 0 || suspicious;
      const allowed = forced || pushDelay(urgent, now) === 0;
      await commit(allowed ? [...waiting] : []);
      const needed = forced || behind || suspicious || sent.size > 0;
      if (!allowed || !needed) return undefined;
      if (giveUp.signal.aborted) return { kind: 'unreachable', diagnostic: interrupted() };
      if (!dependencies.unlimited && !forced) bucket.take(now);
      return await push();
    } catch (error) {
      // A full disk, or git gone missing: nothing was taken out of the queues, so the next round tries it all again.
      const reason = diagnostic(
        'GitFailed',
        error instanceof Error ? error.message : String(error),
      );
      postpone(reason);
      stuckUntil = retryAt;
      return { kind: 'unreachable', diagnostic: reason };
    }
  };

  /** Milliseconds until a push is allowed. */
  const pushDelay = (urgent: boolean, now: number): number => {
    const tokens = dependencies.unlimited ? 0 : bucket.waitFor(1 + (urgent ? 0 : keptTokens), now);
    const backoff = failures > 0 ? Math.max(0, retryAt - now) : 0;
    return Math.max(tokens, backoff);
  };

  /** Milliseconds until there is something to do; Infinity when nothing waits. */
  const nextRound = (now: number): number => {
    if (flushes.length > 0) return 0;
    const urgent = waiting.size > 0 || sent.size > 0 || suspicious;
    const quiet = Math.min(lastStatusAt + quietMs, firstStatusAt + longestMs);
    const statusDue = status.size > 0 ? Math.max(0, quiet - now, stuckUntil - now) : Infinity;
    const pushDue = urgent || (behind && status.size === 0) ? pushDelay(urgent, now) : Infinity;
    return Math.min(statusDue, pushDue);
  };

  const pause = async (): Promise<void> => {
    const ms = nextRound(clock.now());
    if (ms === 0) return;
    wake = new AbortController();
    await clock.sleep(Math.min(ms, LONGEST_SLEEP_MS), wake.signal).catch(() => undefined);
  };

  const loop = async (): Promise<void> => {
    while (!fence) {
      await pause();
      if (closing && flushes.length === 0) return;
      if (nextRound(clock.now()) > 0) continue;
      const asked = flushes;
      flushes = [];
      const result = await round(asked.length > 0);
      for (const resolve of asked) resolve(result ?? { kind: 'upToDate' });
    }
    for (const resolve of flushes) resolve({ kind: 'fenced', diagnostic: fence });
    flushes = [];
  };
  const running = loop();

  const flush = (): Promise<PushResult> => {
    if (fence) return Promise.resolve({ kind: 'fenced', diagnostic: fence });
    if (closing) return Promise.resolve({ kind: 'upToDate' });
    return new Promise((resolve) => {
      flushes.push(resolve);
      nudge();
    });
  };

  return {
    intent(changes, message, signal) {
      if (fence) return Promise.resolve(refused(fence));
      if (closing || signal?.aborted) return Promise.resolve(refused(interrupted()));
      return new Promise((resolve) => {
        const settle = (result: IntentResult): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve(result);
        };
        const intent: WaitingIntent = { order: ++order, changes, message, settle };
        const onAbort = (): void => {
          waiting.delete(intent);
          sent.delete(intent);
          settle(refused(interrupted()));
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.add(intent);
        nudge();
      });
    },
    status(changes) {
      if (fence || changes.length === 0) return;
      lastStatusAt = clock.now();
      if (status.size === 0) firstStatusAt = lastStatusAt;
      order += 1;
      for (const change of changes) status.set(change.path, { order, change });
      nudge();
    },
    unpushed: () => fence ?? trouble,
    noticeRemoteTip(tip) {
      if (tip === undefined || fence || !store.noticeRemoteTip(tip)) return false;
      suspicious = true;
      nudge();
      return true;
    },
    flush,
    async close(graceMs = 10_000) {
      const done = new AbortController();
      void clock.sleep(graceMs, done.signal).then(
        () => giveUp.abort(),
        () => undefined,
      );
      if (!closing) {
        await flush();
        closing = true;
        nudge();
      }
      await running;
      done.abort();
      refuseAll(interrupted());
    },
  };
}

function refused(reason: Diagnostic): IntentResult {
  return { kind: 'refused', diagnostic: reason };
}

function interrupted(): Diagnostic {
  return diagnostic('Interrupted', 'the intent was given up before it was acknowledged');
}
