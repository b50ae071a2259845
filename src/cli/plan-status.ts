// `plan --against status`: compares with what the status branch records, without access to any target.
import type { DesiredState } from '../model/desired.ts';
import { inventoryKey } from '../model/inventory.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ObjectKey } from '../model/object-key.ts';
import { readManifestsOf } from './recorded-objects.ts';
import { withMarkers, withoutSluiceKeys } from '../model/owner-marker.ts';
import { shownManifest } from '../model/secrecy.ts';
import { emptyMemory, latestRevision } from '../model/unit-memory.ts';
import type { UnitMemory } from '../model/unit-memory.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { UnitPlan } from '../plan/plan.ts';
import type { OwnerContext } from '../plan/situation.ts';
import { planUnit } from '../plan/unit-plan.ts';
import type { Observation } from '../plan/unit-plan.ts';
import type { ReadIntake } from '../reconcile/create-intake.ts';
import { claimOn } from '../reconcile/ownership-index.ts';
import { withStandIns } from '../reconcile/phase-stand-in.ts';
import { restoreUnits } from '../reconcile/restore.ts';
import { chooseRevision } from '../reconcile/revision-choice.ts';
import { listKeysOf } from '../schema/index.ts';
import type { CliIo } from './io.ts';
import { configurationFaults } from './configuration-faults.ts';
import type { PlanOutcome } from './plan.ts';
import { openStatusBranch } from './status-branch.ts';
import type { StatusBranchFlags } from './status-branch.ts';
import { noTargets } from './workspace.ts';
import type { Workspace } from './workspace.ts';

/** The plan; whatever the branch names counts as being there. */
export async function planAgainstStatus(
  workspace: Workspace,
  flags: StatusBranchFlags,
  io: CliIo,
): Promise<PlanOutcome> {
  const { reader } = await openStatusBranch(workspace.root, flags, workspace.wiring, io);
  const memories = (await restoreUnits(reader)).map(({ memory }) => memory);
  const intake = await workspace.read(noTargets());
  const faults = configurationFaults(intake);
  if (faults.length > 0) return { plans: [], diagnostics: faults, unknown: true };
  const byId = new Map(memories.map((memory) => [memory.id, memory]));
  const holders = new Map<string, UnitId>();
  for (const { id, name, inventory } of memories) {
    for (const { ref } of inventory.values()) holders.set(claimOn(name.target, ref), id);
  }
  const plans: UnitPlan[] = [];
  for (const [id, { name, work }] of intake.works) {
    const memory = byId.get(id) ?? emptyMemory(id, name);
    const recorded = await readManifestsOf(reader, memory);
    const desired = work.kind === 'desired' ? newestOf(work.desired, memory) : undefined;
    const diagnostics = work.kind === 'removed' ? [] : work.diagnostics;
    const kept = work.kind === 'broken' ? { ...memory, inventory: new Map() } : memory;
    plans.push(
      planOne({ memory: kept, desired, recorded, holders, intake, diagnostics }, workspace),
    );
  }
  for (const memory of memories) {
    if (intake.works.has(memory.id)) continue;
    const recorded = await readManifestsOf(reader, memory);
    const plan = planOne(
      { memory, desired: undefined, recorded, holders, intake, diagnostics: [] },
      workspace,
    );
    if (plan.removals.length > 0) plans.push(plan);
  }
  return {
    plans: plans.toSorted((a, b) => (a.unit < b.unit ? -1 : 1)),
    diagnostics: intake.diagnostics,
  };
}

/** With stand-ins for phases that somebody else runs, as the next revision would have them. */
function newestOf(desired: DesiredState, memory: UnitMemory): DesiredState {
  const { number } = chooseRevision(memory, desired.templateHash, []);
  return withStandIns(desired, { memory, number });
}

interface OneUnit {
  readonly memory: UnitMemory;
  readonly desired: DesiredState | undefined;
  /** By `inventoryKey`. */
  readonly recorded: ReadonlyMap<string, Manifest>;
  readonly holders: ReadonlyMap<string, UnitId>;
  readonly intake: ReadIntake;
  readonly diagnostics: UnitPlan['diagnostics'];
}

function planOne(unit: OneUnit, workspace: Workspace): UnitPlan {
  const { memory, desired, intake } = unit;
  const { instance } = workspace.place;
  const { target } = memory.name;
  const choice = chooseRevision(memory, desired?.templateHash ?? '', []);
  const owner: OwnerContext = {
    instance,
    unit: memory.id,
    revision: { number: choice.number, hash: desired?.templateHash ?? '' },
    transferredFrom: (key) => {
      const holder = unit.holders.get(claimOn(target, key));
      return holder === undefined || holder === memory.id ? [] : [holder];
    },
    claimOf: (key) => memory.inventory.get(inventoryKey(key))?.claim,
    manager: '',
  };
  const inventory = new Map(
    [...memory.inventory].filter(([, { ref }]) => {
      const wanter = intake.wanted.get(claimOn(target, ref));
      return wanter === undefined || wanter === memory.id;
    }),
  );
  return planUnit({
    desired,
    owner,
    target,
    newRevision: desired !== undefined && choice.isNew,
    inventory,
    observations: observe(unit, owner),
    removal: {
      instance,
      unit: memory.id,
      manager: '',
      targetIdentity: '',
      detach: false,
      hold: intake.generalHold ?? intake.holds.get(target),
    },
    // Without a target at hand every entry counts as made for the place that it names.
    identityOf: (ref) => memory.inventory.get(inventoryKey(ref))?.targetIdentity,
    policy: intake.policy,
    diagnostics: unit.diagnostics,
  });
}

/** What is recorded stands for what is live; what is rendered, secrets taken out, for what the target would make of it. */
function observe(unit: OneUnit, owner: OwnerContext): ReadonlyMap<string, Observation> {
  const { memory, desired, recorded } = unit;
  const latest = latestRevision(memory);
  const observations = new Map<string, Observation>();
  const mark = (manifest: Manifest, revision: OwnerContext['revision'], key: ObjectKey): Manifest =>
    withMarkers(manifest, { instance: owner.instance, unit: memory.id, key }, revision);
  for (const [key, entry] of memory.inventory) {
    const manifest: Manifest = recorded.get(key) ?? {
      apiVersion: entry.ref.apiVersion,
      kind: entry.ref.kind,
      metadata: {
        name: entry.ref.name,
        ...(entry.ref.namespace === '' ? {} : { namespace: entry.ref.namespace }),
      },
    };
    const revision = {
      number: entry.revision,
      hash: latest?.number === entry.revision ? latest.hash : '0',
    };
    observations.set(key, { read: { state: 'live', object: mark(manifest, revision, entry.ref) } });
  }
  for (const object of desired?.phases.flatMap((phase) => phase.objects) ?? []) {
    const key = inventoryKey(object.ref);
    const known = observations.get(key);
    if (!known) continue;
    observations.set(key, {
      ...known,
      predicted: {
        kind: 'done',
        uid: '',
        version: '',
        changed: true,
        // What is recorded has no levers, so a lever alone is no change that could be seen here.
        object: mark(withoutSluiceKeys(shownManifest(object)), owner.revision, object.ref),
      },
      kind: {
        apiVersion: object.ref.apiVersion,
        kind: object.ref.kind,
        scope: object.ref.namespace === '' ? 'Cluster' : 'Namespaced',
        update: 'apply',
        dryRun: false,
        markers: true,
        preconditions: true,
        listKeys: (path) => listKeysOf(object.ref.apiVersion, object.ref.kind, path),
      },
    });
  }
  return observations;
}
