// One pass over one unit: choose the revision, write the intent, roll out as far as gates allow, remove what is left over.
import type { Diagnostic } from '../model/diagnostic.ts';
import { rollOut } from './rollout.ts';
import { serveOlderRevisions } from './older-revisions.ts';
import { removeArchived, removeLeftovers, removeUnit } from './unit-removal.ts';
import { beginRevision } from './begin-revision.ts';
import { publish } from './unit-publish.ts';
import type { PassContext, RunningTarget, UnitDeps } from './unit-deps.ts';
import { takeDirty } from './unit-state.ts';
import type { Stop, UnitState, UnitWork } from './unit-state.ts';

/** When the unit wants to be looked at again although nothing happened. */
export interface PassResult {
  /** Milliseconds from now; undefined: only events and commits wake it. */
  readonly againInMs: number | undefined;
  /** A retryable failure: the queue waits with growing delay. */
  readonly failed: boolean;
}

const AT_ONCE: PassResult = { againInMs: 0, failed: false };

/** Runs one pass. Expected trouble ends in the unit's report; only faults of Sluice itself are thrown. */
export async function passUnit(
  state: UnitState,
  deps: UnitDeps,
  signal: AbortSignal,
): Promise<PassResult> {
  const { work } = state;
  const running = await deps.target(state.name.target);
  if ('code' in running) return stopPass(state, deps, targetStop(running));
  const context: PassContext = { deps, signal, dirty: takeDirty(state) };
  switch (work.kind) {
    case 'removed':
      return passRemoved(state, work, running, context);
    case 'broken':
      return passBroken(state, work, running, context);
    case 'desired':
      return work.header.archived
        ? passArchived(state, work, running, context)
        : passDesired(state, work, running, context);
  }
}

async function passDesired(
  state: UnitState,
  work: Extract<UnitWork, { kind: 'desired' }>,
  running: RunningTarget,
  context: PassContext,
): Promise<PassResult> {
  const { deps, signal } = context;
  const begun = await beginRevision(state, work, running, context);
  if (begun.kind === 'stale') return AT_ONCE;
  if (begun.kind === 'stop') {
    await serveOlderRevisions(state, running, context, Number.POSITIVE_INFINITY);
    if (isStale(state, work)) return AT_ONCE;
    return stopPass(state, deps, begun.stop);
  }
  const rollout = await rollOut(state, begun, running, context);
  // An older revision that had to reach its gate has reached it: on with the one that is asked for.
  const reached = begun.unfinished && (rollout.complete || state.supersedes === 0);
  if (rollout.superseded || reached || isStale(state, work) || signal.aborted) return AT_ONCE;
  if (!rollout.complete) await serveOlderRevisions(state, running, context, begun.number);
  const removal = await removeLeftovers(state, begun, running, context);
  if (isStale(state, work)) return AT_ONCE;
  publish(state, deps, { kind: 'rollout', work, begun, rollout, removals: removal.reports });
  return {
    againInMs: soonest([rollout.againInMs, removal.againInMs]),
    failed: rollout.failed || removal.failed,
  };
}

/** `lifecycleState: Archived`: everything goes in reverse order, and the set says so. */
async function passArchived(
  state: UnitState,
  work: Extract<UnitWork, { kind: 'desired' }>,
  running: RunningTarget,
  context: PassContext,
): Promise<PassResult> {
  const removal = await removeArchived(state, running, context);
  if (isStale(state, work)) return AT_ONCE;
  publish(state, context.deps, { kind: 'archived', work, removals: removal.reports });
  return { againInMs: removal.againInMs, failed: removal.failed };
}

/** The content is broken: nothing new starts, what runs is kept as it is. */
async function passBroken(
  state: UnitState,
  work: Extract<UnitWork, { kind: 'broken' }>,
  running: RunningTarget,
  context: PassContext,
): Promise<PassResult> {
  await serveOlderRevisions(state, running, context, Number.POSITIVE_INFINITY);
  if (isStale(state, work)) return AT_ONCE;
  const first = work.diagnostics.find((item) => item.severity === 'error') ?? work.diagnostics[0];
  return stopPass(state, context.deps, {
    reason: first?.code ?? 'Invalid',
    message: first?.message ?? 'cannot be rendered',
    diagnostics: work.diagnostics,
    failed: false,
    settled: true,
  });
}

async function passRemoved(
  state: UnitState,
  work: Extract<UnitWork, { kind: 'removed' }>,
  running: RunningTarget,
  context: PassContext,
): Promise<PassResult> {
  const { deps } = context;
  const removal = await removeUnit(state, running, context);
  // It came back, or got another unit's claims, while its last object went.
  if (isStale(state, work)) return AT_ONCE;
  if (removal.kind === 'gone') {
    publish(state, deps, { kind: 'gone' });
    deps.onGone(state.id);
    return { againInMs: undefined, failed: false };
  }
  publish(state, deps, { kind: 'removing', reason: removal.reason, removals: removal.reports });
  return { againInMs: removal.againInMs, failed: removal.failed };
}

/** A newer commit has changed what is asked for while the pass ran: what was found belongs to the past. */
function isStale(state: UnitState, work: UnitWork): boolean {
  return state.work !== work;
}

function stopPass(state: UnitState, deps: UnitDeps, stop: Stop): PassResult {
  publish(state, deps, { kind: 'stopped', stop, removals: state.removals });
  return { againInMs: undefined, failed: stop.failed };
}

function targetStop(problem: Diagnostic): Stop {
  return {
    reason: problem.code,
    message: problem.message,
    diagnostics: [problem],
    failed: problem.code === 'TargetUnreachable',
    settled: problem.code !== 'TargetUnreachable',
  };
}

function soonest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
