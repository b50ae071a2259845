// What is said of phases and their objects: what was reached, what waits, what the last pass knew. Pure.
import type { PhaseResult, ProbeOutcome } from '../apply/phase-engine.ts';
import type { ObjectOutcome } from '../apply/result.ts';
import type { DesiredState } from '../model/desired.ts';
import type { PhaseReport } from '../status/report.ts';
import type { UnitState } from './unit-state.ts';

/** Lines of explanation per object. */
const MAX_BECAUSE = 4;
const MAX_BECAUSE_LENGTH = 240;

/** Phases of a rollout; those behind a closed gate are waiting. */
export function phaseReports(
  desired: DesiredState,
  results: readonly PhaseResult[],
): readonly PhaseReport[] {
  const reached = new Map(results.map((phase) => [phase.name, phase]));
  return desired.phases.map((phase) => {
    const result = reached.get(phase.name);
    if (!result) {
      const objects = phase.objects.map(({ ref, source }) => ({
        ref,
        source,
        action: 'waiting',
        ready: 'Unknown' as const,
        messages: [],
        because: [],
      }));
      return { name: phase.name, gate: 'waiting', objects };
    }
    const objects = [...result.objects.values()].map(({ ref, source, outcome, probe }) => ({
      ref,
      source,
      action: steadyAction(outcome),
      ready: probe.status,
      messages: [...(probe.status === 'True' ? [] : probe.messages), ...driftOf(outcome)],
      because: becauseOf(probe),
    }));
    return { name: phase.name, gate: result.gate, objects };
  });
}

/** Enough to see what decided; a rule over many elements would fill the file. */
function becauseOf({ status, because = [] }: ProbeOutcome): readonly string[] {
  if (status === 'True') return [];
  return because.slice(0, MAX_BECAUSE).map((line) => shorten(line, MAX_BECAUSE_LENGTH));
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** What the last rollout of this run saw, while the unit cannot go on: what runs is still worth showing. */
export function lastPhases(state: UnitState): readonly PhaseReport[] {
  const desired = state.desiredOf.get(state.resultsOf);
  return desired && state.results.size > 0
    ? phaseReports(desired, [...state.results.values()])
    : [];
}

/** `sluice.dev/drift: report`: left as somebody made it, but said. */
function driftOf(outcome: ObjectOutcome): readonly string[] {
  if (outcome.kind !== 'left' || !outcome.drifted) return [];
  return ['differs from what is asked for, and sluice.dev/drift: report leaves it so'];
}

/** What was written in this pass or in an earlier one is the same fact: the status moves only with meaning. */
function steadyAction(outcome: ObjectOutcome): string {
  switch (outcome.kind) {
    case 'created':
    case 'updated':
    case 'recovered':
    case 'adopted':
    case 'transferred':
    case 'handedOver':
    case 'idle':
      return 'applied';
    default:
      return outcome.kind;
  }
}
