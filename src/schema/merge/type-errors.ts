// What makes configuration impossible to merge: fields the schema lacks, values of another type, doubled entries.
import { isObject } from '../../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../../model/json.ts';
import { childType } from '../merge-type.ts';
import type { ListKey, MergeType, ScalarType } from '../merge-type.ts';
import { fieldElement, formatPath, keyElement, valueElement } from './field-path.ts';
import type { FieldPath } from './field-set.ts';

/**
 * Findings in the wording of a real server, which answers the first of them with HTTP 500 and no reason
 * (transcripts `ssa-configmap`, `crd-cel-and-defaults`). The identity of the object is not looked at.
 */
export function typeErrors(type: MergeType, value: JsonObject): readonly string[] {
  const out: string[] = [];
  check(out, [], type, value);
  return out;
}

function check(out: string[], path: FieldPath, type: MergeType, value: Json): void {
  if (value === null) return;
  switch (type.shape) {
    case 'atomic':
    case 'open':
      return;
    case 'scalar':
      if (!isScalar(type.type, value)) {
        out.push(`${formatPath(path)}: expected ${SCALAR_NAMES[type.type]}, got ${nameOf(value)}`);
      }
      return;
    case 'struct':
    case 'map':
      checkObject(out, path, type, value);
      return;
    case 'list':
    case 'set':
      checkList(out, path, type, value);
  }
}

function checkObject(out: string[], path: FieldPath, type: MergeType, value: Json): void {
  if (!isObject(value)) {
    out.push(`${formatPath(path)}: expected map, got ${nameOf(value)}`);
    return;
  }
  for (const [key, below] of Object.entries(value)) {
    if (below === undefined) continue;
    const child = childType(type, key);
    const place = [...path, fieldElement(key)];
    if (!child) out.push(`${formatPath(place)}: field not declared in schema`);
    else check(out, place, child, below);
  }
}

function checkList(out: string[], path: FieldPath, type: MergeType, value: Json): void {
  if (!Array.isArray(value)) {
    out.push(`${formatPath(path)}: expected list, got ${nameOf(value)}`);
    return;
  }
  const keys: readonly ListKey[] = type.shape === 'list' ? type.keys : [];
  const seen = new Set<string>();
  const reported = new Set<string>();
  for (const [index, item] of (value as JsonArray).entries()) {
    const missing = keys.find((key) => key.default === undefined && !hasKey(item, key.name));
    if (missing) {
      out.push(
        `${formatPath(path)}: element ${index}: associative list with keys has an element that ` +
          `omits key field ${JSON.stringify(missing.name)} (and doesn't have default value)`,
      );
      continue;
    }
    const element = keys.length > 0 ? keyElement(item, keys) : valueElement(item);
    if (seen.has(element) && !reported.has(element)) {
      reported.add(element);
      out.push(`${formatPath(path)}: duplicate entries for key ${formatPath([element])}`);
    }
    seen.add(element);
    if (type.shape === 'list') check(out, [...path, element], type.item, item);
  }
}

const SCALAR_NAMES: Readonly<Record<ScalarType, string>> = {
  string: 'string',
  integer: 'numeric (int or float)',
  number: 'numeric (int or float)',
  boolean: 'boolean',
  any: 'scalar',
};

function isScalar(type: ScalarType, value: Json): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint';
    case 'boolean':
      return typeof value === 'boolean';
    case 'any':
      return typeof value !== 'object';
  }
}

function nameOf(value: Json): string {
  if (Array.isArray(value)) return 'list';
  if (isObject(value)) return 'map';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

function hasKey(item: Json, name: string): boolean {
  return isObject(item) && Object.hasOwn(item, name) && item[name] !== undefined;
}
