// Sets of fields of one object, as a tree of path elements; the elements are written as in fieldsV1.

/**
 * `f:name` is a field, `k:{"name":"c"}` a list entry by its keys, `v:"x"` a member of a set, `i:0` an index.
 */
export type PathElement = string;

export type FieldPath = readonly PathElement[];

export interface FieldSet {
  /** Whether the field at this place is itself a member. */
  readonly self: boolean;
  readonly children: ReadonlyMap<PathElement, FieldSet>;
}

/** A set under construction; it is handed out as `FieldSet` and not changed after that. */
export interface FieldSetBuilder extends FieldSet {
  self: boolean;
  readonly children: Map<PathElement, FieldSetBuilder>;
}

export const EMPTY_SET: FieldSet = { self: false, children: new Map() };

export function newFieldSet(): FieldSetBuilder {
  return { self: false, children: new Map() };
}

/** The node below `set` for this element, made when it is missing. */
export function childOf(set: FieldSetBuilder, element: PathElement): FieldSetBuilder {
  const known = set.children.get(element);
  if (known) return known;
  const created = newFieldSet();
  set.children.set(element, created);
  return created;
}

/** Adds one path. */
export function insertPath(set: FieldSetBuilder, path: FieldPath): void {
  let node = set;
  for (const element of path) node = childOf(node, element);
  node.self = true;
}

/** The set of these paths. */
export function fieldSetOf(paths: Iterable<FieldPath>): FieldSet {
  const set = newFieldSet();
  for (const path of paths) insertPath(set, path);
  return set;
}

export function isEmptySet(set: FieldSet): boolean {
  if (set.self) return false;
  for (const child of set.children.values()) if (!isEmptySet(child)) return false;
  return true;
}

/** Members of either set. */
export function unionSets(a: FieldSet, b: FieldSet): FieldSet {
  if (b.children.size === 0 && (a.self || !b.self)) return a;
  if (a.children.size === 0 && (b.self || !a.self)) return b;
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const known = children.get(element);
    children.set(element, known ? unionSets(known, child) : child);
  }
  return { self: a.self || b.self, children };
}

/** Members of both sets; a field and the fields below it are different members. */
export function intersectSets(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (!other) continue;
    const common = intersectSets(child, other);
    if (!isEmptySet(common)) children.set(element, common);
  }
  return { self: a.self && b.self, children };
}

/** Members of `a` that are not members of `b`. */
export function subtractSets(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const rest = other ? subtractSets(child, other) : child;
    if (!isEmptySet(rest)) children.set(element, rest);
  }
  return { self: a.self && !b.self, children };
}

/** Members of `a` that are neither members of `b` nor lie below one. */
export function subtractTrees(a: FieldSet, b: FieldSet): FieldSet {
  if (b.self) return EMPTY_SET;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const rest = other ? subtractTrees(child, other) : child;
    if (!isEmptySet(rest)) children.set(element, rest);
  }
  return { self: a.self, children };
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  return isEmptySet(subtractSets(a, b)) && isEmptySet(subtractSets(b, a));
}

export function hasPath(set: FieldSet, path: FieldPath): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) {
    node = node.children.get(element);
    if (!node) return false;
  }
  return node.self;
}

/** Every member, in the order of the encoded form. */
export function* pathsOf(set: FieldSet, prefix: FieldPath = []): Generator<FieldPath> {
  if (set.self) yield prefix;
  for (const element of [...set.children.keys()].sort()) {
    const child = set.children.get(element);
    if (child) yield* pathsOf(child, [...prefix, element]);
  }
}
