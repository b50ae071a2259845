// Plans every unit of a snapshot against what a target holds now: observes, rehearses, changes nothing.
import { rehearseWrite } from '../apply/rehearsal.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { DesiredObject, DesiredState } from '../model/desired.ts';
import { inventoryKey, isLeaving } from '../model/inventory.ts';
import type { Inventory, InventoryEntry } from '../model/inventory.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { Place } from '../model/place.ts';
import { readMarkers } from '../model/owner-marker.ts';
import type { RevisionMarker } from '../model/owner-marker.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';
import { emptyMemory } from '../model/unit-memory.ts';
import type { UnitMemory } from '../model/unit-memory.ts';
import type { UnitPlan } from '../plan/plan.ts';
import { judgeDeletions } from '../plan/safety.ts';
import type { OwnerContext } from '../plan/situation.ts';
import { planUnit } from '../plan/unit-plan.ts';
import type { Observation } from '../plan/unit-plan.ts';
import type { ReadResult, Target } from '../targets/target.ts';
import type { Intake } from './intake.ts';
import { countOthers, othersTold } from './other-instances.ts';
import type { OtherInstances } from './other-instances.ts';
import { claimOn } from './ownership-index.ts';
import { withStandIns } from './phase-stand-in.ts';
import { observeUnits } from './plan-units.ts';
import { mergeMemories, rebuildMemories } from './rebuild.ts';
import { chooseRevision } from './revision-choice.ts';
import { managerOf } from './target-hub.ts';
import type { UnitWork } from './unit-state.ts';

export interface PlanReaderDeps {
  readonly instance: string;
  readonly targets: readonly Target[];
  /** What is remembered of units; where absent, markers on live objects tell. */
  readonly memories?: readonly UnitMemory[];
  /** Only these units; all where absent. */
  readonly only?: (unit: UnitId) => boolean;
  readonly signal?: AbortSignal;
}

export interface SnapshotPlan {
  /** Sorted by unit id. */
  readonly plans: readonly UnitPlan[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Objects that are rehearsed at the same time. */
const BATCH = 16;

/** The plans of all units, those that go away included. */
export async function planSnapshot(intake: Intake, deps: PlanReaderDeps): Promise<SnapshotPlan> {
  const plans: UnitPlan[] = [];
  const diagnostics: Diagnostic[] = [...intake.diagnostics];
  const reached: PlanTargets = new Map();
  const found: UnitMemory[] = [];
  const others: OtherInstances = new Map();
  const noted = async (target: Target, task: () => Promise<void>): Promise<void> => {
    try {
      await task();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      diagnostics.push(diagnostic('TargetUnreachable', `target ${target.name}: ${text}`));
    }
  };
  // Units may have objects on several targets, so all of them are asked before the first plan is made.
  for (const target of deps.targets) {
    await noted(target, async () => {
      const identity = await target.identity(deps.signal);
      if (!deps.memories)
        found.push(...(await rebuildMemories(target, deps.instance, deps.signal)));
      reached.set(target.name, { target, identity });
    });
  }
  const memories = deps.memories ?? mergeMemories(found);
  for (const there of reached.values()) {
    await noted(there.target, async () => {
      plans.push(...(await planTarget({ ...there, reached, memories, others }, intake, deps)));
    });
  }
  diagnostics.push(...othersTold(others, deps.instance));
  const known = new Set(deps.targets.map((target) => target.name));
  for (const [id, { name, work }] of intake.works) {
    if (known.has(name.target) || deps.only?.(id) === false) continue;
    if (work.kind === 'broken') diagnostics.push(...work.diagnostics);
    diagnostics.push(diagnostic('TargetUnknown', `${id}: no target is named ${name.target}`));
  }
  return { plans: plans.toSorted((a, b) => (a.unit < b.unit ? -1 : 1)), diagnostics };
}

type PlanTargets = Map<string, { readonly target: Target; readonly identity: string }>;

interface PlanPlace {
  readonly target: Target;
  readonly identity: string;
  /** All targets that answered, by name. */
  readonly reached: PlanTargets;
  /** Units of all targets. */
  readonly memories: readonly UnitMemory[];
  /** Grows with what is found. */
  readonly others: OtherInstances;
}

async function planTarget(
  place: PlanPlace,
  intake: Intake,
  deps: PlanReaderDeps,
): Promise<readonly UnitPlan[]> {
  const { target } = place;
  const memories = place.memories.filter((memory) => memory.name.target === target.name);
  const byId = new Map(memories.map((memory) => [memory.id, memory]));
  const holders = new Map<string, UnitId>();
  for (const memory of place.memories)
    for (const { ref } of memory.inventory.values())
      holders.set(claimOn(memory.name.target, ref), memory.id);
  const wantedHere = (memory: UnitMemory, { ref }: InventoryEntry): boolean => {
    const wanter = intake.wanted.get(claimOn(target.name, ref));
    return wanter !== undefined && wanter !== memory.id;
  };
  const gone = memories.filter((memory) => !intake.works.has(memory.id));
  const removed = gone.filter(
    (memory) =>
      !isLeaving(memory.inventory) &&
      [...memory.inventory.values()].some((entry) => !wantedHere(memory, entry)),
  );
  const unitVerdict = judgeDeletions(
    {
      names: removed.map((memory) => memory.id),
      total: new Set([...byId.keys(), ...intake.works.keys()]).size,
      limit: intake.policy.maxUnitDeletions,
      setting: 'maxUnitDeletions',
      scope: target.name,
    },
    intake.policy,
  );
  const hold = intake.generalHold ?? intake.holds.get(target.name);
  const jobs: PlanJob[] = [];
  for (const [id, { name, work }] of intake.works) {
    if (name.target !== target.name) continue;
    jobs.push({ id, name, work, memory: byId.get(id) ?? emptyMemory(id, name), hold });
  }
  for (const memory of gone) {
    const work: UnitWork = { kind: 'removed', snapshot: intake.snapshot, detach: false };
    const held = unitVerdict.kind === 'held' ? unitVerdict.reason : hold;
    jobs.push({ id: memory.id, name: memory.name, work, memory, hold: held });
  }
  const plans: UnitPlan[] = [];
  for (const job of jobs) {
    if (deps.only?.(job.id) === false) continue;
    const inventory = new Map(
      [...job.memory.inventory].filter(([, entry]) => !wantedHere(job.memory, entry)),
    );
    if (job.work.kind === 'removed' && inventory.size === 0) continue;
    plans.push(await planJob({ ...job, inventory, holders }, { place, intake, deps }));
  }
  return plans;
}

interface PlanJob {
  readonly id: UnitId;
  readonly name: UnitName;
  readonly work: UnitWork;
  readonly memory: UnitMemory;
  readonly hold: string | undefined;
}

interface PlanContext {
  readonly place: PlanPlace;
  readonly intake: Intake;
  readonly deps: PlanReaderDeps;
}

async function planJob(
  job: PlanJob & { readonly inventory: Inventory; readonly holders: ReadonlyMap<string, UnitId> },
  context: PlanContext,
): Promise<UnitPlan> {
  const { place, intake, deps } = context;
  const { target, identity } = place;
  // An archived set takes its objects away as a unit that goes does.
  const asked =
    job.work.kind === 'desired' && !job.work.header.archived ? job.work.desired : undefined;
  const diagnostics = job.work.kind === 'removed' ? [] : job.work.diagnostics;
  // A unit that cannot be rendered keeps what it has: nothing of it is planned.
  const inventory: Inventory = job.work.kind === 'broken' ? new Map() : job.inventory;
  const before = await readAll(
    place,
    refsOf(asked && withoutRemote(asked), inventory),
    deps.signal,
  );
  countOthers(place.others, { desired: asked, instance: deps.instance }, before);
  const live = liveMarkers(job.id, asked, before);
  const choice = chooseRevision(job.memory, asked?.templateHash ?? '', live);
  const desired = asked && withStandIns(asked, { memory: job.memory, number: choice.number });
  const reads =
    desired === asked ? before : await readAll(place, refsOf(desired, inventory), deps.signal);
  const owner: OwnerContext = {
    instance: deps.instance,
    unit: job.id,
    revision: { number: choice.number, hash: desired?.templateHash ?? '' },
    transferredFrom: (key) => {
      const holder = job.holders.get(claimOn(target.name, key));
      const from = job.memory.inventory.get(inventoryKey(key))?.from ?? [];
      return holder === undefined || holder === job.id ? from : [...from, holder];
    },
    claimOf: (key) => job.memory.inventory.get(inventoryKey(key))?.claim,
    manager: managerOf(deps.instance),
    previous: desired?.previous,
  };
  const rehearsed = await rehearseAll(desired, reads, owner, context);
  const units = observeUnits(desired, inventory, {
    owner,
    exists: (id) => place.memories.some((memory) => memory.id === id && memory.inventory.size > 0),
  });
  const observations = new Map([...rehearsed, ...units]);
  return planUnit({
    desired,
    owner,
    target: target.name,
    newRevision:
      desired !== undefined && !isLive(choice.number, desired.templateHash, live, job.memory),
    inventory,
    observations,
    removal: {
      instance: deps.instance,
      unit: job.id,
      manager: managerOf(deps.instance),
      targetIdentity: identity,
      detach: false,
      hold: job.hold,
    },
    identityOf: ({ place: name }) =>
      name === undefined ? identity : place.reached.get(name)?.identity,
    policy: intake.policy,
    diagnostics,
  });
}

function refsOf(desired: DesiredState | undefined, inventory: Inventory): readonly ObjectRef[] {
  const refs = new Map<string, ObjectRef>();
  for (const phase of desired?.phases ?? []) {
    for (const { ref } of phase.objects) refs.set(inventoryKey(ref), ref);
  }
  for (const [key, { ref }] of inventory) if (!refs.has(key)) refs.set(key, ref);
  return [...refs.values()];
}

async function readAll(
  place: PlanPlace,
  refs: readonly ObjectRef[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, ReadResult>> {
  const found = new Map<string, ReadResult>();
  for (const name of new Set(refs.map((ref) => ref.place))) {
    const there = refs.filter((ref) => ref.place === name);
    const answers = await targetAt(place, name)?.read(there, signal);
    const reason = `the target ${name ?? ''} cannot be read`;
    for (const [index, ref] of there.entries()) {
      const lost: ReadResult = { state: 'unreadable', reason, retryable: true };
      found.set(inventoryKey(ref), answers?.[index] ?? lost);
    }
  }
  return found;
}

function targetAt(place: PlanPlace, name: Place): Target | undefined {
  return name === undefined ? place.target : place.reached.get(name)?.target;
}

/** What somebody else runs is none of our objects. */
function withoutRemote(desired: DesiredState): DesiredState {
  return { ...desired, phases: desired.phases.filter((phase) => phase.remote !== true) };
}

function liveMarkers(
  unit: UnitId,
  desired: DesiredState | undefined,
  reads: ReadonlyMap<string, ReadResult>,
): readonly RevisionMarker[] {
  const found: RevisionMarker[] = [];
  for (const { ref } of desired?.phases.flatMap((phase) => phase.objects) ?? []) {
    const read = reads.get(inventoryKey(ref));
    if (read?.state !== 'live') continue;
    const markers = readMarkers(read.object, ref);
    if (markers?.owner.unit === unit && markers.revision) found.push(markers.revision);
  }
  return found;
}

function isLive(
  number: number,
  hash: string,
  live: readonly RevisionMarker[],
  memory: UnitMemory,
): boolean {
  const recorded = memory.revisions.some(
    (record) => record.number === number && record.hash === hash,
  );
  return recorded || live.some((marker) => marker.number === number && marker.hash === hash);
}

/** Asks the target what it would make of each write; a target that cannot rehearse leaves the fields unknown. */
async function rehearseAll(
  desired: DesiredState | undefined,
  reads: ReadonlyMap<string, ReadResult>,
  owner: OwnerContext,
  context: PlanContext,
): Promise<ReadonlyMap<string, Observation>> {
  const observations = new Map<string, Observation>(
    [...reads].map(([key, read]) => [key, { read }]),
  );
  const objects = desired?.phases.flatMap((phase) => phase.objects) ?? [];
  for (let start = 0; start < objects.length; start += BATCH) {
    const batch = objects.slice(start, start + BATCH);
    const rehearsed = await Promise.all(
      batch.map((object) => rehearse(object, reads, owner, context)),
    );
    for (const [index, observation] of rehearsed.entries()) {
      const object = batch[index];
      if (object && observation) observations.set(inventoryKey(object.ref), observation);
    }
  }
  return observations;
}

async function rehearse(
  desired: DesiredObject,
  reads: ReadonlyMap<string, ReadResult>,
  owner: OwnerContext,
  context: PlanContext,
): Promise<Observation | undefined> {
  const { place, deps } = context;
  const target = targetAt(place, desired.ref.place);
  if (!target) return undefined;
  const read = reads.get(inventoryKey(desired.ref)) ?? { state: 'absent' };
  const kind = await target.describe(desired.ref.apiVersion, desired.ref.kind, deps.signal);
  if (!kind?.dryRun) return undefined;
  const by = { target, manager: managerOf(deps.instance), owner };
  const predicted = await rehearseWrite(desired, read, by);
  return predicted ? { read, predicted, kind } : { read, kind };
}
