// `metadata.managedFields`: who owns which fields, by which kind of write.
import { isObject, listAt, objectAt, stringAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { FieldSet } from './field-set.ts';
import { isEmptySet } from './field-set.ts';
import { decodeFieldsV1, encodeFieldsV1 } from './fields-v1.ts';

export interface ManagerId {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** `status` or `scale` where the write went there; empty for the object itself. */
  readonly subresource: string;
}

export interface ManagedEntry extends ManagerId {
  /** RFC 3339; undefined for an entry that never changed the object. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** The entries of an object; what is not understood is left out. */
export function readManagedFields(object: JsonObject): readonly ManagedEntry[] {
  const entries: ManagedEntry[] = [];
  for (const item of listAt(objectAt(object, 'metadata'), 'managedFields')) {
    if (!isObject(item)) continue;
    const operation = stringAt(item, 'operation');
    if (operation !== 'Apply' && operation !== 'Update') continue;
    entries.push({
      manager: stringAt(item, 'manager') ?? '',
      operation,
      apiVersion: stringAt(item, 'apiVersion') ?? '',
      subresource: stringAt(item, 'subresource') ?? '',
      time: stringAt(item, 'time'),
      fields: decodeFieldsV1(item['fieldsV1']),
    });
  }
  return entries;
}

/** The list for `metadata.managedFields`: applies first, then by time and name; entries without a field are left out. */
export function writeManagedFields(entries: readonly ManagedEntry[]): readonly Json[] {
  return entries
    .filter((entry) => !isEmptySet(entry.fields))
    .toSorted(compareEntries)
    .map((entry) => ({
      manager: entry.manager,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      ...(entry.time === undefined ? {} : { time: entry.time }),
      fieldsType: 'FieldsV1',
      fieldsV1: encodeFieldsV1(entry.fields),
      ...(entry.subresource === '' ? {} : { subresource: entry.subresource }),
    }));
}

/** Whether both ids name the same entry. */
export function sameManager(a: ManagerId, b: ManagerId): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    a.apiVersion === b.apiVersion
  );
}

/** `"hand" using v1`, `"hpa" with subresource "scale" using apps/v1`, as conflicts name managers. */
export function describeManager(id: ManagerId): string {
  const place = id.subresource === '' ? '' : ` with subresource "${id.subresource}"`;
  const how = id.operation === 'Update' ? ` using ${id.apiVersion}` : '';
  return `${JSON.stringify(id.manager)}${place}${how}`;
}

function compareEntries(a: ManagedEntry, b: ManagedEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time ?? '', b.time ?? '') ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
