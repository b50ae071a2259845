// Takes away what nothing asks for any more: leftovers of older revisions, or a whole unit, in reverse phase order.
import type { DesiredState } from '../model/desired.ts';
import { inventoryKey } from '../model/inventory.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { splitPlacedKey } from '../model/place.ts';
import { latestRevision } from '../model/unit-memory.ts';
import type { RevisionRecord } from '../model/unit-memory.ts';
import type { TeardownResult } from '../apply/result.ts';
import { leftovers } from '../plan/removal.ts';
import type { RemovalContext } from '../plan/removal.ts';
import { judgeUnitDeletions } from '../plan/unit-plan.ts';
import type { RemovalReport } from '../status/report.ts';
import { revisionsToArchive } from './archive.ts';
import type { Begun } from './begin-revision.ts';
import { forgetGone, markLeaving } from './inventory-update.ts';
import { setRecord } from './rollout.ts';
import type { PassContext, RunningTarget, UnitDeps } from './unit-deps.ts';
import type { UnitState, UnitWork } from './unit-state.ts';

/** How long a removal that was accepted may take before the object is read again. */
const REMOVAL_POLL_MS = 2_000;
/** An object that has lost our label has left our watch. */
const UNPROVEN_POLL_MS = 30_000;

type Context = Pick<PassContext, 'deps' | 'signal'>;

export interface LeftoverResult {
  readonly reports: readonly RemovalReport[];
  /** When to look again at what is on its way out, or held for what events may not tell; undefined for never. */
  readonly againInMs: number | undefined;
  readonly failed: boolean;
}

/** Archives older revisions as far as the rules allow, and removes what only they had. */
export async function removeLeftovers(
  state: UnitState,
  begun: Begun,
  running: RunningTarget,
  context: Context,
): Promise<LeftoverResult> {
  // An older revision that may first reach its gate takes nothing away that the newest one wants.
  const wanted = wantedKeys([begun.desired, withoutRemote(begun.work.desired)]);
  const archive = new Set(revisionsToArchive(revisionViews(state)));
  const all = leftovers(state.memory.inventory, wanted);
  const known = new Set(state.memory.revisions.map((record) => record.number));
  const open = (entry: InventoryEntry): boolean =>
    archive.has(entry.revision) ||
    isArchived(state, entry.revision) ||
    // Entries of a revision that nobody remembers belong to no one who still serves.
    (!known.has(entry.revision) && isAvailable(state, begun.number)) ||
    (entry.revision === begun.number && isAvailable(state, begun.number));
  const groups = all.map((group) => group.filter(open)).filter((group) => group.length > 0);
  const waiting = all.flat().filter((entry) => !open(entry));
  const reports: RemovalReport[] = waiting.map((entry) => ({
    ref: entry.ref,
    state: 'pending',
    reason: 'goes when the new revision is available',
  }));
  const leaving = all.flat().filter((entry) => !reservation(state, entry, context.deps));
  const unsafe = safetyHold(state, begun, leaving, context.deps);
  const hold = (): string | undefined =>
    begun.work.header.suspended
      ? 'the unit is suspended'
      : (context.deps.removalHold(state.name.target) ?? unsafe);
  if (hold() === undefined) letLeave(state, leaving);
  const result = await tearDown(state, groups, { running, hold, detach: false, ...context });
  archiveRecords(state, archive, begun);
  return { ...result, reports: [...result.reports, ...reports] };
}

export type UnitRemovalResult =
  | { readonly kind: 'gone' }
  | (LeftoverResult & { readonly kind: 'removing'; readonly reason: string });

/** Removes a whole unit; dependants that are being removed too go first. */
export async function removeUnit(
  state: UnitState,
  running: RunningTarget,
  context: Context,
): Promise<UnitRemovalResult> {
  const detach = state.work.kind === 'removed' && state.work.detach;
  const dependants = context.deps.dependants(state.id);
  if (dependants.length > 0) {
    const reason = `waiting for the removal of ${dependants.join(', ')}`;
    return { kind: 'removing', reason, reports: [], againInMs: undefined, failed: false };
  }
  const hold = (): string | undefined =>
    context.deps.removalHold(state.name.target) ?? context.deps.unitHold(state.id);
  const groups = leftovers(state.memory.inventory, new Set());
  if (hold() === undefined) letLeave(state, groups.flat());
  const result = await tearDown(state, groups, { running, hold, detach, ...context });
  if (state.memory.inventory.size === 0) return { kind: 'gone' };
  const held = result.reports.find(({ state }) => state === 'held' || state === 'failed');
  const reason = hold() ?? held?.reason ?? 'objects are being removed';
  return { kind: 'removing', reason, ...result };
}

/** Removes everything an archived set controls, later phases first; the set itself stays (package-operator §7.2). */
export async function removeArchived(
  state: UnitState,
  running: RunningTarget,
  context: Context,
): Promise<LeftoverResult> {
  const hold = (): string | undefined => context.deps.removalHold(state.name.target);
  const groups = leftovers(state.memory.inventory, new Set());
  const result = await tearDown(state, groups, { running, hold, detach: false, ...context });
  const newest = latestRevision(state.memory);
  if (state.memory.inventory.size === 0 && newest) {
    setRecord(state, newest.number, { state: 'archived', available: false });
    state.desiredOf.clear();
    state.results = new Map();
  }
  return result;
}

/** An approval names a set: it stays approved when part of it is gone, and over a restart. */
function letLeave(state: UnitState, entries: readonly InventoryEntry[]): void {
  const fresh = entries.filter((entry) => entry.leaving !== true);
  if (fresh.length === 0) return;
  state.memory = { ...state.memory, inventory: markLeaving(state.memory.inventory, fresh) };
}

async function tearDown(
  state: UnitState,
  groups: readonly (readonly InventoryEntry[])[],
  options: Context & {
    readonly running: RunningTarget;
    /** Asked again before each deletion. */
    readonly hold: () => string | undefined;
    readonly detach: boolean;
  },
): Promise<LeftoverResult> {
  if (groups.length === 0) return { reports: [], againInMs: undefined, failed: false };
  const { running, deps } = options;
  const { work } = state;
  const removal = (entry: InventoryEntry): RemovalContext => ({
    instance: deps.instance,
    unit: state.id,
    manager: running.manager,
    targetIdentity: running.places.identityOf(entry.ref) ?? '',
    detach: options.detach,
    hold: isStillLeaving(state, work, entry)
      ? (options.hold() ?? holdThere(entry, deps) ?? reservation(state, entry, deps))
      : 'a newer commit may want it',
  });
  const { results } = await running.engine.teardown(groups, removal, options.signal);
  state.memory = { ...state.memory, inventory: forgetGone(state.memory.inventory, results) };
  const handled = new Set(results.map((result) => inventoryKey(result.entry.ref)));
  const later = groups.flat().filter((entry) => !handled.has(inventoryKey(entry.ref)));
  return {
    reports: [
      ...results.flatMap(reportOf),
      ...later.map((entry) => ({
        ref: entry.ref,
        state: 'pending',
        reason: 'objects of later phases go first',
      })),
    ],
    againInMs: lookAgain(results),
    failed: results.some((result) => result.kind === 'failed' && result.retryable),
  };
}

function lookAgain(results: readonly TeardownResult[]): number | undefined {
  if (results.some((result) => result.kind === 'deleting')) return REMOVAL_POLL_MS;
  const isUnproven = results.some(
    (result) => result.kind === 'held' && result.diagnostic.code === 'OwnershipUnproven',
  );
  return isUnproven ? UNPROVEN_POLL_MS : undefined;
}

/** False when, since the pass began, another commit came in or the claim changed hands. */
function isStillLeaving(state: UnitState, work: UnitWork, entry: InventoryEntry): boolean {
  return state.work === work && state.memory.inventory.has(inventoryKey(entry.ref));
}

/** What holds removals on the place where the object lives. */
function holdThere({ ref }: InventoryEntry, deps: UnitDeps): string | undefined {
  return ref.place === undefined ? undefined : deps.removalHold(ref.place);
}

/** Deleting it would lose what is in it, although somebody wants it in the end. */
function reservation(state: UnitState, entry: InventoryEntry, deps: UnitDeps): string | undefined {
  const taker = deps.reservedFor(state.id, entry.ref);
  return taker && `${taker} takes it when its turn comes`;
}

function reportOf(result: TeardownResult): readonly RemovalReport[] {
  switch (result.kind) {
    case 'gone':
    case 'released':
      return [];
    case 'deleting':
      return [{ ref: result.entry.ref, state: 'deleting', reason: 'waiting until it is gone' }];
    case 'held':
    case 'failed':
      return [
        {
          ref: result.entry.ref,
          state: result.kind,
          reason: result.diagnostic.message,
          code: result.diagnostic.code,
        },
      ];
  }
}

function safetyHold(
  state: UnitState,
  begun: Begun,
  entries: readonly InventoryEntry[],
  deps: UnitDeps,
): string | undefined {
  const names = entries
    .filter((entry) => entry.keep !== true && entry.leaving !== true)
    .map((entry) => inventoryKey(entry.ref));
  const verdict = judgeUnitDeletions({
    unit: state.id,
    names,
    total: state.memory.inventory.size,
    goesAway: false,
    renderedEmpty: begun.desired.phases.every((phase) => phase.objects.length === 0),
    policy: deps.policy(),
  });
  return verdict.kind === 'held' ? verdict.reason : undefined;
}

function revisionViews(state: UnitState): Parameters<typeof revisionsToArchive>[0] {
  return state.memory.revisions.map((record) => ({
    number: record.number,
    available: record.available,
    archived: record.state === 'archived',
    // An object that moves to another target is still the same one of the set (package-operator §6.1).
    objects: withoutPlaces(record.phases.flatMap((phase) => phase.objects)),
    controls: withoutPlaces(controlledKeys(state, record.number)),
  }));
}

function withoutPlaces(keys: readonly string[]): ReadonlySet<string> {
  return new Set(keys.map((key) => splitPlacedKey(key).key));
}

function controlledKeys(state: UnitState, number: number): readonly string[] {
  return [...state.memory.inventory]
    .filter(([, entry]) => entry.revision === number && entry.claim.kind === 'applied')
    .map(([key]) => key);
}

/** Objects of a phase that somebody else runs are not ours to keep: the ObjectSetPhase stands for them. */
function withoutRemote(desired: DesiredState): DesiredState {
  return { ...desired, phases: desired.phases.filter((phase) => phase.remote !== true) };
}

function wantedKeys(states: readonly DesiredState[]): ReadonlySet<string> {
  const objects = states.flatMap(({ phases }) => phases.flatMap((phase) => phase.objects));
  return new Set(objects.map((object) => inventoryKey(object.ref)));
}

/** A revision is archived when it may go and nothing is left that only it had; old archives are forgotten. */
function archiveRecords(state: UnitState, archive: ReadonlySet<number>, begun: Begun): void {
  const wanted = wantedKeys([begun.desired]);
  for (const number of archive) {
    const left = [...state.memory.inventory.values()].some(
      (entry) => entry.revision === number && !wanted.has(inventoryKey(entry.ref)),
    );
    if (!left) {
      setRecord(state, number, { state: 'archived', available: false });
      state.desiredOf.delete(number);
      state.olderResults.delete(number);
    }
  }
  const archived = state.memory.revisions.filter((record) => record.state === 'archived');
  const excess = archived.length - begun.desired.revisionHistoryLimit;
  if (excess <= 0) return;
  const forgotten = new Set(archived.slice(0, excess).map((record) => record.number));
  state.memory = {
    ...state.memory,
    revisions: state.memory.revisions.filter((record) => !forgotten.has(record.number)),
  };
}

function isArchived(state: UnitState, number: number): boolean {
  return state.memory.revisions.some(
    (record) => record.number === number && record.state === 'archived',
  );
}

function isAvailable(state: UnitState, number: number): boolean {
  return findRecord(state, number)?.available === true;
}

function findRecord(state: UnitState, number: number): RevisionRecord | undefined {
  return state.memory.revisions.find((record) => record.number === number);
}
