// The JSONPath of Kubernetes' client-go, as far as ObjectTemplates use it (package-operator §10).
import { isObject } from '../model/json.ts';
import type { Json, JsonArray } from '../model/json.ts';
import { parseJsonPath } from './json-path-steps.ts';
import type { Comparison, SliceStep, Step } from './json-path-steps.ts';

export type JsonPathResult =
  | { readonly kind: 'found'; readonly values: readonly Json[] }
  | { readonly kind: 'missing'; readonly key: string }
  /** Of the right form, and no good for this value (or of no form that is known); never with a value in it. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'invalid' };

const RELAXED = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;

/**
 * Looks up `a.b`, `.a.b`, `{a.b}` or `{.a.b}`: keys with escaped dots, `['key']`, `[0]`, `[-1]`, `[1:3]`,
 * `[*]`, `.*`, `..name`, `[0,2]`, and `[?(@.a=="x")]`.
 * @returns all hits; `missing` names the first key that is not there; `failed` tells what is wrong, in
 *   client-go's words; `invalid` for another form
 */
export function evaluateJsonPath(expression: string, value: Json): JsonPathResult {
  const relaxed = RELAXED.exec(expression);
  const text = relaxed?.[1] ?? relaxed?.[2];
  if (text === undefined) return { kind: 'invalid' };
  // The dot in front is put there whatever comes after: with a dot of its own it is a descent.
  const parsed = parseJsonPath(`.${text}`);
  return parsed.kind === 'invalid'
    ? { kind: 'failed', reason: parsed.reason }
    : walk(parsed.steps, [value]);
}

function walk(steps: readonly Step[], start: readonly Json[]): JsonPathResult {
  let values = start;
  for (const step of steps) {
    const result = apply(step, values);
    if (result.kind !== 'found') return result;
    ({ values } = result);
  }
  return found(values);
}

function apply(step: Step, values: readonly Json[]): JsonPathResult {
  switch (step.kind) {
    case 'key':
      return childrenNamed(step.name, values);
    case 'descend':
      return found(values.flatMap(withDescendants));
    case 'wildcard':
      return found(values.flatMap(children));
    case 'literal':
      return found([step.value]);
    case 'slice':
      return each(values, (value) => slice(value, step));
    case 'union':
      return each(step.alternatives, (steps) => walk(steps, values));
    case 'filter':
      return each(values, (value) => filter(value, step));
  }
}

function found(values: readonly Json[]): JsonPathResult {
  return { kind: 'found', values };
}

function failed(reason: string): JsonPathResult {
  return { kind: 'failed', reason };
}

/** The hits of all items; the first trouble counts. */
function each<T>(items: readonly T[], look: (item: T) => JsonPathResult): JsonPathResult {
  const values: Json[] = [];
  for (const item of items) {
    const result = look(item);
    if (result.kind !== 'found') return result;
    values.push(...result.values);
  }
  return found(values);
}

/** One value with the key is enough; where there is nothing to look at, nothing is missing. */
function childrenNamed(name: string, values: readonly Json[]): JsonPathResult {
  const hits = values.flatMap((item) => {
    const child = isObject(item) && Object.hasOwn(item, name) ? item[name] : undefined;
    return child === undefined ? [] : [child];
  });
  return hits.length === 0 && values.length > 0 ? { kind: 'missing', key: name } : found(hits);
}

function children(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as JsonArray;
  if (!isObject(value)) return [];
  return Object.keys(value)
    .toSorted()
    .flatMap((key) => {
      const child = value[key];
      return child === undefined ? [] : [child];
    });
}

/** The value and everything in it, each before what it holds: what has nothing in it (numbers, null, "") is left out. */
function withDescendants(value: Json): readonly Json[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  const inner = children(value);
  return inner.length === 0 ? [] : [value, ...inner.flatMap(withDescendants)];
}

function slice(value: Json, { from, to, step }: SliceStep): JsonPathResult {
  if (value === null) return found([]);
  if (!Array.isArray(value)) return failed(`${typeName(value)} is not array or slice`);
  const list = value as JsonArray;
  const { length } = list;
  const outside = (index: number): JsonPathResult =>
    failed(`array index out of bounds: index ${index}, length ${length}`);
  const start = fromEnd(from ?? 0, length);
  // A single index is the slice that ends behind it, which for -1 is the end of the list.
  const end = to === 'single' ? start + 1 : fromEnd(to ?? length, length);
  if (to === 'single' && (start < 0 || start >= length)) return outside(from === -1 ? -1 : start);
  if (start > end) {
    return failed(`starting index ${start} is greater than ending index ${end}`);
  }
  if (start < 0 || (start >= length && end > start)) return outside(start);
  if (end > length) return outside(end - 1);
  if (step <= 0) return failed('step must be > 0');
  return found(list.slice(start, end).filter((_item, index) => index % step === 0));
}

function fromEnd(index: number, length: number): number {
  return index < 0 ? index + length : index;
}

function filter(value: Json, step: Extract<Step, { kind: 'filter' }>): JsonPathResult {
  if (!Array.isArray(value)) {
    return failed(`${typeName(value)} is not array or slice and cannot be filtered`);
  }
  return each(value as JsonArray, (item) => {
    const left = walk(step.left, [item]);
    if (step.comparison === undefined) {
      return found(left.kind === 'found' && left.values.length > 0 ? [item] : []);
    }
    if (left.kind !== 'found') return left;
    const right = walk(step.comparison.right, [item]);
    if (right.kind !== 'found') return right;
    return passing(item, [left.values, right.values], step.comparison.operator);
  });
}

function passing(
  item: Json,
  [left, right]: readonly [readonly Json[], readonly Json[]],
  operator: Comparison['operator'],
): JsonPathResult {
  if (left.length > 1 || right.length > 1) return failed('can only compare one element at a time');
  const [a] = left;
  const [b] = right;
  if (a === undefined || b === undefined) return found([]);
  const verdict = compare(a, b, operator);
  return typeof verdict === 'string' ? failed(verdict) : found(verdict ? [item] : []);
}

/** Whether it holds, or why the two cannot be compared. */
function compare(a: Json, b: Json, operator: Comparison['operator']): boolean | string {
  const isOrdered = operator !== '==' && operator !== '!=';
  for (const value of [a, b]) {
    const isScalar = value !== null && typeof value !== 'object';
    if (!isScalar || (isOrdered && typeof value === 'boolean'))
      return 'invalid type for comparison';
  }
  if (typeName(a) !== typeName(b)) return 'incompatible types for comparison';
  const [x, y] = [a, b] as [string | number, string | number];
  const isEqual = !(x < y) && !(x > y);
  switch (operator) {
    case '==':
      return isEqual;
    case '!=':
      return !isEqual;
    case '<':
      return x < y;
    case '<=':
      return x < y || isEqual;
    case '>':
      return x > y;
    case '>=':
      return x > y || isEqual;
  }
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'map';
  return typeof value === 'bigint' ? 'number' : typeof value;
}
