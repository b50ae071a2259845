// Lists that Kubernetes' schemas call sets and maps: equality ignores order, `+` is a union.
import { toJson } from './to-json.ts';
import type { JsonMap, List, Value } from './value.ts';

/** What a list is by its schema; any other list is atomic. */
export type ListKind =
  { readonly kind: 'set' } | { readonly kind: 'map'; readonly keys: readonly string[] };

const KIND = Symbol('list kind');

interface MarkedList {
  [KIND]?: ListKind;
}

/** Marks a list (in place, it must be a fresh copy) as what its schema says. */
export function markList(list: Value[], kind: ListKind): List {
  Object.defineProperty(list, KIND, { value: kind });
  return list;
}

export function listKind(list: List): ListKind | undefined {
  return (list as MarkedList)[KIND];
}

/** What tells elements apart: the element itself, or its key fields. */
function elementIdentity(element: Value, kind: ListKind): string {
  if (kind.kind === 'set') return JSON.stringify(toJson(element));
  const map = element as JsonMap;
  return JSON.stringify(
    kind.keys.map((key) => (Object.hasOwn(map, key) ? toJson(map[key] as Value) : null)),
  );
}

/** `a + b` for a list of this kind: elements of b replace those of a that they stand for. */
export function mergeLists(a: List, b: List, kind: ListKind): List {
  const merged = new Map<string, Value>();
  for (const element of a) merged.set(elementIdentity(element, kind), element);
  for (const element of b) merged.set(elementIdentity(element, kind), element);
  return markList([...merged.values()], kind);
}

/** Pairs of elements that must be equal for the lists to be; undefined where one has no partner. */
export function partners(
  a: List,
  b: List,
  kind: ListKind,
): readonly (readonly [Value, Value])[] | undefined {
  const others = new Map(b.map((element) => [elementIdentity(element, kind), element]));
  const pairs: (readonly [Value, Value])[] = [];
  for (const element of a) {
    const other = others.get(elementIdentity(element, kind));
    if (other === undefined) return undefined;
    pairs.push([element, other]);
  }
  return pairs;
}
