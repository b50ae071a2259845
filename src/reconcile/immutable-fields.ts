// Edits of fields that an API calls immutable: Git cannot refuse a push, so they are found when a snapshot is read.
import { admit } from '../api/admission.ts';
import { changesSince, immutableDigests } from '../api/immutability.ts';
import type { ImmutableDigests } from '../api/immutability.ts';
import { findApiKind } from '../api/index.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Unit } from '../render/unit.ts';
import type { SchemaValidator } from '../schema/index.ts';

/** Digests of the unit's immutable fields; undefined where its kind has none. */
export function immutableFieldsOf(
  unit: Unit,
  validator: SchemaValidator,
): ImmutableDigests | undefined {
  const [document] = unit.documents;
  const kind = document && findApiKind(document.manifest.apiVersion, document.manifest.kind);
  if (!kind || kind.kind !== unit.name.kind || kind.immutable.length === 0) return undefined;
  const { object, problems } = admit(kind, document.manifest, validator);
  // A wrong document is told as such; what it would change is not known.
  return problems.some(({ severity }) => severity === 'error')
    ? undefined
    : immutableDigests(kind, object);
}

/** One ImmutableField per edited field, at its place in the file. */
export function editedFields(
  unit: Unit,
  now: ImmutableDigests | undefined,
  accepted: ImmutableDigests | undefined,
): readonly Diagnostic[] {
  if (!now || !accepted) return [];
  const [document] = unit.documents;
  return changesSince(accepted, now).map(({ path, message }) => {
    const text = `${path.join('.')}: ${message}; the last accepted object stays in force`;
    return diagnostic('ImmutableField', text, document ? document.locate(path) : unit.source);
  });
}

/** The same between two states of a repository, for a look before the merge. */
export function editsBetween(
  before: readonly Unit[],
  after: readonly Unit[],
  validator: SchemaValidator,
): readonly Diagnostic[] {
  const known = new Map(before.map((unit) => [unit.id, unit]));
  return after.flatMap((unit) => {
    const old = known.get(unit.id);
    if (!old) return [];
    return editedFields(
      unit,
      immutableFieldsOf(unit, validator),
      immutableFieldsOf(old, validator),
    );
  });
}
