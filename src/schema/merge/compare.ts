// What changed between two states of an object, as sets of fields.
import { isObject } from '../../model/json.ts';
import type { Json } from '../../model/json.ts';
import { equalJson } from '../json-equal.ts';
import { childType, DEDUCED } from '../merge-type.ts';
import type { MergeType } from '../merge-type.ts';
import { insertPath, isEmptySet, newFieldSet, unionSets } from './field-set.ts';
import type { FieldPath, FieldSet, FieldSetBuilder } from './field-set.ts';
import { fieldElement } from './field-path.ts';
import { entriesOf, formOf, itemType, objectOf } from './shape.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

interface Building {
  readonly added: FieldSetBuilder;
  readonly removed: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
}

interface Pair {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Compares two values of one type. A container that appears or goes is a member besides all that is in it. */
export function compareFields(type: MergeType, before: Json, after: Json): Comparison {
  const out: Building = {
    added: newFieldSet(),
    removed: newFieldSet(),
    modified: newFieldSet(),
  };
  walk(out, [], type, { before, after });
  return out;
}

export function isSame(comparison: Comparison): boolean {
  return (
    isEmptySet(comparison.added) &&
    isEmptySet(comparison.removed) &&
    isEmptySet(comparison.modified)
  );
}

/** Fields whose value is new. */
export function changedFields(comparison: Comparison): FieldSet {
  return unionSets(comparison.added, comparison.modified);
}

function walk(out: Building, path: FieldPath, type: MergeType, pair: Pair): void {
  const { before, after } = pair;
  if (before === after) return;
  const form = formOf(type, before, after);
  if (form === 'leaf' || (isVoid(before) && isVoid(after)) || !fits(form, before, after)) {
    leaf(out, path, pair);
    return;
  }
  if (form === 'object') {
    const left = objectOf(before);
    const right = objectOf(after);
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const below = {
        before: Object.hasOwn(left, key) ? left[key] : undefined,
        after: Object.hasOwn(right, key) ? right[key] : undefined,
      };
      walk(out, [...path, fieldElement(key)], childType(type, key) ?? DEDUCED, below);
    }
  } else {
    const left = new Map(entriesOf(type, before).map((entry) => [entry.element, entry.value]));
    const right = new Map(entriesOf(type, after).map((entry) => [entry.element, entry.value]));
    for (const element of new Set([...left.keys(), ...right.keys()])) {
      const below = { before: left.get(element), after: right.get(element) };
      walk(out, [...path, element], itemType(type), below);
    }
  }
  if (before === undefined) insertPath(out.added, path);
  else if (after === undefined) insertPath(out.removed, path);
}

function leaf(out: Building, path: FieldPath, { before, after }: Pair): void {
  if (before === undefined) insertPath(out.added, path);
  else if (after === undefined) insertPath(out.removed, path);
  else if (!equalJson(before, after)) insertPath(out.modified, path);
}

/** Nothing to walk into; kept apart from absent, so that null, empty and absent stay different. */
function isVoid(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** A value of another form than its counterpart (a list where there was an object) is compared as a whole. */
function fits(form: 'object' | 'list', ...values: readonly (Json | undefined)[]): boolean {
  return values.every(
    (value) =>
      value === undefined ||
      value === null ||
      (form === 'object' ? isObject(value) : Array.isArray(value)),
  );
}
