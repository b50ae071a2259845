// Turns snapshots into work for units, wakes units when something happened, and knows what they wait for.
import type { Clock } from '../lib/clock.ts';
import { isLeaving } from '../model/inventory.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { UnitId } from '../model/unit-id.ts';
import { inventoryChange } from './unit-publish.ts';
import { emptyMemory } from '../model/unit-memory.ts';
import type { UnitMemory } from '../model/unit-memory.ts';
import { judgeDeletions } from '../plan/safety.ts';
import type { SafetyPolicy } from '../plan/safety.ts';
import type { LiveObject } from '../targets/target.ts';
import { endedLoans, settleRestored, transferClaims } from './claim-transfer.ts';
import type { Intake } from './intake.ts';
import { claimKey, claimOn, createOwnershipIndex, keyOfClaim } from './ownership-index.ts';
import type { ClaimKey } from './ownership-index.ts';
import { createUnitQueue } from './queue.ts';
import type { UnitQueue } from './queue.ts';
import type { TargetHub } from './target-hub.ts';
import { createTurns } from './turns.ts';
import type { StatusWriter, UnitDeps } from './unit-deps.ts';
import { passUnit } from './unit-pass.ts';
import { createUnitState, isKnownVersion } from './unit-state.ts';
import type { UnitState, UnitWork } from './unit-state.ts';
import { yieldedClaims } from './yielding.ts';

export interface CoordinatorDeps {
  readonly instance: string;
  readonly clock: Clock;
  readonly hub: TargetHub;
  readonly writer: StatusWriter;
  readonly probe: UnitDeps['probe'];
  /** Passes at the same time. */
  readonly concurrency: number;
  readonly random: () => number;
  /** After a pass that changed what a unit has to say. */
  readonly onUnit: (state: UnitState) => void;
  readonly onFault: (unit: UnitId, fault: unknown) => void;
  /** With everything that a pass has to say. */
  readonly onReport: UnitDeps['onReport'];
  /** Nothing is left of the unit. */
  readonly onGone: (state: UnitState) => void;
}

export interface Coordinator {
  /** Takes in what the status branch remembers; call before the first snapshot. */
  restore(
    memories: readonly {
      readonly memory: UnitMemory;
      readonly written: ReadonlyMap<string, string>;
    }[],
    /** Whether all of it is known to be on the remote. */
    acknowledged: boolean,
  ): void;
  /** Takes in what was found on a target that the status branch knows nothing of. */
  remember(memories: readonly UnitMemory[]): void;
  /** Puts a snapshot's work in force and wakes what it changes. */
  accept(intake: Intake): void;
  /** An object of a target changed, or is gone. */
  noticeChange(target: string, key: string, object: LiveObject | undefined): void;
  /** An object that the unit waits for without owning it may have changed. */
  noticeWaited(unit: UnitId, key: string): void;
  /** Events of this target may have been missed. */
  noticeLost(target: string): void;
  /** A sentence why nothing may be removed anywhere, or undefined to let removals go on. */
  holdRemovals(reason: string | undefined): void;
  /** Wakes every unit. */
  wakeAll(): void;
  unit(id: UnitId): UnitState | undefined;
  /** Sorted by id. */
  units(): readonly UnitState[];
  /** The unit whose inventory names a key of a target. */
  holder(claim: ClaimKey): UnitId | undefined;
  /** True when no unit will do anything more by itself. */
  isSettled(): boolean;
  failures(unit: UnitId): number;
  stop(): Promise<void>;
}

/** Failures in a row after which `--once` does not wait for a unit any longer. */
const PATIENCE = 4;

/** Builds the coordinator; it starts working with the first snapshot. */
export function createCoordinator(deps: CoordinatorDeps): Coordinator {
  const states = new Map<UnitId, UnitState>();
  const ownership = createOwnershipIndex();
  const turns = createTurns();
  let policy: SafetyPolicy | undefined;
  let reserved: Intake['reserved'] = new Map();
  let holds: ReadonlyMap<string, string> = new Map();
  let unitHolds: ReadonlyMap<UnitId, string> = new Map();
  let generalHold: string | undefined = 'no snapshot has been read yet';
  /** Before the first snapshot nobody knows what is wanted: events are noted, nothing runs. */
  let begun = false;
  /** Why the source itself does not say what is wanted. */
  let sourceHold: string | undefined;

  const unitDeps: UnitDeps = {
    instance: deps.instance,
    clock: deps.clock,
    writer: deps.writer,
    probe: deps.probe,
    target: (name) => deps.hub.get(name),
    policy: () => policy ?? NOTHING_ALLOWED,
    removalHold: (target) => sourceHold ?? generalHold ?? holds.get(target),
    unitHold: (unit) => unitHolds.get(unit),
    unmetDependencies: (dependsOn) => dependsOn.flatMap((id) => unmet(states, id)),
    dependants: (unit) =>
      [...states.values()]
        .filter((state) => state.work.kind === 'removed' && state.memory.dependsOn.includes(unit))
        .map((state) => state.id),
    reservedFor: (unit, ref) => {
      const giver = states.get(unit);
      const taker = giver && reserved.get(claimOn(giver.name.target, ref));
      // A unit that is removed and asked for again keeps what it has until its parent gets there.
      const isBack = giver?.work.kind === 'removed' && !giver.work.detach;
      return taker === unit && !isBack ? undefined : taker;
    },
    isLent: (unit, ref) => {
      const giver = states.get(unit);
      if (!giver) return false;
      return ownership
        .holders(claimOn(giver.name.target, ref))
        .some((holder) => hasFrom(states.get(holder), ref, giver));
    },
    onReadiness: (unit) => {
      for (const state of states.values()) {
        if (state.work.kind !== 'removed' && state.work.header.dependsOn.includes(unit))
          queue.wake(state.id);
      }
      const state = states.get(unit);
      if (state) deps.onUnit(state);
    },
    onReport: deps.onReport,
    onClaims: (unit) => {
      const state = states.get(unit);
      if (state) ownership.setHeld(unit, state.name.target, state.memory.inventory);
    },
    onGone: (unit) => {
      const gone = states.get(unit);
      states.delete(unit);
      ownership.drop(unit);
      queue.forget(unit);
      for (const id of gone?.memory.dependsOn ?? []) queue.wake(id);
      if (!gone) return;
      deps.onUnit(gone);
      deps.onGone(gone);
    },
  };

  const queue: UnitQueue = createUnitQueue({
    clock: deps.clock,
    concurrency: deps.concurrency,
    random: deps.random,
    onFault: deps.onFault,
    run: async (id, signal) => {
      const state = states.get(id);
      if (!state || turns.mustWait(id)) return { againInMs: undefined, failed: false };
      turns.begin(id, yieldedClaims(state.name, state.work));
      try {
        return await passUnit(state, unitDeps, signal);
      } finally {
        if (states.has(id)) ownership.setHeld(id, state.name.target, state.memory.inventory);
        for (const taker of turns.end(id)) queue.wake(taker);
      }
    },
  });

  const setWork = (id: UnitId, work: UnitWork, memory: () => UnitMemory): void => {
    const known = states.get(id);
    if (known) {
      known.work = work;
      // Whatever changed (`sluice.dev/reconcile-at` for one) asks for a look at every object.
      known.allDirty = true;
    } else states.set(id, createUnitState(memory(), work));
    const state = states.get(id);
    if (state && work.kind !== 'removed') {
      state.memory = { ...state.memory, dependsOn: work.header.dependsOn };
    }
  };

  return {
    restore: (memories, acknowledged) => {
      const settled = settleRestored(memories.map(({ memory }) => memory));
      for (const [index, { written }] of memories.entries()) {
        const memory = settled[index];
        if (!memory) continue;
        const work: UnitWork = { kind: 'removed', snapshot: '', detach: false };
        const state = createUnitState(memory, work);
        state.acknowledged = acknowledged;
        for (const [path, hash] of written) state.written.set(path, hash);
        states.set(memory.id, state);
        ownership.setHeld(memory.id, memory.name.target, memory.inventory);
      }
    },
    remember: (memories) => {
      for (const found of memories) {
        const work: UnitWork = { kind: 'removed', snapshot: '', detach: false };
        const state = states.get(found.id) ?? createUnitState(found, work);
        // What is known already is newer than what can be seen.
        const inventory = new Map([...found.inventory, ...state.memory.inventory]);
        state.memory = { ...state.memory, inventory };
        states.set(found.id, state);
        ownership.setHeld(found.id, found.name.target, inventory);
        // All of them in one commit, before the first of them acts: the next start does not look again.
        deps.writer.status(inventoryChange(state));
      }
    },
    accept: (intake) => {
      begun = true;
      policy = intake.policy;
      holds = intake.holds;
      reserved = intake.reserved;
      const woken = new Set<UnitId>();
      for (const [id, { work, name }] of intake.works) {
        if (states.get(id)?.work === work) continue;
        setWork(id, work, () => emptyMemory(id, name));
        woken.add(id);
      }
      const gone = [...states.values()].filter((state) => !intake.works.has(state.id));
      for (const state of gone) {
        const next = intake.disappeared(state.id, state.work);
        if (
          state.work.kind === next.kind &&
          state.work.kind === 'removed' &&
          state.work.snapshot !== ''
        )
          continue;
        state.work = next;
        woken.add(state.id);
      }
      unitHolds = judgeDisappeared(states, intake);
      const transfer = transferClaims(states, ownership, intake.wanted);
      deps.writer.status(transfer.changes);
      const loans = endedLoans(states, ownership, turns.lent());
      for (const { from, to } of [...transfer.moves, ...loans]) turns.letFinish(from, to);
      for (const id of transfer.touched) woken.add(id);
      const heldBefore = generalHold;
      generalHold = intake.generalHold;
      // Whoever has removals waiting looks again: the reason they waited for may be gone.
      for (const state of states.values()) if (hasRemovals(state)) woken.add(state.id);
      if (heldBefore !== undefined && generalHold === undefined)
        for (const id of states.keys()) woken.add(id);
      for (const id of woken) queue.wake(id);
    },
    noticeChange: (target, key, object) => {
      for (const holder of ownership.holders(claimKey(target, key))) {
        const state = states.get(holder);
        if (!state) continue;
        const place = target === state.name.target ? '' : `${target}:`;
        const version = object && String(object.metadata['resourceVersion'] ?? '');
        // Our own write comes back as an event with the version that the write returned.
        if (isKnownVersion(state, `${place}${key}`, version)) continue;
        state.dirty.set(`${place}${key}`, version);
        if (begun) queue.wake(state.id);
      }
    },
    noticeWaited: (unit, key) => {
      const state = states.get(unit);
      if (!state) return;
      state.dirty.set(key, undefined);
      if (begun) queue.wake(unit);
    },
    noticeLost: (target) => {
      for (const state of states.values()) {
        if (state.name.target !== target && !reaches(state, target)) continue;
        state.allDirty = true;
        if (begun) queue.wake(state.id);
      }
    },
    holdRemovals: (reason) => {
      if (sourceHold === reason) return;
      sourceHold = reason;
      if (begun) for (const state of states.values()) if (hasRemovals(state)) queue.wake(state.id);
    },
    wakeAll: () => {
      for (const state of states.values()) {
        state.allDirty = true;
        queue.wake(state.id);
      }
    },
    unit: (id) => states.get(id),
    units: () => [...states.values()].toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id))),
    isSettled: () => isSettled([...states.values()], queue),
    holder: (claim) => ownership.holder(claim),
    failures: (unit) => queue.failures(unit),
    stop: () => queue.stop(),
  };
}

const NOTHING_ALLOWED: SafetyPolicy = {
  maxDeletions: { kind: 'count', count: 0 },
  maxUnitDeletions: { kind: 'count', count: 0 },
  allowEmpty: false,
  approvals: [],
};

/** Objects of the unit, or all of it, are on their way out or held. */
function hasRemovals(state: UnitState): boolean {
  return state.removals.length > 0 || state.work.kind === 'removed';
}

/** Ready means ready at the input that the dependency has in the same snapshot. */
function unmet(states: ReadonlyMap<UnitId, UnitState>, id: UnitId): readonly string[] {
  const state = states.get(id);
  if (!state || state.work.kind === 'removed') return [`${id}, which does not exist`];
  const { readiness, work } = state;
  if (readiness.status === 'True' && readiness.snapshot === work.snapshot) return [];
  const detail = readiness.snapshot === work.snapshot ? readiness.reason : 'not yet looked at';
  return [`${id} (${detail})`];
}

/** Units that disappear count together, per target; too many at once are all held. */
function judgeDisappeared(
  states: ReadonlyMap<UnitId, UnitState>,
  intake: Intake,
): ReadonlyMap<UnitId, string> {
  const held = new Map<UnitId, string>();
  const targets = new Set([...states.values()].map((state) => state.name.target));
  for (const target of targets) {
    const all = [...states.values()].filter((state) => state.name.target === target);
    const gone = all
      .filter(({ work, memory }) => work.kind === 'removed' && !isLeaving(memory.inventory))
      .filter((state) => !movesAway(state, intake));
    const verdict = judgeDeletions(
      {
        names: gone.map((state) => state.id),
        total: all.length,
        limit: intake.policy.maxUnitDeletions,
        setting: 'maxUnitDeletions',
        scope: target,
      },
      intake.policy,
    );
    if (verdict.kind === 'held') for (const state of gone) held.set(state.id, verdict.reason);
  }
  return held;
}

/** A unit whose objects are all wanted by others was renamed, not deleted. */
function movesAway(state: UnitState, intake: Intake): boolean {
  const entries = [...state.memory.inventory.values()];
  return entries.every(({ ref }) => {
    const claim = claimOn(state.name.target, ref);
    return intake.wanted.has(claim) || intake.reserved.has(claim);
  });
}

/** Whether an object came to the taker from the giver, and has not been written since. */
function hasFrom(taker: UnitState | undefined, ref: ObjectRef, giver: UnitState): boolean {
  if (!taker || taker.id === giver.id) return false;
  const { key } = keyOfClaim(claimOn(giver.name.target, ref), taker.name.target);
  return taker.memory.inventory.get(key)?.from?.includes(giver.id) === true;
}

/** Whether the unit has objects in another place. */
function reaches(state: UnitState, place: string): boolean {
  return [...state.memory.inventory.values()].some(({ ref }) => ref.place === place);
}

function isSettled(states: readonly UnitState[], queue: UnitQueue): boolean {
  const busy = queue.busy();
  if (busy.length > 0) return false;
  // Who waits for a dependency is woken by it: when nobody else will move, neither will the waiting ones.
  return states.every(
    (state) =>
      state.readiness.settled ||
      state.readiness.reason === 'DependencyNotReady' ||
      queue.failures(state.id) >= PATIENCE,
  );
}
