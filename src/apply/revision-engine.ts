// One revision: its phases in order, each behind the gate of the one before it; removal in reverse. The outer engine.
import type { DesiredState } from '../model/desired.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import type { PhaseContext, PhaseEngine, PhaseResult, RemovalContextOf } from './phase-engine.ts';
import type { TeardownResult } from './result.ts';

export interface RevisionContext extends Omit<PhaseContext, 'before'> {
  /** Results of the pass before, by phase name. */
  readonly before: ReadonlyMap<string, PhaseResult>;
  /** Asked before each phase; false means that a newer revision has taken the place of this one. */
  readonly isCurrent: () => boolean;
  /** Called after each phase, for whoever shows progress. */
  readonly onPhase: (result: PhaseResult) => void;
}

export interface RevisionResult {
  /** Phases that were reached, in order. */
  readonly phases: readonly PhaseResult[];
  /** Every phase was reached and every gate is open. */
  readonly complete: boolean;
  /** A newer revision came; what was done stays done. */
  readonly superseded: boolean;
}

export interface RevisionTeardownResult {
  readonly results: readonly TeardownResult[];
  /** Nothing is left that this teardown may remove. */
  readonly complete: boolean;
}

export interface RevisionEngine {
  reconcile(desired: DesiredState, context: RevisionContext): Promise<RevisionResult>;
  /** Groups in the order of removal: each starts only when the one before it is gone. */
  teardown(
    groups: readonly (readonly InventoryEntry[])[],
    context: RemovalContextOf,
    signal: AbortSignal,
  ): Promise<RevisionTeardownResult>;
}

/** Builds the engine over a phase engine. */
export function createRevisionEngine(phases: PhaseEngine): RevisionEngine {
  return {
    async reconcile(desired, context) {
      const reached: PhaseResult[] = [];
      for (const [index, phase] of desired.phases.entries()) {
        if (context.signal.aborted || !context.isCurrent()) {
          return { phases: reached, complete: false, superseded: !context.isCurrent() };
        }
        const before = context.before.get(phase.name);
        const result = await phases.reconcile(phase, index, { ...context, before });
        reached.push(result);
        context.onPhase(result);
        if (result.gate === 'closed')
          return { phases: reached, complete: false, superseded: false };
      }
      return { phases: reached, complete: true, superseded: false };
    },
    async teardown(groups, context, signal) {
      const results: TeardownResult[] = [];
      for (const group of groups) {
        if (signal.aborted) return { results, complete: false };
        const removed = await phases.teardown(group, context);
        results.push(...removed);
        if (removed.some(holdsEarlierPhases)) return { results, complete: false };
      }
      return {
        results,
        complete: results.every((result) => result.kind === 'gone' || result.kind === 'released'),
      };
    },
  };
}

/** An object that is not ours is left alone and holds nothing up (package-operator §7.2); all else must be gone first. */
function holdsEarlierPhases(result: TeardownResult): boolean {
  switch (result.kind) {
    case 'gone':
    case 'released':
      return false;
    case 'deleting':
    case 'failed':
      return true;
    case 'held':
      return result.diagnostic.code === 'PruneHeld';
  }
}
