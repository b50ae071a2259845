// Two recorded revisions compared object by object. Pure.
import { canonicalJson } from '../lib/canonical-json.ts';
import type { Json } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { RevisionRecord } from '../model/unit-memory.ts';
import type { FieldChange } from '../plan/field-change.ts';
import { compareObjects } from '../plan/object-change.ts';
import { listKeysOf } from '../schema/index.ts';

export interface RecordedRevision {
  readonly record: RevisionRecord;
  /** By the keys of the record. */
  readonly manifests: ReadonlyMap<string, Manifest>;
}

export interface ObjectDifference {
  readonly object: string;
  readonly op: 'add' | 'change' | 'remove' | 'move';
  /** Phase in the newer revision; the older one's for objects that went. */
  readonly phase: string;
  /** Where it was in another phase before. */
  readonly phaseBefore: string | undefined;
  readonly changes: readonly FieldChange[];
}

export interface RevisionDifference {
  readonly unit: UnitId;
  readonly from: RevisionRecord;
  readonly to: RevisionRecord;
  /** In the phase order of the newer revision, then what went, last phase first. */
  readonly objects: readonly ObjectDifference[];
  readonly unchanged: number;
  /** Whether what holds the gates differs. */
  readonly probesChanged: boolean;
}

/** What has to happen to the older revision to make the newer one of it. */
export function compareRevisions(
  unit: UnitId,
  before: RecordedRevision,
  after: RecordedRevision,
): RevisionDifference {
  const phasesBefore = phaseOf(before.record);
  const phasesAfter = phaseOf(after.record);
  const objects: ObjectDifference[] = [];
  for (const [object, phase] of phasesAfter) {
    const phaseBefore = phasesBefore.get(object);
    const manifest = after.manifests.get(object) ?? NOTHING;
    if (phaseBefore === undefined) {
      const changes = compareObjects({}, manifest, noKeys);
      objects.push({ object, op: 'add', phase, phaseBefore, changes });
      continue;
    }
    const old = before.manifests.get(object) ?? NOTHING;
    const { apiVersion, kind } = manifest;
    const changes = compareObjects(old, manifest, (path) => listKeysOf(apiVersion, kind, path));
    const moved = phaseBefore === phase ? undefined : phaseBefore;
    if (changes.length === 0 && moved === undefined) continue;
    const op = changes.length === 0 ? 'move' : 'change';
    objects.push({ object, op, phase, phaseBefore: moved, changes });
  }
  for (const [object, phase] of [...phasesBefore].toReversed()) {
    if (phasesAfter.has(object)) continue;
    objects.push({ object, op: 'remove', phase, phaseBefore: undefined, changes: [] });
  }
  const kept = [...phasesAfter.keys()].filter((object) => phasesBefore.has(object));
  const changed = objects.filter(({ op }) => op === 'change' || op === 'move').length;
  return {
    unit,
    from: before.record,
    to: after.record,
    objects,
    unchanged: kept.length - changed,
    probesChanged: gates(before.record) !== gates(after.record),
  };
}

const NOTHING: Manifest = { apiVersion: '', kind: '', metadata: {} };

function noKeys(): undefined {
  return undefined;
}

function phaseOf(record: RevisionRecord): ReadonlyMap<string, string> {
  return new Map(
    record.phases.flatMap(({ name, objects }) => objects.map((object) => [object, name] as const)),
  );
}

function gates({ availabilityProbes, builtinProbes }: RevisionRecord): string {
  const probes = availabilityProbes.map(({ selector, probes: list }): Json => ({
    selector,
    probes: list,
  }));
  return canonicalJson({ probes, builtinProbes });
}
