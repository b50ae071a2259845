// Reads a snapshot into an Intake: configuration, documents, units, renders, claims. Unchanged units cost a look-up.
import { answerTargetAsks } from '../inputs/answers.ts';
import { compareDiagnostics } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { UnitId } from '../model/unit-id.ts';
import { discoverUnits } from '../render/discover.ts';
import type { Discovery } from '../render/discover.ts';
import { selectManifestFiles } from '../render/load.ts';
import type { RepositoryConfig } from '../render/repository-config.ts';
import { readConfig } from '../render/sluice-config.ts';
import type { ConfigResult } from '../render/sluice-config.ts';
import { askKey } from '../render/unit.ts';
import type { Answer, Unit } from '../render/unit.ts';
import { createSchemaValidator } from '../schema/index.ts';
import { settleClaims } from './claims.ts';
import type { Intake } from './intake.ts';
import { contentsBefore, contentsInUse, judgeOutside, packagesInUse } from './outside-content.ts';
import { readNestedUnits } from './nested-intake.ts';
import type { NestedInput, NestedReader } from './nested-intake.ts';
import type { AppliedUnit } from './nested-units.ts';
import { createNestingCheck, fateOfNested } from './nesting-check.ts';
import type { OutsideVerdict, UnitContents } from './outside-content.ts';
import { claimsAhead, yieldsOfOutdated } from './outdated-units.ts';
import type { Outlook } from './outdated-units.ts';
import { yieldsOfPrevious } from './previous-sets.ts';
import { indexInputs, needsAsking, sameAnswers } from './target-inputs.ts';
import { readUnitsAhead } from './units-ahead.ts';
import { createYielding } from './yielding.ts';
import type { Works } from './unit-state.ts';
import type { Yields } from './yielding.ts';
import type { IntakeDeps, SourceMemory } from './intake-deps.ts';
import { fingerprintOf, keepSame, readUnit } from './read-unit.ts';
import type { ReadContext, ReadUnit } from './read-unit.ts';
import { brokenUnits, disappeared, generalHold, replacedSource } from './removal-holds.ts';
import { readConfiguration } from './source-configuration.ts';

export interface IntakeReader {
  take(snapshot: Snapshot, signal?: AbortSignal): Promise<ReadIntake>;
  /**
   * True when the same snapshot would be read differently now: a tag has moved, or what could not be loaded
   * may be had. Costs nothing where no unit reads from outside.
   */
  isOutdated(signal?: AbortSignal): Promise<boolean>;
  /** Told of a change on a target; true where a render rests on the object, so that the snapshot should be read again. */
  notice(target: string, key: string): boolean;
  /** Objects that renders rest on, by target. */
  watched(): ReadonlyMap<string, readonly ObjectRef[]>;
}

export interface ReadIntake extends Intake {
  readonly config: RepositoryConfig;
  readonly discovery: Discovery;
  /** To be written to the status branch; undefined while no configuration has ever been good. */
  readonly source: SourceMemory | undefined;
  /** Objects of registries whose units Git defines from now on. */
  readonly handedOver: readonly AppliedUnit[];
  /** Objects of registries that are on their way out. */
  readonly leaving: readonly AppliedUnit[];
}

/** Builds a reader that remembers renders between snapshots. */
export function createIntakeReader(deps: IntakeDeps): IntakeReader {
  let known = new Map<UnitId, ReadUnit>();
  let knownAhead = new Map<UnitId, ReadUnit>();
  let memory = deps.memory;
  let lastGood: RepositoryConfig | undefined;
  let lastStale = '';
  let nestedVersion = 0;
  const recorded = new Map<string, Manifest>();
  const nesting = createNestingCheck();
  /** Units of which an object has changed that their render rests on. */
  const touched = new Set<UnitId>();
  let restsOn = indexInputs([]);
  /** Undefined before anything was read: then an earlier process knows it. */
  let inUse: ReadonlyMap<UnitId, UnitContents> | undefined;
  const yielding = createYielding();
  const validator = createSchemaValidator();
  const read = (bytes: Uint8Array | undefined, file: string): ConfigResult =>
    readConfig(bytes, { file, targets: deps.targets, validator });

  const isAnsweredTheSame = async (
    id: UnitId,
    { entry, inputs }: ReadUnit,
    signal: AbortSignal | undefined,
  ): Promise<boolean> => {
    // What happens from now on touches it again.
    const wasTouched = touched.delete(id);
    const asked = wasTouched ? inputs : inputs.filter(needsAsking);
    if (asked.length === 0) return true;
    const target = await deps.target(entry.name.target);
    const asks = asked.map(({ ask }) => ask);
    const answers = target
      ? await answerTargetAsks(asks, { target, signal })
      : new Map<string, Answer>();
    const isTold = asks.every((ask) => (answers.get(askKey(ask))?.kind ?? 'failed') !== 'failed');
    const same = sameAnswers(asked, answers);
    // What cannot be reached now is no reason to give up what was rendered, and is looked at again.
    if (wasTouched && (!same || !isTold)) touched.add(id);
    return same;
  };

  return {
    async take(snapshot, signal) {
      const configuration = await readConfiguration(snapshot, { read, memory, lastGood });
      const { config } = configuration;
      lastGood = config;
      deps.define(config.targets.map(({ name }) => name));
      const selection = selectManifestFiles(snapshot.files, config);
      const parsed = await deps.documents.load(snapshot, selection.files, signal);
      const discovery = discoverUnits({ snapshot, parsed, unread: selection.unread, config });
      const next = new Map<UnitId, ReadUnit>();
      const nextAhead = new Map<UnitId, ReadUnit>();
      const stale: Diagnostic[] = [];
      const contextFor = (
        fingerprint: string,
        slices: Discovery['slices'],
        nested: NestedInput | undefined,
      ): ReadContext => {
        const found = { ...discovery, slices };
        return { snapshot, config, discovery: found, validator, deps, fingerprint, signal, nested };
      };
      const readOne = async (
        unit: Unit,
        nested?: NestedInput,
        slices = discovery.slices,
      ): Promise<void> => {
        const fingerprint = fingerprintOf(unit, config);
        const before = known.get(unit.id);
        let same = before?.fingerprint === fingerprint ? before : undefined;
        if (same && same.outside.length > 0) {
          const verdict = await judgeOutside(same.outside, deps.packages, signal);
          if (!verdict.current) same = undefined;
          stale.push(...verdict.stale.map((item) => ({ ...item, ...unit.source })));
        }
        if (same && !(await isAnsweredTheSame(unit.id, same, signal))) same = undefined;
        if (same) {
          next.set(unit.id, same);
          return;
        }
        touched.delete(unit.id);
        const context = contextFor(fingerprint, slices, nested);
        const read = keepSame(before, await readUnit(unit, context));
        next.set(unit.id, read);
        // Read from what was loaded before, perhaps by an earlier process: that has to be said from the start.
        const loaded = read.outside.filter(({ version }) => version !== undefined);
        const verdict = await judgeOutside(loaded, deps.packages, signal);
        stale.push(...verdict.stale.map((item) => ({ ...item, ...unit.source })));
      };
      const readAhead: NestedReader['read'] = async (unit, input, slices) => {
        const fingerprint = fingerprintOf(unit, config);
        const before = knownAhead.get(unit.id);
        // What rests on answers from outside may have changed with them.
        const isSame =
          before?.fingerprint === fingerprint &&
          before.outside.length === 0 &&
          before.inputs.length === 0;
        const context = contextFor(fingerprint, slices, input);
        nextAhead.set(unit.id, isSame ? before : await readUnit(unit, context));
      };
      await Promise.all(discovery.units.map((unit) => readOne(unit)));
      nestedVersion = deps.nested?.version() ?? 0;
      const nested = await readNestedUnits(
        deps.nested,
        { snapshot, config, discovery },
        { ...worksIn(next), read: readOne, recorded },
      );
      if (deps.nested) {
        const { parentOf } = nested;
        const reader = { now: worksIn(next), ahead: worksIn(nextAhead), read: readAhead };
        const given = { ...reader, parentOf, validator };
        await readUnitsAhead(deps.nested, { snapshot, config, discovery }, given);
      }
      known = next;
      knownAhead = nextAhead;
      inUse = contentsInUse(
        inUse ?? (await contentsBefore(deps.packages)),
        [...next].map(([id, { entry, outside }]) => ({ id, work: entry.work, outside })),
        discovery.brokenFiles.length > 0,
      );
      const ahead = [...nextAhead.values()].flatMap(({ outside }) => outside);
      await deps.packages?.retain(packagesInUse(inUse, ahead));
      restsOn = indexInputs([...next].map(([id, { inputs }]) => [id, inputs] as const));
      lastStale = messagesOf(stale);
      const found = entriesOf(next);
      const outlook = { ahead: entriesOf(nextAhead), unwanted: nested.unwanted };
      const entries = nesting.settle(found, { units: discovery.units, nested });
      const { works, wanted } = settleClaims(
        yielding.settle(entries, allYields(entries, outlook)),
        deps.holder,
      );
      const source = configuration.everGood
        ? { config: configuration.text, roots: snapshot.roots }
        : undefined;
      const replaced = replacedSource(memory, snapshot);
      if (!replaced) memory = source;
      const diagnostics = [
        ...configuration.diagnostics,
        ...selection.diagnostics,
        ...discovery.diagnostics,
        ...(replaced ? [replaced] : []),
        ...stale.toSorted(compareDiagnostics),
        ...nested.diagnostics,
      ];
      return {
        snapshot: snapshot.id,
        config,
        discovery,
        source: memory ?? source,
        works,
        wanted,
        policy: { ...config.safety, approvals: config.approvals },
        // A unit that lost a contested object keeps what it has, and must not lose what was to come to it.
        holds: brokenUnits([...works, ...outlook.ahead], nested.unwanted),
        reserved: claimsAhead(outlook),
        generalHold: generalHold(discovery, configuration.hold, replaced),
        disappeared: (id, before) =>
          fateOfNested(id, before, { snapshot: snapshot.id, nested, wanted }) ??
          disappeared(id, before, { snapshot, discovery }),
        handedOver: nested.handedOver,
        leaving: [...nested.leaving.values()],
        diagnostics,
      };
    },
    async isOutdated(signal) {
      if (deps.nested && deps.nested.version() !== nestedVersion) return true;
      for (const [id, entry] of known) {
        if (!(await isAnsweredTheSame(id, entry, signal))) return true;
      }
      const verdicts: OutsideVerdict[] = await Promise.all(
        [...known.values()]
          .filter(({ outside }) => outside.length > 0)
          .map(({ outside }) => judgeOutside(outside, deps.packages, signal)),
      );
      if (verdicts.some(({ current }) => !current)) return true;
      return messagesOf(verdicts.flatMap(({ stale }) => stale)) !== lastStale;
    },
    notice: (target, key) => {
      const units = restsOn.concerned(target, key);
      for (const id of units) touched.add(id);
      return units.length > 0;
    },
    watched: () => restsOn.watched,
  };
}

function worksIn(read: ReadonlyMap<UnitId, ReadUnit>): Pick<NestedReader, 'workOf' | 'works'> {
  return {
    workOf: (id) => read.get(id)?.entry.work,
    works: () => [...read].map(([id, { entry }]) => [id, entry.work] as const),
  };
}

function entriesOf(read: ReadonlyMap<UnitId, ReadUnit>): Works {
  return new Map([...read].map(([id, { entry }]) => [id, entry] as const));
}

function messagesOf(items: readonly Diagnostic[]): string {
  return [...new Set(items.map(({ message }) => message))].toSorted().join('\n');
}

/** What sets give to those that name them as previous, and nested units to what takes their place. */
function allYields(entries: Works, outlook: Outlook): Yields {
  const yields = new Map(yieldsOfPrevious(entries));
  for (const [unit, claims] of yieldsOfOutdated(entries, outlook)) {
    yields.set(unit, new Set([...(yields.get(unit) ?? []), ...claims]));
  }
  return yields;
}
