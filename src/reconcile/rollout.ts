// Rolls the current revision out as far as its gates allow, and judges deadline, availability and success.
import { isAvailableLongEnough } from './success-delay.ts';
import type { PhaseResult } from '../apply/phase-engine.ts';
import type { OwnerContext } from '../plan/situation.ts';
import { formatTime } from '../lib/clock.ts';
import { inventoryKey } from '../model/inventory.ts';
import { latestRevision } from '../model/unit-memory.ts';
import type { RevisionRecord } from '../model/unit-memory.ts';
import type { Begun } from './begin-revision.ts';
import { recordResults } from './inventory-update.ts';
import { lending } from './lent-objects.ts';
import { previousUnits } from './previous-sets.ts';
import { managerOf } from './target-hub.ts';
import type { PassContext, RunningTarget } from './unit-deps.ts';
import type { UnitState } from './unit-state.ts';

export interface RolloutResult {
  readonly phases: readonly PhaseResult[];
  readonly complete: boolean;
  readonly superseded: boolean;
  /** A retryable failure happened. */
  readonly failed: boolean;
  /** The phase whose deadline has passed. */
  readonly overdue: string | undefined;
  readonly againInMs: number | undefined;
}

/** One pass of the revision engine, and what follows from it for the memory of the unit. */
export async function rollOut(
  state: UnitState,
  begun: Begun,
  running: RunningTarget,
  context: PassContext,
): Promise<RolloutResult> {
  const { deps, signal } = context;
  if (state.resultsOf !== begun.number) {
    state.results = new Map();
    state.resultsOf = begun.number;
  }
  restoreDeadline(state, begun.number);
  const result = await running.engine.reconcile(lending(begun.desired, state.id, deps), {
    owner: ownerContext(state, deps.instance, {
      number: begun.number,
      hash: begun.desired.templateHash,
    }),
    probe: deps.probe(begun.desired),
    rehearse: begun.work.header.rehearse,
    before: state.results,
    dirty: context.dirty,
    entry: (key) => state.memory.inventory.get(key),
    paused: begun.work.header.suspended,
    signal,
    isCurrent: () => isCurrent(state, begun),
    onPhase: (phase) => noteGate(state, phase, deps.clock.now()),
  });
  state.results = new Map(result.phases.map((phase) => [phase.name, phase]));
  state.memory = {
    ...state.memory,
    inventory: recordResults(state.memory.inventory, begun.desired, state.results, {
      revision: begun.number,
      identityOf: (ref) => running.places.identityOf(ref),
      detach: begun.work.header.detach,
    }),
  };
  if (result.superseded) {
    return { ...result, failed: false, overdue: undefined, againInMs: 0 };
  }
  return { ...result, ...judge(state, begun, result, deps.clock.now()) };
}

/** How this revision appears to the objects of the target. */
export function ownerContext(
  state: UnitState,
  instance: string,
  revision: OwnerContext['revision'],
): OwnerContext {
  const previous = state.desiredOf.get(revision.number)?.previous;
  return {
    instance,
    unit: state.id,
    revision,
    transferredFrom: (key) => [
      ...(state.memory.inventory.get(inventoryKey(key))?.from ?? []),
      ...previousUnits(state.name, previous),
    ],
    claimOf: (key) => state.memory.inventory.get(inventoryKey(key))?.claim,
    isLeaving: (key) => state.memory.inventory.get(inventoryKey(key))?.leaving === true,
    manager: managerOf(instance),
    previous,
  };
}

function isCurrent(state: UnitState, begun: Begun): boolean {
  // An older revision that was cut short too often may go on until its gate opens.
  if (begun.unfinished) return true;
  return state.work === begun.work;
}

function noteGate(state: UnitState, phase: PhaseResult, now: number): void {
  if (phase.gate === 'open') {
    if (state.closedSince.delete(phase.name)) state.supersedes = 0;
  } else if (!state.closedSince.has(phase.name)) {
    state.closedSince.set(phase.name, now);
  }
}

function judge(
  state: UnitState,
  begun: Begun,
  result: { readonly phases: readonly PhaseResult[]; readonly complete: boolean },
  now: number,
): Pick<RolloutResult, 'failed' | 'overdue' | 'againInMs'> {
  const failed = result.phases.some(
    (phase) => phase.preflight.length > 0 || hasRetryableFailure(phase),
  );
  if (!result.complete) {
    state.availableSince = undefined;
    const closed = closedPhase(state, begun, result.phases.at(-1));
    setRecord(state, begun.number, { available: false, availableSince: undefined, closed });
    const deadline = nextDeadline(state, begun, now);
    if (deadline.overdue !== undefined) state.supersedes = 0;
    return { failed, ...deadline };
  }
  const record = latestRevision(state.memory);
  state.availableSince ??= timeOf(record?.availableSince) ?? now;
  state.supersedes = 0;
  const delay = isAvailableLongEnough(begun.desired.successDelaySeconds, state.availableSince, now);
  const succeeded = delay.done || record?.succeeded === true;
  setRecord(state, begun.number, {
    available: true,
    state: 'available',
    availableSince: succeeded ? undefined : formatTime(state.availableSince),
    closed: undefined,
    ...(succeeded ? { succeeded } : {}),
  });
  return { failed, overdue: undefined, againInMs: delay.done ? undefined : delay.waitMs };
}

/** A restart does not set the deadline back. */
function restoreDeadline(state: UnitState, number: number): void {
  if (state.closedSince.size > 0) return;
  const closed = state.memory.revisions.find((record) => record.number === number)?.closed;
  const since = timeOf(closed?.since);
  if (closed && since !== undefined) state.closedSince.set(closed.phase, since);
}

function closedPhase(
  state: UnitState,
  begun: Begun,
  phase: PhaseResult | undefined,
): RevisionRecord['closed'] {
  const since = phase && state.closedSince.get(phase.name);
  if (since === undefined || begun.desired.timeoutMs === undefined) return undefined;
  return { phase: phase?.name ?? '', since: formatTime(since) };
}

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

function nextDeadline(
  state: UnitState,
  begun: Begun,
  now: number,
): Pick<RolloutResult, 'overdue' | 'againInMs'> {
  const { timeoutMs } = begun.desired;
  if (timeoutMs === undefined) return { overdue: undefined, againInMs: undefined };
  for (const [phase, since] of state.closedSince) {
    const left = since + timeoutMs - now;
    return left <= 0
      ? { overdue: phase, againInMs: undefined }
      : { overdue: undefined, againInMs: left };
  }
  return { overdue: undefined, againInMs: undefined };
}

function hasRetryableFailure(phase: PhaseResult): boolean {
  return [...phase.objects.values()].some(({ outcome }) => {
    if (outcome.kind === 'failed') return outcome.retryable;
    return (
      outcome.kind === 'collision' || outcome.kind === 'waiting' || outcome.kind === 'progressed'
    );
  });
}

/** Changes fields of one revision's record; nothing changes where they are the same already. */
export function setRecord(state: UnitState, number: number, fields: Partial<RevisionRecord>): void {
  const revisions = state.memory.revisions.map((record) =>
    record.number === number ? { ...record, ...fields } : record,
  );
  state.memory = { ...state.memory, revisions };
}
