// What the status branch knows of a unit or an object, put together as the chain that a question follows:
// unit → phase → object → probe → values, each with the file it comes from.
import { parseLocation } from '../model/diagnostic.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { formatObjectKey } from '../model/object-key.ts';
import { splitPlacedKey, targetOfUnits } from '../model/place.ts';
import { formatUnitId, parseUnitId } from '../model/unit-id.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { RevisionRecord } from '../model/unit-memory.ts';
import { failedProbes, probesFor } from '../probes/index.ts';
import type { AvailabilityProbe, ProbeSpec } from '../probes/index.ts';
import type { UnitFacts } from './unit-facts.ts';

/** A place in the watched repository, with who touched it last where git is at hand. */
export interface Origin {
  readonly file: string;
  readonly line: number | undefined;
  readonly change: OriginChange | undefined;
}

export interface OriginChange {
  readonly commit: string;
  readonly author: string;
  /** RFC 3339. */
  readonly time: string;
  readonly subject: string;
}

/** A probe that selects an object. */
export interface ProbeExplanation {
  /** One sentence. */
  readonly text: string;
  /** Whether what holds the object up is of this probe. */
  readonly failed: boolean;
}

export interface ObjectExplanation {
  readonly object: string;
  readonly action: string;
  readonly ready: string;
  readonly messages: readonly string[];
  readonly because: readonly string[];
  readonly probes: readonly ProbeExplanation[];
  readonly origin: Origin | undefined;
  /** What the inventory says; undefined for objects that the unit does not own. */
  readonly claim: InventoryEntry | undefined;
  /** Where the object is itself a unit: why that one is not ready. */
  readonly unit: UnitExplanation | undefined;
}

export interface PhaseExplanation {
  readonly name: string;
  readonly gate: string;
  readonly objects: readonly ObjectExplanation[];
  /** Objects that the branch does not describe one by one. */
  readonly omitted: number;
}

export interface FindingExplanation {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly origin: Origin | undefined;
}

export interface UnitExplanation {
  readonly unit: UnitId;
  readonly ready: string;
  readonly reason: string;
  readonly message: string;
  readonly revision: RevisionRecord | undefined;
  /** Snapshot whose content is in force. */
  readonly commit: string;
  readonly origin: Origin | undefined;
  /** The unit that asks for this one; undefined for units of Git. */
  readonly parent: UnitId | undefined;
  /** Dependencies that are not ready. */
  readonly waitsFor: readonly UnitExplanation[];
  readonly phases: readonly PhaseExplanation[];
  readonly removals: readonly {
    readonly object: string;
    readonly state: string;
    readonly reason: string;
  }[];
  readonly findings: readonly FindingExplanation[];
}

export interface Explanation {
  readonly subject: string;
  readonly about: 'unit' | 'object';
  readonly unit: UnitExplanation;
}

export interface ExplainSources {
  /** Every unit of the branch. */
  readonly units: ReadonlyMap<UnitId, UnitFacts>;
  /** Objects of a unit's newest revision by `inventoryKey`. */
  readonly manifests: (unit: UnitFacts) => Promise<ReadonlyMap<string, Manifest>>;
  /** Who touched the file last, seen from a commit. */
  readonly lastChange: (commit: string, file: string) => Promise<OriginChange | undefined>;
}

/** A chain of units that wait for each other is followed this far. */
const MAX_DEPTH = 8;

/** Explains a whole unit: everything that holds it up, or where its objects come from when nothing does. */
export async function explainUnit(unit: UnitFacts, sources: ExplainSources): Promise<Explanation> {
  const explained = await explain(unit, { sources, only: undefined, path: [] });
  return { subject: unit.id, about: 'unit', unit: explained };
}

/** Explains one object of a unit. @param key as `inventoryKey` */
export async function explainObject(
  unit: UnitFacts,
  key: string,
  sources: ExplainSources,
): Promise<Explanation> {
  const explained = await explain(unit, { sources, only: key, path: [] });
  return { subject: key, about: 'object', unit: explained };
}

interface Walk {
  readonly sources: ExplainSources;
  /** Only this object. */
  readonly only: string | undefined;
  /** Units that led here. */
  readonly path: readonly UnitId[];
}

async function explain(unit: UnitFacts, walk: Walk): Promise<UnitExplanation> {
  const { sources } = walk;
  const block = objectAt(unit.file, 'sluice');
  const commit = stringAt(block, 'commit') ?? '';
  const below: Walk = { ...walk, only: undefined, path: [...walk.path, unit.id] };
  const isReady = stringAt(block, 'ready') === 'True';
  const deeper = walk.path.length < MAX_DEPTH;
  const waiting = isReady || walk.only !== undefined || !deeper ? [] : unmet(unit, below);
  return {
    unit: unit.id,
    ready: stringAt(block, 'ready') ?? 'Unknown',
    reason: stringAt(block, 'reason') ?? '',
    message: stringAt(block, 'message') ?? '',
    revision: unit.memory.revisions.at(-1),
    commit,
    origin: await originOf(stringAt(block, 'source'), commit, sources),
    parent: stringAt(block, 'parent'),
    waitsFor: await Promise.all(waiting.map((other) => explain(other, below))),
    phases: await explainPhases(unit, walk, below),
    removals: listAt(block, 'removals')
      .filter(isObject)
      .map((removal) => ({
        object: stringAt(removal, 'object') ?? '',
        state: stringAt(removal, 'state') ?? '',
        reason: stringAt(removal, 'reason') ?? '',
      }))
      .filter(({ object }) => walk.only === undefined || object === walk.only),
    findings: await Promise.all(
      listAt(block, 'diagnostics')
        .filter(isObject)
        .filter((item) => walk.only === undefined || item['object'] === walk.only)
        .map((item) => explainFinding(item, commit, sources)),
    ),
  };
}

/** What the unit depends on and is not ready, without those that led here. */
function unmet(unit: UnitFacts, walk: Walk): readonly UnitFacts[] {
  return unit.memory.dependsOn.flatMap((id) => {
    const other = walk.sources.units.get(id);
    if (!other || walk.path.includes(id)) return [];
    return stringAt(objectAt(other.file, 'sluice'), 'ready') === 'True' ? [] : [other];
  });
}

async function explainPhases(
  unit: UnitFacts,
  walk: Walk,
  below: Walk,
): Promise<readonly PhaseExplanation[]> {
  const block = objectAt(unit.file, 'sluice');
  const isReady = stringAt(block, 'ready') === 'True';
  const isShown = (object: JsonObject): boolean => {
    const name = stringAt(object, 'object') ?? '';
    if (walk.only !== undefined) return name === walk.only;
    return isReady || stringAt(object, 'ready') !== 'True';
  };
  const phases: PhaseExplanation[] = [];
  for (const phase of listAt(block, 'phases').filter(isObject)) {
    const gate = stringAt(phase, 'gate') ?? '';
    const objects = listAt(phase, 'objects').filter(isObject).filter(isShown);
    // What waits behind a closed gate is told by that gate.
    const told = walk.only === undefined && gate === 'waiting' ? [] : objects;
    if (walk.only !== undefined && objects.length === 0) continue;
    phases.push({
      name: stringAt(phase, 'name') ?? '',
      gate,
      objects: await explainObjects(unit, told, below),
      omitted: typeof phase['omitted'] === 'number' ? phase['omitted'] : 0,
    });
  }
  if (walk.only !== undefined && phases.length === 0) return fromInventory(unit, walk.only);
  return phases;
}

async function explainObjects(
  unit: UnitFacts,
  objects: readonly JsonObject[],
  below: Walk,
): Promise<readonly ObjectExplanation[]> {
  const open = objects.some((object) => stringAt(object, 'ready') !== 'True');
  const manifests = open ? await below.sources.manifests(unit) : new Map<string, Manifest>();
  const commit = stringAt(objectAt(unit.file, 'sluice'), 'commit') ?? '';
  return Promise.all(
    objects.map(async (object): Promise<ObjectExplanation> => {
      const key = stringAt(object, 'object') ?? '';
      const ready = stringAt(object, 'ready') ?? 'Unknown';
      const manifest = ready === 'True' ? undefined : manifests.get(key);
      const messages = texts(object, 'messages');
      const nested = ready === 'True' ? undefined : nestedUnit(unit, key, below);
      return {
        object: key,
        action: stringAt(object, 'action') ?? '',
        ready,
        messages,
        because: texts(object, 'because'),
        probes: manifest ? explainProbes(unit.memory.revisions.at(-1), manifest, messages) : [],
        origin: await originOf(stringAt(object, 'source'), commit, below.sources),
        claim: unit.memory.inventory.get(key),
        unit: nested && (await explain(nested, below)),
      };
    }),
  );
}

/** An object that the branch does not describe: all that is left is what the inventory says. */
function fromInventory(unit: UnitFacts, key: string): readonly PhaseExplanation[] {
  const claim = unit.memory.inventory.get(key);
  if (!claim) return [];
  const object: ObjectExplanation = {
    object: key,
    action: claim.claim.kind,
    ready: 'Unknown',
    messages: [],
    because: [],
    probes: [],
    origin: undefined,
    claim,
    unit: undefined,
  };
  return [{ name: claim.phase, gate: '', objects: [object], omitted: 0 }];
}

/** The unit that an object is, where a package holds packages. */
function nestedUnit(unit: UnitFacts, key: string, walk: Walk): UnitFacts | undefined {
  const ref = unit.memory.inventory.get(key)?.ref;
  const target = targetOfUnits(ref?.place);
  if (!ref || target === undefined) return undefined;
  const { group, kind, namespace, name } = ref;
  const id = formatUnitId({ target, group, kind, namespace, name });
  return walk.path.includes(id) || walk.path.length > MAX_DEPTH
    ? undefined
    : walk.sources.units.get(id);
}

async function explainFinding(
  item: JsonObject,
  commit: string,
  sources: ExplainSources,
): Promise<FindingExplanation> {
  const file = stringAt(item, 'file');
  const line = typeof item['line'] === 'number' ? item['line'] : undefined;
  return {
    severity: stringAt(item, 'severity') ?? '',
    code: stringAt(item, 'code') ?? '',
    message: stringAt(item, 'message') ?? '',
    hint: stringAt(item, 'hint'),
    origin:
      file === undefined
        ? undefined
        : { file, line, change: await sources.lastChange(commit, file) },
  };
}

async function originOf(
  source: string | undefined,
  commit: string,
  sources: ExplainSources,
): Promise<Origin | undefined> {
  if (source === undefined) return undefined;
  const { file, line } = parseLocation(source);
  return { file, line, change: await sources.lastChange(commit, file) };
}

function explainProbes(
  record: RevisionRecord | undefined,
  manifest: Manifest,
  messages: readonly string[],
): readonly ProbeExplanation[] {
  if (!record) return [];
  const specs = probesFor(record.availabilityProbes as readonly AvailabilityProbe[], manifest);
  const { failed, others } = failedProbes(specs, messages);
  const told = specs.flatMap((spec, index) =>
    probeText(spec).map((text) => ({ text, failed: failed[index] === true })),
  );
  if (!record.builtinProbes) return told;
  return [...told, { text: 'built-in readiness of its kind', failed: others.length > 0 }];
}

function probeText({ fieldsEqual, condition, cel }: ProbeSpec): readonly string[] {
  if (fieldsEqual) return [`fieldsEqual ${fieldsEqual.fieldA} = ${fieldsEqual.fieldB}`];
  if (condition) return [`condition ${condition.type} = ${condition.status}`];
  return cel ? [`cel ${cel.rule.replaceAll(/\s+/gu, ' ').trim()}`] : [];
}

function texts(object: JsonObject, field: string): readonly string[] {
  return listAt(object, field).filter((text) => typeof text === 'string');
}

/** A unit or an object as people name it, with or without the target, an object also without its group. */
export function findSubjects(
  text: string,
  units: ReadonlyMap<UnitId, UnitFacts>,
): readonly { readonly unit: UnitFacts; readonly key: string | undefined }[] {
  const name = parseUnitId(text, '');
  if (!name) return [];
  const all = [...units.values()];
  const onTarget = all.filter(({ memory }) => ['', memory.name.target].includes(name.target));
  const wanted = formatObjectKey(name);
  const asUnits = onTarget.filter(
    ({ memory }) =>
      formatUnitId({ ...memory.name, target: '' }) === formatUnitId({ ...name, target: '' }),
  );
  if (asUnits.length > 0) return asUnits.map((unit) => ({ unit, key: undefined }));
  const placed = all.flatMap((unit) =>
    objectKeys(unit).flatMap((key) => {
      const { place, key: plain } = splitPlacedKey(key);
      const where = place ?? unit.memory.name.target;
      return name.target === '' || name.target === where ? [{ unit, key, plain }] : [];
    }),
  );
  const exact = placed.filter(({ plain }) => plain === wanted);
  if (exact.length > 0 || name.group !== '') return exact;
  return placed.filter(({ plain }) => plain.replace(/^([^./]*)[^/]*/u, '$1') === wanted);
}

/** The keys of all objects that a unit tells of. */
export function objectKeys(unit: UnitFacts): readonly string[] {
  const shown = listAt(objectAt(unit.file, 'sluice'), 'phases')
    .filter(isObject)
    .flatMap((phase) => listAt(phase, 'objects').filter(isObject))
    .flatMap((object) => stringAt(object, 'object') ?? []);
  return [...new Set([...unit.memory.inventory.keys(), ...shown])];
}
