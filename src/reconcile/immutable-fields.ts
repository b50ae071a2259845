// Edits of fields that an API calls immutable: Git cannot refuse a push, so they are found when a snapshot is read.
import { admit } from '../api/admission.ts';
import { changesSince, contentDigest, immutableDigests } from '../api/immutability.ts';
import type { ImmutableDigests } from '../api/immutability.ts';
import { findApiKind } from '../api/index.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isObject, listAt, objectAt } from '../model/json.ts';
import { sliceKey } from '../render/document-unit.ts';
import type { Unit, UnitDocument } from '../render/unit.ts';
import type { SchemaValidator } from '../schema/index.ts';

/** What tells the immutable fields of a unit. */
export interface FieldContext {
  readonly validator: SchemaValidator;
  /** Of the discovery, by `sliceKey`. */
  readonly slices: ReadonlyMap<string, UnitDocument>;
}

/** Before the name of a slice, where the other digests have the path of a field. */
const SLICE = 'slice ';

/** Digests of the unit's immutable fields and of the slices that they name; undefined where its kind has none. */
export function immutableFieldsOf(
  unit: Unit,
  { validator, slices }: FieldContext,
): ImmutableDigests | undefined {
  const [document] = unit.documents;
  const kind = document && findApiKind(document.manifest.apiVersion, document.manifest.kind);
  if (!kind || kind.kind !== unit.name.kind || kind.immutable.length === 0) return undefined;
  const { object, problems } = admit(kind, document.manifest, validator);
  // A wrong document is told as such; what it would change is not known.
  if (problems.some(({ severity }) => severity === 'error')) return undefined;
  return { ...immutableDigests(kind, object), ...sliceDigests(unit, slices) };
}

/** `objects` of a slice is immutable: what a set's phases name by it cannot change either (package-operator §7). */
function sliceDigests(unit: Unit, slices: FieldContext['slices']): ImmutableDigests {
  const phases = listAt(objectAt(unit.documents[0]?.manifest, 'spec'), 'phases').filter(isObject);
  const names = phases.flatMap((phase) => listAt(phase, 'slices')).map(String);
  return Object.fromEntries(
    names.flatMap((name) => {
      const slice = slices.get(sliceKey(unit.target, unit.namespace, name));
      return slice ? [[`${SLICE}${name}`, contentDigest(slice.manifest, 'objects')]] : [];
    }),
  );
}

/** One ImmutableField per edited field, at its place in the file. */
export function editedFields(
  unit: Unit,
  now: ImmutableDigests | undefined,
  accepted: ImmutableDigests | undefined,
  slices: FieldContext['slices'],
): readonly Diagnostic[] {
  if (!now || !accepted) return [];
  const [document] = unit.documents;
  return changesSince(accepted, now).map(({ field, path, message }) => {
    if (field.startsWith(SLICE)) {
      return editedSlice(unit, slices, field.slice(SLICE.length));
    }
    const text = `${path.join('.')}: ${message}; the last accepted object stays in force`;
    return diagnostic('ImmutableField', text, document ? document.locate(path) : unit.source);
  });
}

function editedSlice(unit: Unit, slices: FieldContext['slices'], name: string): Diagnostic {
  const slice = slices.get(sliceKey(unit.target, unit.namespace, name));
  const message = `ObjectSlice ${name}: objects is immutable; the last accepted objects stay in force`;
  const hint = 'Take the edit back, or make a new set with a slice of another name.';
  return diagnostic('ImmutableField', message, {
    ...(slice ? slice.locate(['objects']) : unit.source),
    hint,
  });
}

/** The units and slices of one state of a repository. */
interface RepositoryState {
  readonly units: readonly Unit[];
  readonly slices: FieldContext['slices'];
}

/** The same between two states of a repository, for a look before the merge. */
export function editsBetween(
  before: RepositoryState,
  after: RepositoryState,
  validator: SchemaValidator,
): readonly Diagnostic[] {
  const known = new Map(before.units.map((unit) => [unit.id, unit]));
  return after.units.flatMap((unit) => {
    const old = known.get(unit.id);
    if (!old) return [];
    return editedFields(
      unit,
      immutableFieldsOf(unit, { validator, slices: after.slices }),
      immutableFieldsOf(old, { validator, slices: before.slices }),
      after.slices,
    );
  });
}
