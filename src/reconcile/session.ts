// One running instance over its ports: opens the status branch, remembers, takes snapshots in, and reports.
import type { ApplyEvent } from '../apply/result.ts';
import type { Clock } from '../lib/clock.ts';
import { createSerial } from '../lib/serial.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import type { PackageInputs } from '../inputs/package-inputs.ts';
import { inventoryKey } from '../model/inventory.ts';
import { formatObjectKey } from '../model/object-key.ts';
import { unitsPlace } from '../model/place.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { formatUnitId } from '../model/unit-id.ts';
import type { UnitId } from '../model/unit-id.ts';
import { latestRevision } from '../model/unit-memory.ts';
import { createCommitter } from '../status/committer.ts';
import type { Committer, CommitterEvent } from '../status/committer.ts';
import { createDocuments } from '../status/documents.ts';
import type { CommitData, Documents } from '../status/documents.ts';
import { instanceChange } from '../status/instance.ts';
import type { InstanceRecord } from '../status/instance.ts';
import { parseUnitDirectory, unitDirectoryOf } from '../status/paths.ts';
import type { StatusChange, StatusStore } from '../status/store.ts';
import { FINDINGS_PATH } from '../status/summary.ts';
import type { Target } from '../targets/target.ts';
import { createCoordinator } from './coordinator.ts';
import type { Coordinator } from './coordinator.ts';
import { createIntakeReader } from './create-intake.ts';
import type { IntakeReader, ReadIntake } from './create-intake.ts';
import type { SourceMemory } from './intake-deps.ts';
import { createDocumentCache } from './document-cache.ts';
import { createNestedUnits } from './nested-units.ts';
import { claimKey } from './ownership-index.ts';
import type { ClaimKey } from './ownership-index.ts';
import { restoreDesired, restoreUnits } from './restore.ts';
import type { RestoredUnit } from './restore.ts';
import { readSourceMemory, SOURCE_PATH, sourceFile } from './source-memory.ts';
import { createLostMemories } from './lost-memories.ts';
import { createRefresher } from './refresher.ts';
import { createSourceWatch } from './source-watch.ts';
import { createSummaryWriter } from './summary-writer.ts';
import type { SummaryWriter } from './summary-writer.ts';
import { createTargetHub } from './target-hub.ts';
import type { TargetHub } from './target-hub.ts';
import { waitedObjects } from './waited-objects.ts';
import type { WaitedObject } from './waited-objects.ts';
import { createUnitProbes } from './unit-probe.ts';
import type { UnitState } from './unit-state.ts';

/** Quiet time before status is committed where pushes are not limited, in milliseconds. */
const UNLIMITED_QUIET_MS = 60;

/** A commit message names at most this many units. */
const MAX_NAMED_UNITS = 50;

export interface SessionDeps {
  readonly instance: string;
  /** Address and branch for people. */
  readonly source: string;
  readonly branch: string;
  readonly store: StatusStore;
  /** Targets that the daemon defines, and their `.environment` where it says one. */
  readonly targets: readonly { readonly target: Target; readonly environment?: Json }[];
  /** Makes an embedded target that sluice.yaml defines. */
  readonly embedded: (name: string) => Target;
  readonly clock: Clock;
  readonly random: () => number;
  /** Passes at the same time. */
  readonly concurrency: number;
  readonly pushesPerMinute: number;
  readonly unlimitedPushes: boolean;
  readonly takeover: boolean;
  readonly documents?: Documents;
  /** Packages from outside the repository; nothing is loaded without it. */
  readonly packages?: PackageInputs;
  readonly observer: SessionObserver;
}

/** Everything that logs, metrics and live output are made of. */
export interface SessionObserver {
  onApply(event: ApplyEvent): void;
  onUnit(state: UnitState): void;
  onStatus(event: CommitterEvent): void;
  onFault(unit: UnitId, fault: unknown): void;
  onFenced(reason: Diagnostic): void;
}

export interface Session {
  readonly coordinator: Coordinator;
  readonly committer: Committer;
  /** Reads a snapshot and puts it in force. */
  accept(snapshot: Snapshot, signal?: AbortSignal): Promise<ReadIntake>;
  /** Reads the last snapshot again where something from outside has changed; undefined where nothing has. */
  refresh(signal?: AbortSignal): Promise<ReadIntake | undefined>;
  /** Trouble of the source, shown on the status branch; undefined when it is over. */
  setSourceTrouble(item: Diagnostic | undefined): void;
  diagnostics(): readonly Diagnostic[];
  /** Finishes what runs, writes what is to be said, and lets go of everything. */
  close(): Promise<void>;
}

export type StartResult =
  | { readonly kind: 'started'; readonly session: Session }
  /** Somebody else's branch, or a damaged one: trying again does not help. */
  | { readonly kind: 'refused'; readonly diagnostic: Diagnostic }
  /** Nobody knows whose branch it is until the remote answers. */
  | { readonly kind: 'unreachable'; readonly diagnostic: Diagnostic };

/** Opens the status branch and brings the instance up; nothing is changed before the first snapshot. */
export async function startSession(deps: SessionDeps, signal?: AbortSignal): Promise<StartResult> {
  const opened = await deps.store.open({ takeover: deps.takeover }, signal);
  if (opened.kind !== 'ready') return opened;
  const restored = await restoreUnits(deps.store);
  const memory = readSourceMemory((await deps.store.read([SOURCE_PATH])).get(SOURCE_PATH));
  const { record } = opened;
  const indexes = [
    ...(await deps.store.list('index/')).map(({ path }) => path),
    ...(await deps.store.read([FINDINGS_PATH])).keys(),
  ];
  const documents = deps.documents ?? createDocuments();
  const committer = createCommitter({
    store: deps.store,
    clock: deps.clock,
    random: deps.random,
    pushesPerMinute: deps.pushesPerMinute,
    unlimited: deps.unlimitedPushes,
    // Where pushes cost nothing, people wait for the answer rather than for a neat history.
    ...(deps.unlimitedPushes ? { quietMs: UNLIMITED_QUIET_MS } : {}),
    describe: (changes) => documents.commitMessage(commitData(changes)),
    onFenced: (reason) => deps.observer.onFenced(reason),
    onEvent: (event) => deps.observer.onStatus(event),
  });
  return {
    kind: 'started',
    session: assemble(deps, {
      committer,
      restored,
      memory,
      indexes,
      documents,
      record,
      acknowledged: !opened.unacknowledged,
      opening: opened.diagnostics,
    }),
  };
}

/** Which units a status commit is about. */
function commitData(changes: readonly StatusChange[]): CommitData {
  const names = changes.flatMap(({ path }) => {
    const directory = unitDirectoryOf(path);
    if (directory === undefined) return [];
    const name = parseUnitDirectory(directory);
    return [name ? formatUnitId(name) : directory];
  });
  const units = [...new Set(names)].toSorted();
  return {
    units: units.slice(0, MAX_NAMED_UNITS),
    count: units.length,
    first: units[0] ?? 'the instance',
  };
}

interface Parts {
  readonly committer: Committer;
  readonly restored: readonly RestoredUnit[];
  readonly memory: SourceMemory | undefined;
  readonly indexes: readonly string[];
  readonly documents: Documents;
  /** Whose branch it is, and for which repository. */
  readonly record: InstanceRecord;
  /** Whether all that is restored is known to be on the remote. */
  readonly acknowledged: boolean;
  readonly opening: readonly Diagnostic[];
}

function assemble(deps: SessionDeps, parts: Parts): Session {
  const { committer } = parts;
  const probes = createUnitProbes(() => deps.clock.now());
  const nested = createNestedUnits({
    instance: deps.instance,
    clock: deps.clock,
    identity: async (name) => {
      const running = await hub.get(name);
      if ('code' in running) throw new SluiceError(running.code, running.message);
      return running.identity;
    },
    unit: (id) => coordinator.unit(id),
    onChange: () => refresher.request(),
  });
  const hub: TargetHub = createTargetHub({
    instance: deps.instance,
    clock: deps.clock,
    targets: deps.targets.map(({ target }) => target),
    embedded: deps.embedded,
    units: (name) => nested.registry(name),
    onApply: (event) => deps.observer.onApply(event),
    onChange: (target, key, object) => {
      coordinator.noticeChange(target, key, object);
      noticeSource(target, key);
    },
    onLost: (target) => {
      coordinator.noticeLost(target);
      for (const ref of reader.watched().get(target) ?? []) {
        if (reader.notice(target, inventoryKey(ref))) refresher.request();
      }
    },
  });
  const noticeSource = (target: string, key: string): void => {
    if (reader.notice(target, key)) refresher.request();
    noticeWaiting(target, key);
  };
  const noticeWaiting = (target: string, key: string): void => {
    for (const { unit, key: own } of waited.get(claimKey(target, key)) ?? []) {
      coordinator.noticeWaited(unit, own);
    }
  };
  /** Who waits for which object without owning it. */
  let waited: ReadonlyMap<ClaimKey, readonly WaitedObject[]> = new Map();
  const sources = createSourceWatch({
    clock: deps.clock,
    target: async (name) => {
      const running = await hub.get(name);
      return 'target' in running ? running.target : undefined;
    },
    onChange: noticeSource,
  });
  const refresher = createRefresher({
    clock: deps.clock,
    read: (signal) => refresh(signal).then(() => undefined),
    onFault: (fault) => deps.observer.onFault(deps.instance, fault),
  });
  const coordinator = createCoordinator({
    instance: deps.instance,
    clock: deps.clock,
    hub,
    writer: {
      intent: (changes, message, signal) => committer.intent(changes, message, signal),
      status: (changes) => {
        if (changes.length > 0) committer.status(changes);
      },
    },
    probe: probes.probe,
    concurrency: deps.concurrency,
    random: deps.random,
    onUnit: (state) => {
      summary.touch();
      deps.observer.onUnit(state);
    },
    onFault: (unit, fault) => deps.observer.onFault(unit, fault),
    onReport: (state, report) => {
      nested.report(state, report);
      // Whoever waits for a unit of Git without owning it hears of it here.
      noticeWaiting(unitsPlace(state.name.target), formatObjectKey(state.name));
    },
    onGone: (state) => nested.finish(state.name),
  });
  const summary: SummaryWriter = createSummaryWriter({
    clock: deps.clock,
    instance: deps.instance,
    source: deps.source,
    branch: deps.branch,
    documents: parts.documents,
    units: () => coordinator.units(),
    write: (changes) => committer.status(changes),
    existing: parts.indexes,
  });
  const lost = createLostMemories({
    instance: deps.instance,
    known: parts.restored.map(({ memory }) => memory.name.target),
    target: (name) => hub.get(name),
  });
  const reader: IntakeReader = createIntakeReader({
    documents: createDocumentCache(),
    targets: deps.targets.map(({ target, environment }) => ({
      name: target.name,
      ...(environment === undefined ? {} : { environment }),
    })),
    define: (names) => hub.define(names),
    target: async (name) => {
      const running = await hub.get(name);
      return 'target' in running ? running.target : undefined;
    },
    holder: (claim) => coordinator.holder(claim),
    accepted: (id) => {
      const memory = coordinator.unit(id)?.memory;
      return memory && latestRevision(memory)?.immutableFields;
    },
    memory: parts.memory,
    packages: deps.packages,
    nested: {
      version: () => nested.version(),
      objects: () => nested.objects(),
      exists: (id) => coordinator.unit(id) !== undefined,
      desiredBy: (id) => [...(coordinator.unit(id)?.desiredOf.values() ?? [])],
    },
  });
  nested.restore(
    parts.restored.flatMap(({ memory, object }) => (object ? [{ name: memory.name, object }] : [])),
  );
  coordinator.restore(parts.restored, parts.acknowledged);
  hub.start();

  let trouble: Diagnostic | undefined;
  let rootsWritten = '';
  let found: readonly Diagnostic[] = [];
  let sourceWritten = parts.memory && sourceFile(parts.memory);
  const all = (): readonly Diagnostic[] => [
    ...parts.opening,
    ...found,
    ...(trouble ? [trouble] : []),
  ];

  let latest: Snapshot | undefined;
  const oneByOne = createSerial();
  const putInForce = async (snapshot: Snapshot, signal?: AbortSignal): Promise<ReadIntake> => {
    let intake = await reader.take(snapshot, signal);
    const seen = await lost.search(
      intake.config.targets.map(({ name }) => name),
      signal,
    );
    if (seen.length > 0) {
      coordinator.remember(seen);
      // Who holds what has changed: the claims are settled again, the renders are kept.
      intake = await reader.take(snapshot, signal);
    }
    for (const unit of intake.handedOver) nested.letGo(unit);
    await restoreServing(deps.store, coordinator, intake);
    const judgedAnew = probes.setHealthChecks(intake.config.healthChecks);
    coordinator.accept(intake);
    // What was asked for and taken back before anybody read it has no unit that could end it.
    for (const unit of intake.leaving) if (!coordinator.unit(unit.id)) nested.letGo(unit);
    if (judgedAnew) coordinator.wakeAll();
    const text = intake.source && sourceFile(intake.source);
    if (text !== undefined && text !== sourceWritten) {
      sourceWritten = text;
      committer.status([{ path: SOURCE_PATH, content: text }]);
    }
    const roots = intake.source?.roots ?? parts.record.rootCommits;
    if (roots.join() !== parts.record.rootCommits.join() && roots.join() !== rootsWritten) {
      rootsWritten = roots.join();
      committer.status([
        instanceChange(parts.record, { repository: deps.source, rootCommits: roots }),
      ]);
    }
    found = intake.diagnostics;
    latest = snapshot;
    waited = waitedObjects(intake);
    followSources();
    summary.setDiagnostics(all());
    return intake;
  };
  const accept = (snapshot: Snapshot, signal?: AbortSignal): Promise<ReadIntake> =>
    oneByOne(() => putInForce(snapshot, signal));
  const refresh = (signal?: AbortSignal): Promise<ReadIntake | undefined> =>
    oneByOne(async () => {
      if (!latest || !(await reader.isOutdated(signal))) return undefined;
      return putInForce(latest, signal);
    });
  const followSources = (): void => {
    const refs = new Map([...reader.watched()].map(([target, list]) => [target, [...list]]));
    for (const { target, ref } of [...waited.values()].flat()) {
      refs.set(target, [...(refs.get(target) ?? []), ref]);
    }
    for (const target of new Set([...refs.keys(), ...sources.followed()])) {
      sources.follow(target, refs.get(target) ?? []);
    }
  };

  return {
    coordinator: {
      ...coordinator,
      isSettled: () => !refresher.isPending() && coordinator.isSettled(),
    },
    committer,
    accept,
    refresh,
    setSourceTrouble: (item) => {
      if (trouble?.code === item?.code && trouble?.message === item?.message) return;
      trouble = item;
      // While the branch is gone nobody knows what is still wanted.
      if (item?.code === 'SourceBranchMissing') coordinator.holdRemovals(item.message);
      else if (item?.code !== 'SourceUnreachable') coordinator.holdRemovals(undefined);
      summary.setDiagnostics(all());
    },
    diagnostics: () => {
      const unpushed = committer.unpushed();
      return unpushed ? [...all(), unpushed] : all();
    },
    close: async () => {
      await refresher.stop();
      await sources.stop();
      await coordinator.stop();
      await hub.stop();
      summary.flush();
      await committer.close();
      await deps.store.close();
    },
  };
}

/** After a restart, revisions that still serve are read back where the snapshot does not render them again. */
async function restoreServing(
  store: StatusStore,
  coordinator: Coordinator,
  intake: ReadIntake,
): Promise<void> {
  for (const state of coordinator.units()) {
    const work = intake.works.get(state.id)?.work;
    if (!work || work === state.work) continue;
    const current = work.kind === 'desired' ? work.desired.templateHash : undefined;
    for (const record of state.memory.revisions) {
      if (
        record.state === 'archived' ||
        record.hash === current ||
        state.desiredOf.has(record.number)
      )
        continue;
      state.desiredOf.set(record.number, await restoreDesired(store, state.memory, record));
    }
  }
}
