// The daemon: session, loop, HTTP and logs put together, until a signal or until nothing is left to do.
import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { ApplyEvent } from '../apply/result.ts';
import type { Clock } from '../lib/clock.ts';
import { backoffDelay } from '../lib/backoff.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { formatObjectKey } from '../model/object-key.ts';
import { startSession } from '../reconcile/session.ts';
import type { Session, SessionDeps } from '../reconcile/session.ts';
import type { UnitState } from '../reconcile/unit-state.ts';
import type { Source } from '../watcher/source.ts';
import { startHttp } from './http.ts';
import type { HttpServer } from './http.ts';
import { runLoop } from './loop.ts';
import { createMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';

export interface DaemonDeps {
  readonly session: Omit<SessionDeps, 'observer'>;
  readonly source: Source;
  readonly clock: Clock;
  readonly random: () => number;
  readonly intervalMs: number;
  readonly once: boolean;
  readonly listen: string | undefined;
  readonly log: Logger;
  /** Live output of the command line; logs go on beside it. */
  readonly watcher?: DaemonWatcher;
}

export interface DaemonWatcher {
  onApply?(event: ApplyEvent): void;
  onUnit?(state: UnitState): void;
  onSnapshot?(id: string, units: number): void;
  onTrouble?(item: Diagnostic): void;
  onStatusCommit?(commit: string): void;
  onListen?(address: string): void;
}

export type DaemonEnd =
  /** Stopped by the signal, everything written. */
  | { readonly kind: 'stopped' }
  /** `once`: nothing is left to do. */
  | {
      readonly kind: 'settled';
      readonly notReady: readonly UnitState[];
      /** Ready, but some of what is to go is still there. */
      readonly holding: readonly UnitState[];
      readonly diagnostics: readonly Diagnostic[];
    }
  /** The status branch is not ours (any more). */
  | { readonly kind: 'refused'; readonly diagnostic: Diagnostic };

const START_RETRY = { baseMs: 1_000, maxMs: 60_000 } as const;
/** With `once`, tries to reach the remote before giving up. */
const ONCE_START_TRIES = 3;

/** Runs one instance. SIGTERM is the caller's `signal`: the current objects are finished, then it returns. */
export async function runDaemon(deps: DaemonDeps, signal: AbortSignal): Promise<DaemonEnd> {
  const metrics = createMetrics(deps.listen !== undefined);
  const stop = new AbortController();
  // Every render that waits for a file listens to it.
  setMaxListeners(0, stop.signal);
  const onSignal = (): void => stop.abort(signal.reason);
  signal.addEventListener('abort', onSignal, { once: true });
  let fence: Diagnostic | undefined;
  let session: Session | undefined;
  let http: HttpServer | undefined;
  try {
    if (deps.listen !== undefined) {
      http = await startHttp({
        listen: deps.listen,
        metrics,
        notReady: () => (session ? undefined : 'the status branch is not open yet'),
      });
      deps.log.info({ address: http.address }, 'listening');
      deps.watcher?.onListen?.(http.address);
    }
    const started = await start(deps, metrics, stop.signal, (reason) => {
      fence = reason;
      stop.abort(new Error(reason.message));
    });
    if (started.kind !== 'started') return started;
    session = started.session;
    const end = await runLoop(
      { ...deps, session, observer: loopObserver(deps, metrics) },
      stop.signal,
    );
    if (fence) return { kind: 'refused', diagnostic: fence };
    if (end === 'stopped') return { kind: 'stopped' };
    const units = session.coordinator.units();
    const isReady = (state: UnitState): boolean => state.readiness.status === 'True';
    return {
      kind: 'settled',
      notReady: units.filter((state) => !isReady(state)),
      holding: units.filter((state) => isReady(state) && state.removals.length > 0),
      diagnostics: session.diagnostics(),
    };
  } finally {
    signal.removeEventListener('abort', onSignal);
    await session?.close();
    await deps.source.close();
    await http?.close();
  }
}

type Started =
  | { readonly kind: 'started'; readonly session: Session }
  | Extract<DaemonEnd, { kind: 'refused' | 'stopped' }>;

async function start(
  deps: DaemonDeps,
  metrics: Metrics,
  signal: AbortSignal,
  onFenced: (reason: Diagnostic) => void,
): Promise<Started> {
  for (let tries = 1; !signal.aborted; tries += 1) {
    const result = await startSession(
      { ...deps.session, observer: sessionObserver(deps, metrics, onFenced) },
      signal,
    );
    if (result.kind !== 'unreachable') return result;
    deps.log.warn({ diagnostic: result.diagnostic }, 'the status branch cannot be reached');
    deps.watcher?.onTrouble?.(result.diagnostic);
    if (deps.once && tries >= ONCE_START_TRIES)
      return { kind: 'refused', diagnostic: result.diagnostic };
    await deps.clock
      .sleep(backoffDelay(tries, START_RETRY, deps.random), signal)
      .catch(() => undefined);
  }
  return { kind: 'stopped' };
}

function sessionObserver(
  deps: DaemonDeps,
  metrics: Metrics,
  onFenced: (reason: Diagnostic) => void,
): SessionDeps['observer'] {
  const { log, watcher } = deps;
  const readiness = new Map<string, boolean>();
  return {
    onApply: (event) => {
      metrics.object(event.what);
      const fields = {
        unit: event.unit,
        phase: event.phase,
        object: formatObjectKey(event.ref),
        result: event.what,
      };
      const bad = event.what === 'failed' || event.what === 'collision' || event.what === 'held';
      log[bad ? 'warn' : 'info'](
        { ...fields, ...(event.message === undefined ? {} : { detail: event.message }) },
        'object',
      );
      watcher?.onApply?.(event);
    },
    onUnit: (state) => {
      const { status, reason, message } = state.readiness;
      readiness.set(state.id, status === 'True');
      const ready = [...readiness.values()].filter(Boolean).length;
      metrics.units({ ready, notReady: readiness.size - ready });
      log.info({ unit: state.id, ready: status, reason, detail: message }, 'unit');
      watcher?.onUnit?.(state);
    },
    onStatus: (event) => {
      metrics.status(event.kind);
      switch (event.kind) {
        case 'committed':
          log.info(
            { commit: event.commit, files: event.files, intents: event.intents },
            'status committed',
          );
          watcher?.onStatusCommit?.(event.commit);
          return;
        case 'pushed':
          log.info({ commit: event.commit, ms: event.ms }, 'status pushed');
          return;
        case 'failed':
          log.warn(
            { diagnostic: event.diagnostic, retryInMs: event.retryInMs },
            'status not pushed',
          );
          watcher?.onTrouble?.(event.diagnostic);
          return;
        case 'fenced':
          log.error({ diagnostic: event.diagnostic }, 'fenced');
      }
    },
    onFault: (unit, fault) => {
      log.error({ unit, err: fault }, 'fault in a pass; the unit is tried again');
    },
    onFenced,
  };
}

function loopObserver(
  deps: DaemonDeps,
  metrics: Metrics,
): Parameters<typeof runLoop>[0]['observer'] {
  const { log, watcher } = deps;
  return {
    onPoll: (result, ms) => {
      metrics.poll(result, ms);
      if (result !== 'unchanged') log.info({ result, ms }, 'poll');
    },
    onSnapshot: (id, units, ms) => {
      metrics.snapshot(ms);
      log.info({ snapshot: id, units, ms }, 'snapshot accepted');
      watcher?.onSnapshot?.(id, units);
    },
    onTrouble: (item) => {
      log.warn({ diagnostic: item }, 'source');
      watcher?.onTrouble?.(item);
    },
  };
}
