// Revisions that are not (or no longer) asked for go on serving what they still control, and stay judged by their probes.
import type { PhaseResult } from '../apply/phase-engine.ts';
import type { DesiredObject, DesiredState } from '../model/desired.ts';
import { inventoryKey } from '../model/inventory.ts';
import { latestRevision } from '../model/unit-memory.ts';
import type { RevisionRecord } from '../model/unit-memory.ts';
import { ownerContext, setRecord } from './rollout.ts';
import type { PassContext, RunningTarget } from './unit-deps.ts';
import type { UnitState } from './unit-state.ts';

/**
 * Repairs drift on objects that revisions below `current` still control, and judges whether they are available:
 * by all of their objects, also those that a newer revision has taken (package-operator §8). Nothing that such a
 * revision does not control is written, so one that never got through its gates gets no further either.
 */
export async function serveOlderRevisions(
  state: UnitState,
  running: RunningTarget,
  context: PassContext,
  current: number,
): Promise<void> {
  for (const record of state.memory.revisions) {
    if (record.number >= current || record.state === 'archived') continue;
    const desired = state.desiredOf.get(record.number);
    if (!desired || context.signal.aborted) continue;
    const results = await serve(state, { record, desired }, running, context);
    const available = judge(desired, results);
    if (available !== undefined && available !== record.available) {
      setRecord(state, record.number, { available });
    }
  }
}

/** Undefined where an object could not be looked at: an unavailable revision may be archived, so it must be known. */
function judge(desired: DesiredState, results: readonly PhaseResult[]): boolean | undefined {
  const isUnknown = results.some(({ objects }) =>
    [...objects.values()].some(({ outcome }) => outcome.kind === 'failed'),
  );
  if (isUnknown) return undefined;
  return results.length === desired.phases.length && results.every(({ gate }) => gate === 'open');
}

async function serve(
  state: UnitState,
  revision: { readonly record: RevisionRecord; readonly desired: DesiredState },
  running: RunningTarget,
  context: PassContext,
): Promise<readonly PhaseResult[]> {
  const { record, desired } = revision;
  const { number } = record;
  const before = state.resultsOf === number ? state.results : state.olderResults.get(number);
  const { phases } = await running.engine.reconcile(observing(state, number, desired), {
    owner: ownerContext(state, context.deps.instance, { number, hash: record.hash }),
    probe: context.deps.probe(desired),
    rehearse: false,
    before: before ?? new Map<string, PhaseResult>(),
    // What a newer revision has just written comes back as no event.
    dirty: (key) => context.dirty(key) || !controls(state, number, key),
    entry: (key) => state.memory.inventory.get(key),
    paused: state.work.kind !== 'removed' && state.work.header.suspended,
    signal: context.signal,
    isCurrent: () => true,
    onPhase: () => undefined,
  });
  const results = new Map(phases.map((phase) => [phase.name, phase]));
  if (latestRevision(state.memory)?.number === number) {
    // The newest one runs on beside content that cannot be taken: it is what the status shows.
    state.results = results;
    state.resultsOf = number;
  } else state.olderResults.set(number, results);
  return phases;
}

/** The revision with everything that it does not control only watched. */
function observing(state: UnitState, number: number, desired: DesiredState): DesiredState {
  const watched = (object: DesiredObject): DesiredObject =>
    controls(state, number, inventoryKey(object.ref)) ? object : { ...object, external: true };
  const phases = desired.phases.map((phase) => ({ ...phase, objects: phase.objects.map(watched) }));
  return { ...desired, phases };
}

function controls(state: UnitState, number: number, key: string): boolean {
  const entry = state.memory.inventory.get(key);
  return entry?.revision === number && entry.claim.kind === 'applied';
}
