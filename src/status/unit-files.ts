// Writes one unit's part of the status branch: unit.yaml, inventory.yaml and the records of its revisions.
import { writeManifest } from '../lang/yaml/index.ts';
import type { DesiredObject, DesiredState } from '../model/desired.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import { inventoryKey, sortedEntries } from '../model/inventory.ts';
import type { Inventory, InventoryEntry } from '../model/inventory.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { formatObjectKey } from '../model/object-key.ts';
import type { ObjectRef } from '../model/object-key.ts';
import { withoutSluiceKeys } from '../model/owner-marker.ts';
import { shownManifest } from '../model/secrecy.ts';
import { FOLDER_KIND } from '../model/unit-id.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { RevisionRecord } from '../model/unit-memory.ts';
import { escapeSegment } from './paths.ts';
import type { ObjectReport, PhaseReport, UnitReport } from './report.ts';

export const STATUS_API_VERSION = 'sluice.dev/v1alpha1';

/** At most this many objects of a unit are described one by one, those that are not ready first. */
export const MAX_OBJECTS_IN_DETAIL = 200;

/** A phase file is cut into slices of about this many bytes. */
const SLICE_BYTES = 1_000_000;

/** `unit.yaml` */
export function unitFile(report: UnitReport): string {
  const { name } = report;
  const metadata: JsonObject =
    name.kind === FOLDER_KIND
      ? { name: name.name }
      : { name: name.name, ...(name.namespace === '' ? {} : { namespace: name.namespace }) };
  return writeManifest({
    apiVersion: report.apiVersion ?? STATUS_API_VERSION,
    kind: name.kind,
    metadata,
    status: reportStatus(report),
    sluice: sluiceBlock(report),
  });
}

/** `object.yaml`: what another unit asks for, so that a restart knows the unit before its parent gets there. */
export function objectFile(object: Manifest, parent: UnitId, source: Location): string {
  return writeManifest({ ...object, sluice: { parent, source: locationText(source) } });
}

/** `inventory.yaml` */
export function inventoryFile(unit: UnitId, inventory: Inventory): string {
  return writeManifest({
    apiVersion: STATUS_API_VERSION,
    kind: 'Inventory',
    unit,
    entries: sortedEntries(inventory).map(entryJson),
  });
}

/** `revisions/<n>/revision.yaml` */
export function revisionFile(unit: UnitId, record: RevisionRecord): string {
  return writeManifest({
    apiVersion: STATUS_API_VERSION,
    kind: 'Revision',
    unit,
    number: record.number,
    hash: record.hash,
    commit: record.commit,
    state: record.state,
    available: record.available,
    succeeded: record.succeeded,
    ...(record.changeCause === undefined ? {} : { changeCause: record.changeCause }),
    phases: record.phases.map(({ name, objects, remote }) => ({
      name,
      objects,
      ...(remote === undefined ? {} : { remote }),
    })),
    availabilityProbes: record.availabilityProbes.map(({ selector, probes }) => ({
      selector,
      probes,
    })),
    builtinProbes: record.builtinProbes,
    ...(record.again === undefined ? {} : { again: record.again }),
    ...(record.collisionCount === undefined ? {} : { collisionCount: record.collisionCount }),
    ...(record.previous === undefined ? {} : { previous: record.previous }),
    ...(record.availableSince === undefined ? {} : { availableSince: record.availableSince }),
    ...(record.closed === undefined ? {} : { closed: { ...record.closed } }),
    ...(record.immutableFields === undefined ? {} : { immutableFields: record.immutableFields }),
  });
}

/** `revisions/<n>/phases/<nn>-<phase>[.<slice>].yaml` with the rendered objects, secret leaves taken out. */
export function phaseFiles(desired: DesiredState): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [index, phase] of desired.phases.entries()) {
    const base = `phases/${String(index).padStart(2, '0')}-${escapeSegment(phase.name)}`;
    for (const [slice, text] of slices(phase.objects).entries()) {
      files.set(slice === 0 ? `${base}.yaml` : `${base}.${slice}.yaml`, text);
    }
  }
  return files;
}

function slices(objects: readonly DesiredObject[]): readonly string[] {
  const out: string[] = [];
  let current = '';
  for (const object of objects) {
    const text = writeManifest(withoutSluiceKeys(shownManifest(object)));
    if (current !== '' && current.length + text.length > SLICE_BYTES) {
      out.push(current);
      current = '';
    }
    current += current === '' ? text : `---\n${text}`;
  }
  if (current !== '') out.push(current);
  return out;
}

/** `status` as the API of the unit's kind defines it. */
export function reportStatus(report: UnitReport): JsonObject {
  return {
    ...report.apiStatus,
    conditions: report.conditions.map((condition) => ({ ...condition })),
  };
}

function sluiceBlock(report: UnitReport): JsonObject {
  const phases = limitDetail(report.phases);
  return {
    unit: report.id,
    commit: report.commit,
    ...(report.source ? { source: locationText(report.source) } : {}),
    ...(report.parent === undefined ? {} : { parent: report.parent }),
    ready: report.ready,
    reason: report.reason,
    message: report.message,
    ...(report.dependsOn.length === 0 ? {} : { dependsOn: report.dependsOn }),
    ...(report.unpackedHash === undefined ? {} : { unpackedHash: report.unpackedHash }),
    phases: phases.map(phaseJson),
    ...(report.removals.length === 0
      ? {}
      : {
          removals: report.removals.slice(0, MAX_OBJECTS_IN_DETAIL).map((removal) => ({
            object: inventoryKey(removal.ref),
            state: removal.state,
            reason: removal.reason,
          })),
        }),
    revisions: report.revisions.map((revision) => ({
      number: revision.number,
      hash: revision.hash,
      commit: revision.commit,
      state: revision.state,
      ...(revision.changeCause === undefined ? {} : { changeCause: revision.changeCause }),
    })),
    ...(report.diagnostics.length === 0
      ? {}
      : { diagnostics: report.diagnostics.map(diagnosticJson) }),
  };
}

function phaseJson(phase: PhaseReport & { readonly omitted: number }): JsonObject {
  return {
    name: phase.name,
    gate: phase.gate,
    objects: phase.objects.map((object) => ({
      object: inventoryKey(object.ref),
      action: object.action,
      ready: object.ready,
      ...(object.messages.length === 0 ? {} : { messages: object.messages }),
      ...(object.because.length === 0 ? {} : { because: object.because }),
      source: locationText(object.source),
    })),
    ...(phase.omitted === 0 ? {} : { omitted: phase.omitted }),
  };
}

/** Keeps the most telling objects: not ready ones first, in the order of the phases. */
function limitDetail(
  phases: readonly PhaseReport[],
): readonly (PhaseReport & { readonly omitted: number })[] {
  const total = phases.reduce((sum, phase) => sum + phase.objects.length, 0);
  if (total <= MAX_OBJECTS_IN_DETAIL) return phases.map((phase) => ({ ...phase, omitted: 0 }));
  const all = phases.flatMap((phase) => phase.objects);
  const kept = new Set<ObjectReport>(
    [
      ...all.filter((object) => object.ready !== 'True'),
      ...all.filter((object) => object.ready === 'True'),
    ].slice(0, MAX_OBJECTS_IN_DETAIL),
  );
  return phases.map((phase) => {
    const objects = phase.objects.filter((object) => kept.has(object));
    return { ...phase, objects, omitted: phase.objects.length - objects.length };
  });
}

export function diagnosticJson(item: Diagnostic): JsonObject {
  return {
    code: item.code,
    severity: item.severity,
    message: item.message,
    ...(item.object ? { object: formatObjectKey(item.object) } : {}),
    ...(item.file === undefined ? {} : { file: item.file }),
    ...(item.line === undefined ? {} : { line: item.line }),
    ...(item.column === undefined ? {} : { column: item.column }),
    ...(item.hint === undefined ? {} : { hint: item.hint }),
  };
}

function entryJson(entry: InventoryEntry): JsonObject {
  const { ref, claim } = entry;
  return {
    ...refJson(ref),
    ...(ref.place === undefined ? {} : { place: ref.place }),
    target: entry.targetIdentity,
    claim: claim.kind,
    ...(claim.kind === 'applied' ? { uid: claim.uid } : {}),
    revision: entry.revision,
    phase: entry.phase,
    phaseIndex: entry.phaseIndex,
    ...(entry.from === undefined ? {} : { from: entry.from }),
    ...(entry.handle === undefined ? {} : { handle: entry.handle }),
    ...(entry.step === undefined ? {} : { step: entry.step }),
    ...(entry.keep === true ? { keep: true } : {}),
    ...(entry.leaving === true ? { leaving: true } : {}),
    ...(entry.propagation === undefined ? {} : { propagation: entry.propagation }),
    ...(entry.gracePeriodSeconds === undefined
      ? {}
      : { gracePeriodSeconds: entry.gracePeriodSeconds }),
  };
}

function refJson(ref: ObjectRef): Record<string, Json> {
  return {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    ...(ref.namespace === '' ? {} : { namespace: ref.namespace }),
    name: ref.name,
  };
}

function locationText(location: Location): string {
  return location.line === undefined ? location.file : `${location.file}:${location.line}`;
}
