// What differs between two objects, field by field; lists are compared by the keys that their schema gives.
import { isObject } from '../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../model/json.ts';
import { canonicalJson } from '../lib/canonical-json.ts';

export interface FieldChange {
  /** `.spec.template.spec.containers[name=web].image` */
  readonly path: string;
  readonly op: 'add' | 'remove' | 'change';
  readonly before?: Json;
  readonly after?: Json;
}

/** Merge keys of the list at this path of field names; `atomic` and undefined compare whole. */
export type ListKeys = (
  path: readonly string[],
) => readonly string[] | 'set' | 'atomic' | undefined;

/** More changes than this per object are summed up in one `…` entry. */
export const MAX_CHANGES = 200;

/** All differences, in the order of sorted field names. Values are never copied. */
export function compareFields(
  before: Json,
  after: Json,
  listKeys: ListKeys,
): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  walk({ before, after, path: '', names: [] }, listKeys, changes);
  if (changes.length <= MAX_CHANGES) return changes;
  const rest = changes.length - MAX_CHANGES;
  return [...changes.slice(0, MAX_CHANGES), { path: `… and ${rest} more`, op: 'change' }];
}

interface Pair {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly path: string;
  readonly names: readonly string[];
}

function walk(pair: Pair, listKeys: ListKeys, out: FieldChange[]): void {
  const { before, after, path } = pair;
  if (before === after) return;
  if (before === undefined) {
    if (after !== undefined) out.push({ path: path || '.', op: 'add', after });
    return;
  }
  if (after === undefined) {
    out.push({ path: path || '.', op: 'remove', before });
    return;
  }
  if (isObject(before) && isObject(after)) {
    walkObject(pair, { before, after }, listKeys, out);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    walkList(pair, { before, after }, listKeys, out);
    return;
  }
  if (canonicalJson(before) !== canonicalJson(after)) {
    out.push({ path: path || '.', op: 'change', before, after });
  }
}

function walkObject(
  pair: Pair,
  sides: { readonly before: JsonObject; readonly after: JsonObject },
  listKeys: ListKeys,
  out: FieldChange[],
): void {
  const names = new Set([...Object.keys(sides.before), ...Object.keys(sides.after)]);
  for (const name of [...names].toSorted()) {
    walk(
      {
        before: own(sides.before, name),
        after: own(sides.after, name),
        path: `${pair.path}${fieldStep(name)}`,
        names: [...pair.names, name],
      },
      listKeys,
      out,
    );
  }
}

function walkList(
  pair: Pair,
  sides: { readonly before: JsonArray; readonly after: JsonArray },
  listKeys: ListKeys,
  out: FieldChange[],
): void {
  if (canonicalJson(sides.before) === canonicalJson(sides.after)) return;
  const keys = listKeys(pair.names);
  const index = typeof keys === 'object' ? keyedEntries(sides, keys) : undefined;
  if (!index) {
    out.push({ path: pair.path || '.', op: 'change', before: sides.before, after: sides.after });
    return;
  }
  for (const [label, entry] of index) {
    walk({ ...entry, path: `${pair.path}[${label}]`, names: pair.names }, listKeys, out);
  }
}

/** Entries of both lists by key, in order of appearance; undefined where an entry lacks all keys or repeats one. */
function keyedEntries(
  sides: { readonly before: JsonArray; readonly after: JsonArray },
  keys: readonly string[],
): ReadonlyMap<string, { before: Json | undefined; after: Json | undefined }> | undefined {
  const entries = new Map<string, { before: Json | undefined; after: Json | undefined }>();
  for (const side of ['before', 'after'] as const) {
    const seen = new Set<string>();
    for (const item of sides[side]) {
      if (!isObject(item)) return undefined;
      const label = keys
        .filter((key) => own(item, key) !== undefined)
        .map((key) => `${key}=${String(own(item, key))}`)
        .join(',');
      if (label === '' || seen.has(label)) return undefined;
      seen.add(label);
      const entry = entries.get(label) ?? { before: undefined, after: undefined };
      entries.set(label, { ...entry, [side]: item });
    }
  }
  return entries;
}

function own(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function fieldStep(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
