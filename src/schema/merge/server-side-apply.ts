// Server-side apply and what other writes do to ownership, as pure functions of the stored object.
import { isObject, objectAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { equalJson } from '../json-equal.ts';
import type { MergeType } from '../merge-type.ts';
import { withKey } from '../plain-object.ts';
import { changedFields, compareFields, isSame } from './compare.ts';
import type { Comparison } from './compare.ts';
import {
  EMPTY_SET,
  intersectSets,
  isEmptySet,
  pathsOf,
  subtractSets,
  subtractTrees,
  unionSets,
} from './field-set.ts';
import type { FieldPath, FieldSet } from './field-set.ts';
import { formatPath } from './field-path.ts';
import {
  describeManager,
  readManagedFields,
  sameManager,
  writeManagedFields,
} from './managed-fields.ts';
import type { ManagedEntry, ManagerId } from './managed-fields.ts';
import { mergeValues } from './merge-values.ts';
import { fieldsIn, ownableFields, withNamedAncestors } from './owned-fields.ts';
import { removeFields } from './remove-fields.ts';

export interface WriteContext {
  readonly type: MergeType;
  readonly by: ManagerId;
  /** RFC 3339 time of the write. */
  readonly now: string;
  /** Fields that this write cannot touch, with all below them (`status` for the object itself). */
  readonly ignored?: FieldSet;
}

export interface ConflictingField {
  /** As in `.spec.replicas`. */
  readonly field: string;
  readonly manager: string;
  /** `conflict with "hand" using v1` */
  readonly message: string;
}

export type ApplyOutcome =
  | { readonly kind: 'merged'; readonly object: JsonObject }
  | {
      readonly kind: 'conflict';
      readonly conflicts: readonly ConflictingField[];
      readonly message: string;
    };

/**
 * Applies configuration for one manager: its fields win, fields it applied before and leaves out now go,
 * unless another manager owns them too.
 * @param live the stored object, with its managedFields; for a create the bare identity of the object
 * @param config what the manager wants; must not hold managedFields
 * @param force take fields from other managers instead of reporting a conflict
 */
export function applyConfiguration(
  live: JsonObject,
  config: JsonObject,
  context: WriteContext & { readonly force: boolean },
): ApplyOutcome {
  const { type, by } = context;
  const before = readManagedFields(live);
  const bare = withoutManagedFields(live);
  const wanted = usable(config, context);
  const named = fieldsIn(type, wanted);
  const fields = ownableFields(named);
  const previous = before.find((entry) => sameManager(entry, by));
  const last = previous?.fields ?? EMPTY_SET;
  const others = before.filter((entry) => !sameManager(entry, by));
  const owned = others.reduce((all, entry) => unionSets(all, entry.fields), named);
  const merged = mergeValues(type, bare, wanted);
  const given = subtractSets(withNamedAncestors(type, last), withNamedAncestors(type, owned));
  const kept = removeFields(type, merged, given);
  const next = isObject(kept) ? kept : {};
  const comparison = compareFields(type, bare, next);
  const contested = ownableFields(changedFields(comparison));
  if (!context.force) {
    const conflicts = others.flatMap((entry) => conflictsWith(entry, contested));
    if (conflicts.length > 0) {
      return { kind: 'conflict', conflicts, message: conflictMessage(conflicts) };
    }
  }
  const entries = [
    ...releaseFields(others, comparison, contested),
    // A write that changes nothing leaves no time: the entry says since when its fields are as they are.
    { ...by, fields, time: isSame(comparison) ? previous?.time : context.now },
  ];
  return { kind: 'merged', object: withManagedFields(next, entries) };
}

/**
 * Records a put, patch or create: the writer owns what it changed and nobody else does any more.
 * @param live the object before, with its managedFields
 * @param next the object after; its own managedFields are not looked at
 */
export function recordUpdate(
  live: JsonObject,
  next: JsonObject,
  context: WriteContext,
): JsonObject {
  const { type, by } = context;
  const before = entriesBefore(live, next, context);
  const bare = withoutManagedFields(next);
  const comparison = compareFields(type, withoutManagedFields(live), bare);
  const gained = touched(context, changedFields(comparison));
  const previous = before.find((entry) => sameManager(entry, by));
  const others = before.filter((entry) => !sameManager(entry, by));
  const entries = [...releaseFields(others, comparison, gained)];
  if (!isEmptySet(gained) || previous) {
    const kept = subtractSets(previous?.fields ?? EMPTY_SET, comparison.removed);
    const time = isEmptySet(gained) ? previous?.time : context.now;
    entries.push({ ...by, fields: unionSets(kept, gained), time });
  }
  return withManagedFields(bare, entries);
}

/**
 * The entries that an update starts from: its own, where it brings some. An empty list, or one of an empty entry,
 * resets them; what cannot be read, and a write to a subresource, changes nothing (apimachinery, managedfields).
 */
function entriesBefore(
  live: JsonObject,
  next: JsonObject,
  { by }: WriteContext,
): readonly ManagedEntry[] {
  const given = objectAt(next, 'metadata')['managedFields'];
  if (by.subresource === '' && Array.isArray(given)) {
    const [first] = given as readonly Json[];
    const isReset = isObject(first) && Object.keys(first).length === 0;
    if (given.length === 0 || (given.length === 1 && isReset)) return [];
    const entries = readManagedFields(next);
    if (entries.length > 0) return entries;
  }
  return readManagedFields(live);
}

/** Whether two states of an object differ in anything but bookkeeping of the server. */
export function sameContent(a: JsonObject, b: JsonObject): boolean {
  return equalJson(withoutManagedFields(a), withoutManagedFields(b));
}

/** A copy without `metadata.managedFields`. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  const metadata = object['metadata'];
  if (!isObject(metadata) || metadata['managedFields'] === undefined) return object;
  return withKey(object, 'metadata', withKey(metadata, 'managedFields', undefined));
}

function withManagedFields(object: JsonObject, entries: readonly ManagedEntry[]): JsonObject {
  const written = writeManagedFields(entries);
  const metadata = objectAt(object, 'metadata');
  return {
    ...object,
    metadata: withKey(metadata, 'managedFields', written.length === 0 ? undefined : written),
  };
}

/** The configuration without what this write cannot touch. */
function usable(config: JsonObject, context: WriteContext): JsonObject {
  const bare = withoutManagedFields(config);
  const rest = context.ignored ? removeFields(context.type, bare, context.ignored) : bare;
  return isObject(rest) ? rest : {};
}

function touched(context: WriteContext, set: FieldSet): FieldSet {
  const ownable = ownableFields(set);
  return context.ignored ? subtractTrees(ownable, context.ignored) : ownable;
}

function conflictsWith(entry: ManagedEntry, contested: FieldSet): ConflictingField[] {
  const paths: FieldPath[] = [...pathsOf(intersectSets(entry.fields, contested))];
  return paths.map((path) => ({
    field: formatPath(path),
    manager: entry.manager,
    message: `conflict with ${describeManager(entry)}`,
  }));
}

function releaseFields(
  entries: readonly ManagedEntry[],
  comparison: Comparison,
  taken: FieldSet,
): readonly ManagedEntry[] {
  return entries.map((entry) => ({
    ...entry,
    fields: subtractSets(subtractSets(entry.fields, taken), comparison.removed),
  }));
}

function conflictMessage(conflicts: readonly ConflictingField[]): string {
  const [first] = conflicts;
  if (first && conflicts.length === 1) {
    return `Apply failed with 1 conflict: ${first.message}: ${first.field}`;
  }
  const byManager = new Map<string, string[]>();
  for (const { message, field } of conflicts) {
    const fields = byManager.get(message) ?? [];
    fields.push(`- ${field}`);
    byManager.set(message, fields);
  }
  const blocks = [...byManager].map(
    ([message, fields]) => `${message.replace('conflict', 'conflicts')}:\n${fields.join('\n')}`,
  );
  return `Apply failed with ${conflicts.length} conflicts: ${blocks.join('\n')}`;
}
