// Turns what a pass found into the unit's Report: readiness, conditions, phases, what is held and why. Pure.
import type { PhaseResult } from '../apply/phase-engine.ts';
import { nextConditions } from '../model/conditions.ts';
import { diagnostic, hasErrors } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { formatObjectKey, keyOf } from '../model/object-key.ts';
import { latestRevision } from '../model/unit-memory.ts';
import type { RemovalReport, UnitReport } from '../status/report.ts';
import type { Begun } from './begin-revision.ts';
import { gateMessage } from './gate-message.ts';
import { lastPhases, phaseReports } from './phase-report.ts';
import type { RolloutResult } from './rollout.ts';
import { statusFor } from './unit-conditions.ts';
import type { Stop, UnitState, UnitWork } from './unit-state.ts';

/** How a pass ended. */
export type PassEnd =
  | {
      readonly kind: 'rollout';
      readonly work: Extract<UnitWork, { kind: 'desired' }>;
      readonly begun: Begun;
      readonly rollout: RolloutResult;
      readonly removals: readonly RemovalReport[];
    }
  | { readonly kind: 'stopped'; readonly stop: Stop; readonly removals: readonly RemovalReport[] }
  | {
      readonly kind: 'removing';
      readonly reason: string;
      readonly removals: readonly RemovalReport[];
    }
  /** An ObjectSet whose objects are to go; without removals all of them are gone. */
  | {
      readonly kind: 'archived';
      readonly work: Extract<UnitWork, { kind: 'desired' }>;
      readonly removals: readonly RemovalReport[];
    }
  | { readonly kind: 'gone' };

/** What a pass amounts to. */
export interface Verdict {
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly reconciling: boolean;
  readonly stalled: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** @param now RFC 3339 time for conditions that change */
export function buildReport(
  state: UnitState,
  end: Exclude<PassEnd, { kind: 'gone' }>,
  now: string,
): UnitReport {
  const verdict = judge(state, end);
  const header = state.work.kind === 'removed' ? undefined : state.work.header;
  const record = latestRevision(state.memory);
  const status = statusFor(state, end, verdict);
  const conditions = nextConditions(state.memory.conditions, status.conditions, now);
  return {
    id: state.id,
    name: state.name,
    apiVersion: header?.apiVersion,
    commit:
      record && state.work.kind === 'desired' && record.hash === state.work.desired.templateHash
        ? record.commit
        : state.work.snapshot,
    source: header?.source,
    parent: header?.nested?.parent,
    ready: verdict.ready,
    reason: verdict.reason,
    message: verdict.message,
    conditions,
    revision: record?.number ?? 0,
    hash: record?.hash ?? '',
    apiStatus: status.fields,
    phases:
      end.kind === 'rollout'
        ? phaseReports(end.begun.desired, end.rollout.phases)
        : lastPhases(state),
    removals: end.removals,
    revisions: state.memory.revisions.map(
      ({ number, hash, commit, state: stage, changeCause }) => ({
        number,
        hash,
        commit,
        state: stage,
        changeCause,
      }),
    ),
    dependsOn: header?.dependsOn ?? [],
    unpackedHash: state.memory.unpackedHash,
    diagnostics: verdict.diagnostics,
  };
}

function judge(state: UnitState, end: Exclude<PassEnd, { kind: 'gone' }>): Verdict {
  switch (end.kind) {
    case 'stopped': {
      const { reason, message, diagnostics, settled } = end.stop;
      return {
        ready: 'False',
        reason,
        message,
        reconciling: !settled,
        stalled: settled,
        diagnostics,
      };
    }
    case 'archived':
      return judgeArchived(end);
    case 'removing':
      return judgeRemoving(end);
    case 'rollout':
      return judgeRollout(state, end);
  }
}

function judgeRemoving(end: Extract<PassEnd, { kind: 'removing' }>): Verdict {
  const held = heldRemovals(end.removals);
  // What is proved to be ours, or allowed to go, only a person can say.
  const stalled = held.length > 0 && end.removals.every(({ state }) => state === 'held');
  return {
    ready: 'False',
    reason: 'Removing',
    message: end.reason,
    reconciling: !stalled,
    stalled,
    diagnostics: held,
  };
}

/** Gone is what was asked for, so it counts as ready. */
function judgeArchived(end: Extract<PassEnd, { kind: 'archived' }>): Verdict {
  const held = heldRemovals(end.removals);
  const done = end.removals.length === 0;
  return {
    ready: done ? 'True' : 'False',
    reason: done ? 'Archived' : 'ArchivalInProgress',
    message: done
      ? 'Everything that it controlled is gone.'
      : (held[0]?.message ?? 'Object teardown in progress.'),
    reconciling: !done && held.length < end.removals.length,
    stalled: !done && held.length === end.removals.length,
    diagnostics: [...end.work.diagnostics, ...held],
  };
}

function heldRemovals(removals: readonly RemovalReport[]): readonly Diagnostic[] {
  return removals
    .filter((removal) => removal.state === 'held' || removal.state === 'failed')
    .map(({ code = 'PruneHeld', reason, ref }) => diagnostic(code, reason, { object: ref }));
}

function judgeRollout(state: UnitState, end: Extract<PassEnd, { kind: 'rollout' }>): Verdict {
  const { rollout, work, begun } = end;
  const held = heldRemovals(end.removals);
  const diagnostics = [
    ...work.diagnostics,
    ...rollout.phases.flatMap((phase) => [...phase.preflight, ...outcomeDiagnostics(phase)]),
    ...rollout.phases.flatMap(conditionDiagnostics).slice(0, MAX_CONDITION_FAULTS),
    ...held,
  ];
  if (work.header.suspended) {
    const message = work.header.suspendReason ?? 'The unit is suspended.';
    return {
      ready: 'False',
      reason: 'Suspended',
      message,
      reconciling: false,
      stalled: true,
      diagnostics,
    };
  }
  if (!rollout.complete) {
    const closed = rollout.phases.at(-1);
    const message = closed ? gateMessage(closed, 'inner') : 'no phase has been reached';
    const reason =
      closed && closed.preflight.length > 0 ? 'PreflightError' : collisionReason(closed);
    if (rollout.overdue === undefined) {
      const stalled = isRefused(rollout.phases);
      return { ready: 'False', reason, message, reconciling: !stalled, stalled, diagnostics };
    }
    const late = diagnostic(
      'ProgressDeadlineExceeded',
      `Phase "${rollout.overdue}" did not open in time: ${message}`,
    );
    return {
      ready: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: late.message,
      reconciling: false,
      stalled: true,
      diagnostics: [...diagnostics, late],
    };
  }
  if (held.length > 0) {
    // The reason may count too, and not the same: what is held behind something else waits for that.
    const message = `Revision ${begun.number} is available; removals are held: ${held[0]?.message ?? ''}`;
    return {
      ready: 'True',
      reason: 'RemovalHeld',
      message,
      reconciling: false,
      stalled: false,
      diagnostics,
    };
  }
  const record = state.memory.revisions.find((candidate) => candidate.number === begun.number);
  const message =
    record?.succeeded === true
      ? `Revision ${begun.number} is available.`
      : `Revision ${begun.number} is available: pending success delay period`;
  return {
    ready: 'True',
    reason: 'Available',
    message,
    reconciling: end.removals.length > 0 || record?.succeeded !== true,
    stalled: hasErrors(diagnostics),
    diagnostics,
  };
}

function outcomeDiagnostics(phase: PhaseResult): readonly Diagnostic[] {
  return [...phase.objects.values()].flatMap(({ outcome }) =>
    outcome.kind === 'collision' || outcome.kind === 'failed' ? [outcome.diagnostic] : [],
  );
}

/** More objects with faulty conditions are not named. */
const MAX_CONDITION_FAULTS = 20;

function conditionDiagnostics(phase: PhaseResult): readonly Diagnostic[] {
  return [...phase.objects.values()].flatMap(({ ref, source, conditionFault }) => {
    if (conditionFault === undefined) return [];
    const message = `${formatObjectKey(ref)}: ${conditionFault}; it is not carried over to the unit`;
    return [diagnostic('ConditionMalformed', message, { object: keyOf(ref), ...source })];
  });
}

/** The closed phase waits only for objects that the target has refused for good: nothing comes by itself. */
export function isRefused(phases: readonly PhaseResult[]): boolean {
  const closed = phases.at(-1);
  const waiting = [...(closed?.objects.values() ?? [])].filter(
    ({ probe }) => probe.status !== 'True',
  );
  return (
    waiting.length > 0 &&
    waiting.every(({ outcome }) => outcome.kind === 'failed' && !outcome.retryable)
  );
}

function collisionReason(phase: PhaseResult | undefined): string {
  const outcomes = [...(phase?.objects.values() ?? [])].map((object) => object.outcome.kind);
  if (outcomes.includes('collision')) return 'CollisionDetected';
  return outcomes.includes('failed') ? 'ApplyFailed' : 'ProbeFailure';
}
