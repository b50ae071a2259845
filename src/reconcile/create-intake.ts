// Reads a snapshot into an Intake: configuration, documents, units, renders, claims. Unchanged units cost a look-up.
import type { ImmutableDigests } from '../api/immutability.ts';
import { answerAsks, answerTargetAsks } from '../inputs/answers.ts';
import type { PackageInputs } from '../inputs/package-inputs.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { compareDiagnostics, diagnostic, hasErrors } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ObjectRef } from '../model/object-key.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { FOLDER_KIND } from '../model/unit-id.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';
import { discoverUnits } from '../render/discover.ts';
import type { Discovery } from '../render/discover.ts';
import { CONFIG_PATHS, selectManifestFiles } from '../render/load.ts';
import { renderUnit } from '../render/render-unit.ts';
import type { RepositoryConfig } from '../render/repository-config.ts';
import { readConfig } from '../render/sluice-config.ts';
import type { ConfigResult, KnownTarget } from '../render/sluice-config.ts';
import { secretInputs, withSecrecy } from '../render/secret-inputs.ts';
import { askKey } from '../render/unit.ts';
import type { Answer, Answers, RenderResult, Unit } from '../render/unit.ts';
import type { Target } from '../targets/target.ts';
import { createSchemaValidator } from '../schema/index.ts';
import type { SchemaValidator } from '../schema/index.ts';
import { withIgnoredFields } from './ignore-differences.ts';
import { placePhases } from './phase-places.ts';
import { settleClaims } from './claims.ts';
import type { ClaimKey } from './ownership-index.ts';
import type { DocumentCache } from './document-cache.ts';
import type { Intake } from './intake.ts';
import { editedFields, immutableFieldsOf } from './immutable-fields.ts';
import { judgeOutside, outsideContents } from './outside-content.ts';
import { concealInherited, readNestedUnits } from './nested-intake.ts';
import type { NestedInput, NestedReader, NestedSource } from './nested-intake.ts';
import type { AppliedUnit } from './nested-units.ts';
import { createNestingCheck, fateOfNested } from './nesting-check.ts';
import type { OutsideContent, OutsideVerdict } from './outside-content.ts';
import { claimsAhead, yieldsOfOutdated } from './outdated-units.ts';
import type { Outlook } from './outdated-units.ts';
import { yieldsOfPrevious } from './previous-sets.ts';
import { renderWithAnswers } from './render-loop.ts';
import type { Rendered } from './render-loop.ts';
import { indexInputs, needsAsking, sameAnswers, targetInputs } from './target-inputs.ts';
import type { TargetInput } from './target-inputs.ts';
import type { UnitHeader, UnitWork } from './unit-state.ts';
import { readUnitsAhead } from './units-ahead.ts';
import { createYielding } from './yielding.ts';
import type { Works, Yields } from './yielding.ts';

/** What earlier runs know of the source, from the status branch. */
export interface SourceMemory {
  /** Text of the sluice.yaml in force; undefined when there was none. */
  readonly config: string | undefined;
  /** First commits of the repository's history. */
  readonly roots: readonly string[];
}

export interface IntakeDeps {
  readonly documents: DocumentCache;
  /** Targets that the daemon defines. */
  readonly targets: readonly KnownTarget[];
  /** Makes sure that the embedded targets of sluice.yaml exist. */
  readonly define: (names: readonly string[]) => void;
  /** A target to ask about kinds; undefined where none can be reached. */
  readonly target: (name: string) => Promise<Target | undefined>;
  /** The unit whose inventory names a key now. */
  readonly holder: (claim: ClaimKey) => UnitId | undefined;
  /** Digests of a unit's immutable fields as last accepted. */
  readonly accepted?: (unit: UnitId) => ImmutableDigests | undefined;
  readonly memory: SourceMemory | undefined;
  /** Packages from outside the repository; nothing is loaded without it. */
  readonly packages?: PackageInputs | undefined;
  /** What was applied to the registries of units; without it, whatever renders ask for counts as applied. */
  readonly nested?: NestedSource;
}

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
}

const CONFIG_FILE = 'sluice.yaml';

interface Known {
  readonly fingerprint: string;
  readonly entry: { readonly name: UnitName; readonly work: UnitWork };
  readonly outside: readonly OutsideContent[];
  readonly inputs: readonly TargetInput[];
}

/** Builds a reader that remembers renders between snapshots. */
export function createIntakeReader(deps: IntakeDeps): IntakeReader {
  let known = new Map<UnitId, Known>();
  let knownAhead = new Map<UnitId, Known>();
  let memory = deps.memory;
  let lastGood: RepositoryConfig | undefined;
  let lastStale = '';
  let nestedVersion = 0;
  const recorded = new Map<string, Manifest>();
  const nesting = createNestingCheck();
  /** Units of which an object has changed that their render rests on. */
  const touched = new Set<UnitId>();
  let restsOn = indexInputs([]);
  const yielding = createYielding();
  const validator = createSchemaValidator();
  const read = (bytes: Uint8Array | undefined, file: string): ConfigResult =>
    readConfig(bytes, { file, targets: deps.targets, validator });

  const isAnsweredTheSame = async (
    id: UnitId,
    { entry, inputs }: Known,
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
      const next = new Map<UnitId, Known>();
      const nextAhead = new Map<UnitId, Known>();
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
        if (!same) touched.delete(unit.id);
        const context = contextFor(fingerprint, slices, nested);
        next.set(unit.id, same ?? keepSame(before, await readUnit(unit, context)));
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
        generalHold: generalHold(discovery, configuration.missing, replaced),
        disappeared: (id, before) =>
          fateOfNested(id, before, { snapshot: snapshot.id, nested, wanted }) ??
          disappeared(id, before, { snapshot, discovery }),
        handedOver: nested.handedOver,
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

function worksIn(read: ReadonlyMap<UnitId, Known>): Pick<NestedReader, 'workOf' | 'works'> {
  return {
    workOf: (id) => read.get(id)?.entry.work,
    works: () => [...read].map(([id, { entry }]) => [id, entry.work] as const),
  };
}

function entriesOf(read: ReadonlyMap<UnitId, Known>): Works {
  return new Map([...read].map(([id, { entry }]) => [id, entry] as const));
}

/** A render that came out as before is the one before: nobody has to look at its objects again. */
function keepSame(before: Known | undefined, after: Known): Known {
  if (before?.fingerprint !== after.fingerprint) return after;
  return contentOf(before.entry.work) === contentOf(after.entry.work)
    ? { ...after, entry: before.entry }
    : after;
}

function contentOf(work: UnitWork): string {
  if (work.kind === 'removed') return '';
  const phases =
    work.kind === 'desired'
      ? work.desired.phases.map(({ objects }) => objects.map(({ manifest }) => manifest))
      : [];
  const problems = work.diagnostics.map(({ code, message }) => `${code} ${message}`);
  return canonicalJson([work.kind, phases, problems]);
}

function messagesOf(items: readonly Diagnostic[]): string {
  return [...new Set(items.map(({ message }) => message))].toSorted().join('\n');
}

interface Configuration {
  readonly config: RepositoryConfig;
  readonly text: string | undefined;
  readonly missing: Diagnostic | undefined;
  /** False while a wrong sluice.yaml is all that there has ever been. */
  readonly everGood: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** A sluice.yaml that is gone or wrong leaves the last good one in force. */
async function readConfiguration(
  snapshot: Snapshot,
  known: {
    readonly read: (bytes: Uint8Array | undefined, file: string) => ConfigResult;
    readonly memory: SourceMemory | undefined;
    readonly lastGood: RepositoryConfig | undefined;
  },
): Promise<Configuration> {
  const remembered = known.memory?.config;
  const rememberedConfig = (): RepositoryConfig => {
    const bytes = remembered === undefined ? undefined : Buffer.from(remembered);
    const result = known.read(bytes, CONFIG_FILE);
    return result.kind === 'ok' ? result.config : (known.lastGood ?? defaults(known.read));
  };
  const file = CONFIG_PATHS.map((path) => snapshot.file(path)).find((found) => found !== undefined);
  if (!file) {
    const config = rememberedConfig();
    if (remembered === undefined)
      return { config, text: undefined, missing: undefined, everGood: true, diagnostics: [] };
    const message = 'sluice.yaml was there before and is gone; the last one stays in force';
    const missing = diagnostic('ConfigMissing', message, { file: CONFIG_FILE });
    return { config, text: remembered, missing, everGood: true, diagnostics: [missing] };
  }
  const bytes = (await snapshot.read([file.oid])).get(file.oid) ?? new Uint8Array();
  const result = known.read(bytes, file.path);
  if (result.kind === 'ok') {
    const text = Buffer.from(bytes).toString('utf8');
    return { config: result.config, text, missing: undefined, everGood: true, diagnostics: [] };
  }
  const { diagnostics } = result;
  const everGood = known.memory !== undefined;
  const config = everGood ? rememberedConfig() : defaults(known.read);
  return { config, text: remembered, missing: undefined, everGood, diagnostics };
}

/** A wrong sluice.yaml with no good one before it: the defaults would sync everything, so nothing is synced. */
function defaults(
  read: (bytes: Uint8Array | undefined, file: string) => ConfigResult,
): RepositoryConfig {
  const result = read(undefined, CONFIG_FILE);
  if (result.kind !== 'ok')
    throw new SluiceError('Internal', 'the default configuration is invalid');
  return { ...result.config, sync: [] };
}

interface ReadContext {
  readonly snapshot: Snapshot;
  readonly config: RepositoryConfig;
  readonly discovery: Discovery;
  readonly validator: SchemaValidator;
  readonly deps: IntakeDeps;
  readonly fingerprint: string;
  readonly signal: AbortSignal | undefined;
  /** Of a unit that another unit asks for. */
  readonly nested: NestedInput | undefined;
}

async function readUnit(unit: Unit, context: ReadContext): Promise<Known> {
  const { snapshot, config, discovery, validator, deps, fingerprint, signal, nested } = context;
  const header: UnitHeader = {
    ...headerOf(unit, validator),
    ...(nested ? { nested: nested.header } : {}),
  };
  const outside: OutsideContent[] = [];
  const inputs: TargetInput[] = [];
  const answered = new Map<string, Answer>();
  const done = (work: UnitWork): Known => ({
    fingerprint,
    entry: { name: unit.name, work },
    outside,
    inputs,
  });
  if (hasErrors(unit.problems)) {
    return done({ kind: 'broken', snapshot: snapshot.id, header, diagnostics: unit.problems });
  }
  if (nested?.incomplete === true) {
    const message = 'the unit goes on when its parent has said again what the status branch hides';
    const waits = diagnostic('NestingWaits', message, unit.source);
    return done({ kind: 'broken', snapshot: snapshot.id, header, diagnostics: [waits] });
  }
  const edits = editedFields(unit, header.immutableFields, deps.accepted?.(unit.id));
  if (edits.length > 0) {
    return done({ kind: 'broken', snapshot: snapshot.id, header, diagnostics: edits });
  }
  const target = await deps.target(unit.target);
  const environment = config.targets.find((entry) => entry.name === unit.target)?.environment;
  const { crdScopes, slices, schemaOf } = discovery;
  const rendering = { config, crdScopes, slices, schemaOf, validator };
  const render = (answers: Answers): RenderResult => renderUnit(unit, rendering, answers);
  const own = concealSecrets(
    await renderWithAnswers(render, async (asks) => {
      const { packages } = deps;
      const given = { snapshot, target, environment, signal, ...(packages ? { packages } : {}) };
      const answers = await answerAsks(asks, given);
      outside.push(...outsideContents(asks, answers));
      inputs.push(...targetInputs(unit.target, asks, answers));
      for (const [key, answer] of answers) answered.set(key, answer);
      return answers;
    }),
    render,
    answered,
  );
  const result = concealInherited(own, { unit, nested, rendering, answers: answered });
  const { diagnostics } = result;
  if (result.kind === 'failed')
    return done({ kind: 'broken', snapshot: snapshot.id, header, diagnostics });
  const isTarget = (name: string): boolean => config.targets.some((known) => known.name === name);
  const desired = placePhases(
    withIgnoredFields(result.desired, config.ignoreDifferences),
    unit.target,
    isTarget,
  );
  return done({
    kind: 'desired',
    snapshot: snapshot.id,
    header,
    // An archived set wants none of its objects any more, and keeps its revision.
    desired: unit.archived ? { ...desired, phases: [] } : desired,
    diagnostics,
  });
}

/** Where a value of a Secret went in, what came out is known by a second render without it. */
function concealSecrets(
  result: Rendered,
  render: (answers: Answers) => RenderResult,
  answers: Answers,
): Rendered {
  const secrets = secretInputs(answers);
  return secrets ? withSecrecy(result, render(secrets.placeholders), secrets) : result;
}

function headerOf(unit: Unit, validator: SchemaValidator): UnitHeader {
  return {
    apiVersion: unit.name.kind === FOLDER_KIND ? undefined : unit.documents[0]?.manifest.apiVersion,
    source: unit.source,
    dependsOn: unit.dependsOn,
    suspended: unit.suspended,
    suspendReason: unit.suspendReason,
    detach: unit.detach,
    archived: unit.archived,
    immutableFields: immutableFieldsOf(unit, validator),
    rehearse: unit.name.kind !== FOLDER_KIND,
  };
}

/** Everything that makes a unit another one: what it reads, its levers, and what discovery found wrong with it. */
function fingerprintOf(unit: Unit, config: RepositoryConfig): string {
  const { dependsOn, suspended, suspendReason, detach, timeoutMs, archived } = unit;
  const problems = unit.problems.map((item) => item.message);
  return `${unit.inputHash} ${canonicalJson({ dependsOn, suspended, suspendReason, detach, timeoutMs, archived, problems, ignored: config.ignoreDifferences, targets: config.targets.map(({ name }) => name) })}`;
}

/** What sets give to those that name them as previous, and nested units to what takes their place. */
function allYields(entries: Works, outlook: Outlook): Yields {
  const yields = new Map(yieldsOfPrevious(entries));
  for (const [unit, claims] of yieldsOfOutdated(entries, outlook)) {
    yields.set(unit, new Set([...(yields.get(unit) ?? []), ...claims]));
  }
  return yields;
}

/** @param unwanted units that are on their way out: what they want does not matter any more */
function brokenUnits(
  entries: Iterable<readonly [UnitId, { readonly name: UnitName; readonly work: UnitWork }]>,
  unwanted: ReadonlySet<UnitId>,
): ReadonlyMap<string, string> {
  const holds = new Map<string, string>();
  for (const [id, { name, work }] of entries) {
    if (work.kind !== 'broken' || holds.has(name.target) || unwanted.has(id)) continue;
    const first = work.diagnostics.find((item) => item.severity === 'error');
    holds.set(
      name.target,
      `${id} cannot be rendered (${first?.code ?? 'Invalid'}), so what it wants is not known`,
    );
  }
  return holds;
}

function generalHold(
  discovery: Discovery,
  missing: Diagnostic | undefined,
  replaced: Diagnostic | undefined,
): string | undefined {
  if (missing) return 'ConfigMissing: sluice.yaml is gone; restore it (an empty spec is enough)';
  if (replaced) return `SourceReplaced: ${replaced.message}`;
  const [file] = discovery.brokenFiles;
  return file === undefined ? undefined : `${file} cannot be read, so what it wants is not known`;
}

/** Another repository behind the same address: no first commit in common with what was recorded. */
function replacedSource(
  memory: SourceMemory | undefined,
  snapshot: Snapshot,
): Diagnostic | undefined {
  if (!memory || memory.roots.length === 0 || snapshot.roots.length === 0) return undefined;
  if (snapshot.roots.some((root) => memory.roots.includes(root))) return undefined;
  return diagnostic(
    'SourceReplaced',
    'the history has no first commit in common with the recorded one',
  );
}

/** While a file cannot be read, a unit that is missing may be meant by it: it is kept as it is. */
function disappeared(
  id: UnitId,
  before: UnitWork,
  context: { readonly snapshot: Snapshot; readonly discovery: Discovery },
): UnitWork {
  const { snapshot, discovery } = context;
  const broken = discovery.brokenFiles[0];
  if (broken !== undefined && before.kind !== 'removed') {
    if (before.kind === 'broken' && before.diagnostics[0]?.file === broken) return before;
    const message = `${id} is not found any more, but ${broken} cannot be read and may hold it`;
    const item = diagnostic('YamlInvalid', message, { file: broken });
    return { kind: 'broken', snapshot: snapshot.id, header: before.header, diagnostics: [item] };
  }
  const detach = before.kind === 'removed' ? before.detach : before.header.detach;
  return { kind: 'removed', snapshot: snapshot.id, detach };
}
