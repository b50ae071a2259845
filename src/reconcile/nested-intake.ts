// Reads the units that other units ask for: from the registries while an instance runs, else as the renders ask for them.
import { findApiKind } from '../api/index.ts';
import type { DesiredObject, DesiredState } from '../model/desired.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import { isObject } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { MARKER } from '../model/annotations.ts';
import { annotationOf, labelsOf, withAnnotations, withLabels } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import { PLACEHOLDER, REDACTED, redact, scrub } from '../model/secrecy.ts';
import type { UnitId } from '../model/unit-id.ts';
import { createNestedUnits } from '../render/index.ts';
import type { NestedContext, Unit, UnitDocument } from '../render/index.ts';
import { sliceKey } from '../render/document-unit.ts';
import type { AppliedUnit, NestedUnits } from './nested-units.ts';
import { expandUnits } from './nested-expansion.ts';
import { nestedObjects, unitOfObject } from './nesting.ts';
import type { NestedHeader, UnitWork } from './unit-state.ts';

export type NestedSource = Pick<NestedUnits, 'version' | 'objects'> & {
  /** Everything that revisions of a unit want, as far as it is known. */
  readonly desiredBy: (unit: UnitId) => readonly DesiredState[];
  /** Whether anything is known of a unit. */
  readonly exists: (unit: UnitId) => boolean;
};

/** What a unit that another one asks for is read with. */
export interface NestedInput {
  readonly header: NestedHeader;
  /** Values of Secrets that its parent has put into the object. */
  readonly secrets: readonly string[];
  readonly incomplete: boolean;
}

export interface NestedReading {
  readonly parentOf: ReadonlyMap<UnitId, UnitId>;
  /** Objects on their way out, by unit. */
  readonly leaving: ReadonlyMap<UnitId, AppliedUnit>;
  /** Objects that their parent does not want any more and that Git defines now. */
  readonly handedOver: readonly AppliedUnit[];
  /** Units whose parent does not want them any more: trouble of theirs holds nothing up. */
  readonly unwanted: ReadonlySet<UnitId>;
  readonly diagnostics: readonly Diagnostic[];
}

export interface NestedReader {
  /** Work of the units read so far. */
  readonly workOf: (unit: UnitId) => UnitWork | undefined;
  /** All of them. */
  readonly works: () => Iterable<readonly [UnitId, UnitWork]>;
  readonly read: (
    unit: Unit,
    input: NestedInput,
    slices: ReadonlyMap<string, UnitDocument>,
  ) => Promise<void>;
  /** Objects as the status branch may keep them, by identity: kept, because secrets of the past cannot be told later. */
  readonly recorded: Map<string, Manifest>;
}

/** Reads every unit that is asked for, parents before what they ask for. */
export async function readNestedUnits(
  source: NestedSource | undefined,
  context: NestedContext,
  reader: NestedReader,
): Promise<NestedReading> {
  const reading = {
    parentOf: new Map<UnitId, UnitId>(),
    leaving: new Map<UnitId, AppliedUnit>(),
    handedOver: [] as AppliedUnit[],
    unwanted: new Set<UnitId>(),
    diagnostics: [] as Diagnostic[],
  };
  const slices = new Map(context.discovery.slices);
  const applied = source?.objects() ?? [];
  const asked = new Set(applied.map(({ id }) => id));
  forget(reader.recorded, new Set(applied.map(identityOf)));
  const read = (batch: readonly AppliedUnit[]): Promise<void> =>
    readObjects(batch, { source, context, reader, slices, others: asked });
  if (!source) {
    // Without an instance there is no registry: what renders ask for is taken as applied.
    const { parentOf } = reading;
    const isRead = (id: UnitId): boolean => reader.workOf(id) !== undefined || parentOf.has(id);
    await expandUnits({ works: reader.works, isRead, parentOf, read });
    return reading;
  }
  const defined = new Map(context.discovery.units.map((unit) => [unit.id, unit]));
  let left = applied.filter((unit) => {
    if (unit.parent !== undefined) reading.parentOf.set(unit.id, unit.parent);
    // Nobody is left who could ask for it, or take it away.
    const isLost =
      unit.parent !== undefined &&
      !source.exists(unit.parent) &&
      !asked.has(unit.parent) &&
      !reader.workOf(unit.parent);
    if (unit.leaving === 'no' && !isLost) return true;
    if (defined.has(unit.id)) handOver(unit, reading);
    else reading.leaving.set(unit.id, unit);
    return false;
  });
  while (left.length > 0) {
    const waiting = new Set(left.map(({ id }) => id));
    const ready = left.filter(({ parent, id }) => {
      return parent === undefined || parent === id || !waiting.has(parent);
    });
    // Units that ask for each other wait in a circle; what they ask for is refused afterwards.
    const batch = ready.length > 0 ? ready : left;
    const kept = batch.filter((unit) => {
      const git = defined.get(unit.id);
      const isWanted = wants(unit, reader);
      if (!isWanted) reading.unwanted.add(unit.id);
      if (!git) return true;
      if (isWanted) reading.diagnostics.push(claimedByParent(unit, git));
      else handOver(unit, reading);
      return isWanted;
    });
    await read(kept);
    left = left.filter((unit) => !batch.includes(unit));
  }
  return reading;
}

/** Reads one unit per object of a batch. @param options.slices grows with the slices among them */
export async function readObjects(
  batch: readonly AppliedUnit[],
  options: {
    readonly source: NestedSource | undefined;
    readonly context: NestedContext;
    readonly reader: NestedReader;
    readonly slices: Map<string, UnitDocument>;
    /** Further units that may be depended on. */
    readonly others: Iterable<UnitId>;
  },
): Promise<void> {
  const { source, context, reader, slices, others } = options;
  for (const unit of batch) noteSlice(unit, slices);
  const chosen = new Map(batch.map((unit) => [unit.id, unit]));
  const objects = [...chosen.values()].map((unit) => ({
    manifest: unit.manifest,
    target: unit.target,
    source: sourceOf(unit, reader),
    identity: identityOf(unit),
  }));
  const discovery = { ...context.discovery, slices };
  const units = createNestedUnits(objects, { ...context, discovery, others });
  await Promise.all(
    units.map(async (unit) => {
      const applied = chosen.get(unit.id);
      if (applied) await reader.read(unit, inputOf(applied, source, reader), slices);
    }),
  );
}

/** Git defines the unit from now on: the object is dropped, and nothing of the unit goes with it. */
function handOver(
  unit: AppliedUnit,
  reading: { readonly parentOf: Map<UnitId, UnitId>; readonly handedOver: AppliedUnit[] },
): void {
  reading.parentOf.delete(unit.id);
  reading.handedOver.push(unit);
}

function forget(recorded: Map<string, Manifest>, used: ReadonlySet<string>): void {
  for (const identity of recorded.keys()) if (!used.has(identity)) recorded.delete(identity);
}

function noteSlice(unit: AppliedUnit, slices: Map<string, UnitDocument>): void {
  const { manifest, target } = unit;
  if (findApiKind(manifest.apiVersion, manifest.kind)?.role !== 'part') return;
  const { namespace = '', name = '' } = manifest.metadata;
  const where = unit.source ?? { file: '' };
  slices.set(sliceKey(target, namespace, name), { manifest, source: where, locate: () => where });
}

/** What the newest content of the parent says of the object. */
function askedFor(unit: AppliedUnit, reader: NestedReader): DesiredObject | undefined {
  const work = unit.parent === undefined ? undefined : reader.workOf(unit.parent);
  return work && nestedObjects(work).find(({ ref }) => unitOfObject(ref) === unit.id);
}

/** A parent that cannot be rendered wants what it has. */
function wants(unit: AppliedUnit, reader: NestedReader): boolean {
  const work = unit.parent === undefined ? undefined : reader.workOf(unit.parent);
  return work?.kind === 'broken' || askedFor(unit, reader) !== undefined;
}

function sourceOf(unit: AppliedUnit, reader: NestedReader): Location {
  const work = unit.parent === undefined ? undefined : reader.workOf(unit.parent);
  const above = work && work.kind !== 'removed' ? work.header.source : undefined;
  return askedFor(unit, reader)?.source ?? unit.source ?? above ?? { file: '' };
}

function inputOf(
  unit: AppliedUnit,
  source: NestedSource | undefined,
  reader: NestedReader,
): NestedInput {
  const secrets = secretsIn(unit, source, reader);
  const identity = identityOf(unit);
  const object = reader.recorded.get(identity) ?? recordedObject(unit, secrets);
  reader.recorded.set(identity, object);
  return {
    header: { parent: unit.parent ?? '', generation: unit.generation, object },
    secrets,
    incomplete: unit.incomplete,
  };
}

/** Values of Secrets that any revision of the parent may have put into the object. */
function secretsIn(
  unit: AppliedUnit,
  source: NestedSource | undefined,
  reader: NestedReader,
): readonly string[] {
  const newest = askedFor(unit, reader);
  const known = unit.parent === undefined ? [] : (source?.desiredBy(unit.parent) ?? []);
  const older = known.flatMap(({ phases }) =>
    phases.flatMap(({ objects }) => objects.filter(({ ref }) => unitOfObject(ref) === unit.id)),
  );
  const objects = newest ? [newest, ...older] : older;
  return [...new Set(objects.flatMap(({ secrecy }) => secrecy?.values ?? []))];
}

/** The documents with placeholders in the place of what the parent took from a Secret. */
export function withoutInherited(unit: Unit, secrets: readonly string[]): readonly UnitDocument[] {
  return unit.documents.map((document) => ({
    ...document,
    manifest: scrubbed(document.manifest, secrets, PLACEHOLDER) as unknown as Manifest,
  }));
}

function recordedObject(unit: AppliedUnit, secrets: readonly string[]): Manifest {
  const { object, manifest } = unit;
  const shown = scrubbed(redact(manifest), secrets) as unknown as Manifest;
  const { uid, generation, creationTimestamp } = object.metadata;
  const server = { uid, generation, creationTimestamp };
  const marked = withLabels(
    withAnnotations(shown, {
      [MARKER.owner]: annotationOf(object, MARKER.owner),
      [MARKER.revision]: annotationOf(object, MARKER.revision),
    }),
    { [MARKER.instanceLabel]: labelsOf(object)[MARKER.instanceLabel] },
  );
  return { ...marked, metadata: { ...marked.metadata, ...server } };
}

function scrubbed(value: Json, secrets: readonly string[], instead = REDACTED): Json {
  if (secrets.length === 0) return value;
  if (typeof value === 'string') return scrub(value, secrets, instead);
  if (Array.isArray(value)) return value.map((item: Json) => scrubbed(item, secrets, instead));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    return [
      scrub(key, secrets, instead),
      item === undefined ? undefined : scrubbed(item, secrets, instead),
    ] as const;
  });
  return Object.fromEntries(entries) as JsonObject;
}

function identityOf({ id, object, generation }: AppliedUnit): string {
  return `${id} ${String(object.metadata['uid'] ?? '')} ${generation}`;
}

function claimedByParent(unit: AppliedUnit, git: Unit): Diagnostic {
  const message = `${unit.id} is asked for by ${unit.parent ?? 'another unit'}, which has it and keeps it`;
  return diagnostic('ObjectClaimed', message, git.source);
}
