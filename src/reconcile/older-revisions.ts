// Older revisions go on serving what they still control, until the current one is available.
import type { PhaseResult } from '../apply/phase-engine.ts';
import type { DesiredState } from '../model/desired.ts';
import { inventoryKey } from '../model/inventory.ts';
import type { RevisionRecord } from '../model/unit-memory.ts';
import { ownerContext, setRecord } from './rollout.ts';
import type { PassContext, RunningTarget } from './unit-deps.ts';
import type { UnitState } from './unit-state.ts';

/**
 * Repairs drift on objects that revisions below `current` still control, and notes whether they are available.
 * Revisions whose content is not known (after a restart, secret leaves are not on the status branch) are left alone.
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
    const available = await serve(state, { record, desired }, running, context);
    if (available !== record.available) setRecord(state, record.number, { available });
  }
}

async function serve(
  state: UnitState,
  revision: { readonly record: RevisionRecord; readonly desired: DesiredState },
  running: RunningTarget,
  context: PassContext,
): Promise<boolean> {
  const { record, desired } = revision;
  const controlled = controlledPart(state, record.number, desired);
  if (controlled.phases.length === 0) return record.available;
  const result = await running.engine.reconcile(controlled, {
    owner: ownerContext(state, context.deps.instance, { number: record.number, hash: record.hash }),
    probe: context.deps.probe(desired),
    rehearse: false,
    before: state.olderResults.get(record.number) ?? new Map<string, PhaseResult>(),
    dirty: context.dirty,
    entry: (key) => state.memory.inventory.get(key),
    paused: false,
    signal: context.signal,
    isCurrent: () => true,
    onPhase: () => undefined,
  });
  state.olderResults.set(record.number, new Map(result.phases.map((phase) => [phase.name, phase])));
  // What the newer revision took is judged by the newer revision's probes.
  return result.complete && record.available;
}

/** The phases of a revision, reduced to the objects that its inventory entries still name it for. */
function controlledPart(state: UnitState, number: number, desired: DesiredState): DesiredState {
  const phases = desired.phases
    .map((phase) => ({
      ...phase,
      objects: phase.objects.filter((object) => {
        const entry = state.memory.inventory.get(inventoryKey(object.ref));
        return entry?.revision === number && entry.claim.kind === 'applied';
      }),
    }))
    .filter((phase) => phase.objects.length > 0);
  return { ...desired, phases };
}
