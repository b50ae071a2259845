// Names of list entries and the way paths are written in messages.
import { isObject } from '../../model/json.ts';
import type { Json } from '../../model/json.ts';
import type { ListKey } from '../merge-type.ts';
import { valueAt } from '../plain-object.ts';
import type { FieldPath, PathElement } from './field-set.ts';

/** The element of a field or map key. */
export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** The name in a field element, undefined for other elements. */
export function fieldName(element: PathElement): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined;
}

/** The element of an entry of a keyed list: keys in order of their names, defaults filled in. */
export function keyElement(item: Json, keys: readonly ListKey[]): PathElement {
  const parts = keys
    .map((key) => [key.name, keyValue(item, key)] as const)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${JSON.stringify(name)}:${scalarText(value)}`);
  return `k:{${parts.join(',')}}`;
}

/** The element of a member of a set. */
export function valueElement(item: Json): PathElement {
  return `v:${scalarText(item)}`;
}

/** `.spec.containers[name="c"].ports[containerPort=80,protocol="TCP"]`, `.tags[="x"]`. */
export function formatPath(path: FieldPath): string {
  return path.map(formatElement).join('');
}

function formatElement(element: PathElement): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (element.startsWith('i:')) return `[${rest}]`;
  const keys: unknown = JSON.parse(rest);
  if (!isObject(keys)) return `[${rest}]`;
  const parts = Object.entries(keys).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `[${parts.join(',')}]`;
}

function keyValue(item: Json, key: ListKey): Json | undefined {
  const value = isObject(item) ? valueAt(item, key.name) : undefined;
  return value ?? key.default;
}

function scalarText(value: Json | undefined): string {
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}
