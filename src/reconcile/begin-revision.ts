// The start of a rollout: is it new, may it start, and is its intent safe on the status branch?
import type { DesiredState } from '../model/desired.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { inventoryKey } from '../model/inventory.ts';
import { readMarkers } from '../model/owner-marker.ts';
import type { RevisionMarker } from '../model/owner-marker.ts';
import { latestRevision } from '../model/unit-memory.ts';
import type { RevisionRecord } from '../model/unit-memory.ts';
import { collisionsOf } from './api-status/revision-name.ts';
import { namesAll, planEntries, stayingIn } from './inventory-update.ts';
import { previousNames, standIn } from './phase-stand-in.ts';
import { previousRevision } from '../plan/previous-owner.ts';
import { chooseRevision } from './revision-choice.ts';
import type { PassContext, RunningTarget, UnitDeps } from './unit-deps.ts';
import { intentChanges } from './unit-publish.ts';
import type { Stop, UnitState, UnitWork } from './unit-state.ts';

/** Commits in a row may cut a rollout short this often; then one phase may first reach its gate or its deadline. */
const MAX_SUPERSEDES = 5;

export interface Begun {
  readonly kind: 'begun';
  readonly number: number;
  readonly desired: DesiredState;
  /** An older revision than the one asked for, which may first reach its gate. */
  readonly unfinished: boolean;
  readonly work: Extract<UnitWork, { kind: 'desired' }>;
}

export type BeginResult =
  | Begun
  | { readonly kind: 'stop'; readonly stop: Stop }
  /** Another commit came in before anything was planned on the strength of this one. */
  | { readonly kind: 'stale' };

/** Settles which revision this pass works on. New revisions pass dependencies, suspension and the intent first. */
export async function beginRevision(
  state: UnitState,
  work: Extract<UnitWork, { kind: 'desired' }>,
  running: RunningTarget,
  context: PassContext,
): Promise<BeginResult> {
  const recorded = chooseRevision(state.memory, work.desired.templateHash, []);
  if (!recorded.isNew) {
    const { number } = recorded;
    const desired = standIn(state, work.desired, number);
    state.desiredOf.set(number, desired);
    state.memory = { ...state.memory, inventory: stayingIn(state.memory.inventory, desired) };
    // A removal that was under way when the unit came back has taken entries out of the inventory.
    if (work.header.suspended || namesAll(state.memory.inventory, desired)) {
      const refused = await acknowledgeAgain(state, number, context);
      return refused
        ? { kind: 'stop', stop: refused }
        : { kind: 'begun', number, desired, work, unfinished: false };
    }
    return startRevision(state, { number, work, desired, running }, context);
  }
  const live = await liveRevisions(state, work.desired, running);
  const choice = chooseRevision(state.memory, work.desired.templateHash, live);
  const held = mayStart(work, context.deps);
  if (held) return { kind: 'stop', stop: held };
  const unfinished = unfinishedRevision(state);
  if (unfinished && state.supersedes >= MAX_SUPERSEDES) return { ...unfinished, work };
  const { number } = choice;
  const desired = standIn(state, work.desired, number);
  return startRevision(state, { number, work, desired, running }, context);
}

/** A crash may have come between commit and push: nothing is touched before the remote has the intent. */
async function acknowledgeAgain(
  state: UnitState,
  number: number,
  context: PassContext,
): Promise<Stop | undefined> {
  if (state.acknowledged) return undefined;
  const message = `Go on with revision ${number} of ${state.id}`;
  const answer = await context.deps.writer.intent([], message, context.signal);
  if (answer.kind === 'refused') return refusal(answer.diagnostic);
  state.acknowledged = true;
  return undefined;
}

/** A revision that was cut short too often and is still known in full. */
function unfinishedRevision(state: UnitState): Omit<Begun, 'work'> | undefined {
  const latest = latestRevision(state.memory);
  const desired = latest && state.desiredOf.get(latest.number);
  if (!latest || !desired || latest.state !== 'rolling') return undefined;
  return { kind: 'begun', number: latest.number, desired, unfinished: true };
}

function mayStart(work: Extract<UnitWork, { kind: 'desired' }>, deps: UnitDeps): Stop | undefined {
  const { header } = work;
  if (header.suspended) {
    return {
      reason: 'Suspended',
      message: header.suspendReason ?? 'The unit is suspended; a new revision waits.',
      diagnostics: work.diagnostics,
      failed: false,
      settled: true,
    };
  }
  const unmet = deps.unmetDependencies(header.dependsOn);
  if (unmet.length === 0) return undefined;
  return {
    reason: 'DependencyNotReady',
    message: `Waiting for ${unmet.join('; ')}`,
    diagnostics: work.diagnostics,
    failed: false,
    settled: false,
  };
}

async function startRevision(
  state: UnitState,
  start: {
    readonly number: number;
    readonly work: Extract<UnitWork, { kind: 'desired' }>;
    /** What the work asks for, as this revision brings it about. */
    readonly desired: DesiredState;
    readonly running: RunningTarget;
  },
  context: PassContext,
): Promise<BeginResult> {
  const { number, work, desired, running } = start;
  // The intent has to say where everything is: what cannot be reached cannot be begun.
  const outOfReach = await running.places.open(
    desired.phases.flatMap((phase) => phase.objects.map(({ ref }) => ref)),
  );
  if (outOfReach) return { kind: 'stop', stop: refusal(outOfReach) };
  // From here to the claims there is no waiting: what a newer commit has moved must not be claimed again.
  if (state.work !== work) return { kind: 'stale' };
  const before = state.memory;
  const latest = latestRevision(before);
  if (latest?.state === 'rolling' && latest.number !== number) state.supersedes += 1;
  const record: RevisionRecord = {
    number,
    hash: work.desired.templateHash,
    commit: work.snapshot,
    state: 'rolling',
    available: false,
    succeeded: false,
    changeCause: work.desired.annotations['kubernetes.io/change-cause'],
    phases: desired.phases.map((phase) => ({
      name: phase.name,
      objects: phase.objects.map((object) => inventoryKey(object.ref)),
      ...(phase.remote === true ? { remote: true as const } : {}),
    })),
    availabilityProbes: work.desired.availabilityProbes,
    builtinProbes: work.desired.builtinProbes,
    ...collisionsOf(before, { number, hash: work.desired.templateHash }),
    ...(desired.phases.some((phase) => phase.remote === true)
      ? { previous: previousNames(before, number) }
      : {}),
    ...(work.header.immutableFields === undefined
      ? {}
      : { immutableFields: work.header.immutableFields }),
  };
  const inventory = planEntries(before.inventory, desired, {
    revision: number,
    identityOf: (ref) => running.places.identityOf(ref),
    detach: work.header.detach,
  });
  const older = before.revisions.filter((known) => known.number !== number).map(supersede);
  const memory = { ...before, inventory, revisions: [...older, record] };
  // Claims count from now on: an event, or a commit that hands one of them on, may come before the answer.
  state.memory = { ...before, inventory };
  context.deps.onClaims(state.id);
  const changes = intentChanges(state, { memory, record, desired });
  const message = `Intend revision ${number} of ${state.id}\n\nAsked for by ${work.snapshot}.`;
  const answer = await context.deps.writer.intent(changes, message, context.signal);
  if (answer.kind === 'refused') {
    return { kind: 'stop', stop: refusal(answer.diagnostic) };
  }
  state.acknowledged = true;
  // From here on the status branch names everything that may be touched.
  state.memory = { ...state.memory, revisions: memory.revisions };
  state.desiredOf.set(number, desired);
  state.results = new Map();
  state.resultsOf = number;
  state.closedSince.clear();
  state.availableSince = undefined;
  return { kind: 'begun', number, desired, work, unfinished: false };
}

function refusal(reason: Diagnostic): Stop {
  const { code, message } = reason;
  return { reason: code, message, diagnostics: [reason], failed: true, settled: false };
}

function supersede(record: RevisionRecord): RevisionRecord {
  return record.state === 'archived' ? record : { ...record, state: 'superseded' };
}

/** Markers of this unit on the objects it wants: all that is left of the memory when branch and disk are lost. */
async function liveRevisions(
  state: UnitState,
  desired: DesiredState,
  running: RunningTarget,
): Promise<readonly RevisionMarker[]> {
  const ours = desired.phases.filter((phase) => phase.remote !== true);
  const refs = ours.flatMap((phase) => phase.objects.map((object) => object.ref));
  const answers = await running.places.read(refs);
  const found: RevisionMarker[] = [];
  for (const [index, answer] of answers.entries()) {
    const ref = refs[index];
    if (!ref || (answer.state !== 'live' && answer.state !== 'terminating')) continue;
    const markers = readMarkers(answer.object, ref);
    if (markers?.owner.unit === state.id && markers.revision) found.push(markers.revision);
    const handed = markers ? undefined : previousRevision(answer.object, desired.previous ?? []);
    // A set that goes on where Package Operator stopped counts on from its number.
    if (handed !== undefined) found.push({ number: handed, hash: '' });
  }
  return found;
}
