// Test tables taken from Go sources: rows as data, with what only Go could make of them left as `$go`.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isObject } from '../../src/model/json.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';

export type Row = JsonObject & { readonly name?: string };

export interface Table {
  /** Name of the test function in Go: `TestIsYAMLFile`. */
  readonly name: string;
  readonly rows: readonly Row[];
}

/** The tables of one file below `third-party/tables`; undefined, and said so, where it is not there. */
export function readTables(name: string): readonly Table[] | undefined {
  const root =
    process.env['SLUICE_CASES'] ?? fileURLToPath(new URL('../../../shared/cases', import.meta.url));
  const file = `${root}/third-party/tables/${name}`;
  if (!existsSync(file)) {
    console.log(`${name}: skipped, ${file} is not there`);
    return undefined;
  }
  const tables = JSON.parse(readFileSync(file, 'utf8')) as readonly {
    readonly source: string;
    readonly cases: readonly Row[];
  }[];
  return tables.map(({ source, cases }) => ({
    name: source.slice(source.indexOf('#') + 1),
    rows: cases,
  }));
}

/** The name of what Go code stands in place of a value, if any. */
export function goName(value: Json | undefined): string | undefined {
  const name = isObject(value) ? value['$go'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** The arguments of a call that stands in place of a value. */
export function goArguments(value: Json | undefined): readonly Json[] {
  const list = isObject(value) ? value['args'] : undefined;
  return Array.isArray(list) ? (list as readonly Json[]) : [];
}

const WORDS: Readonly<Record<string, string>> = {
  OpenAPIV3Schema: 'openAPIV3Schema',
  TemplateContextObjectMeta: 'metadata',
  ObjectMeta: 'metadata',
  APIVersion: 'apiVersion',
  UID: 'uid',
};

/**
 * A Go struct as its JSON: fields by their lower case names, embedded type metadata spread. An empty list among
 * structs is a struct without fields, which the tables cannot tell apart.
 */
export function fromStruct(value: Json): Json {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item) =>
      Array.isArray(item) && item.length === 0 ? {} : fromStruct(item),
    );
  }
  if (!isObject(value)) return value;
  const name = goName(value);
  if (name === 'OpenapiV3TypeObject') return 'object';
  if (name === 'metav1.ManagedFieldsOperationApply') return 'Apply';
  if (name !== undefined) return goArguments(value)[0] ?? null;
  const fields = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    const inner = fromStruct(item ?? null);
    if (key === 'TypeMeta' && isObject(inner)) return Object.entries(inner) as [string, Json][];
    if (key === 'Raw' && typeof inner === 'string') return [['', JSON.parse(inner) as Json]];
    return [[WORDS[key] ?? `${key.slice(0, 1).toLowerCase()}${key.slice(1)}`, inner]];
  });
  return '' in Object.fromEntries(fields)
    ? (Object.fromEntries(fields)[''] ?? null)
    : Object.fromEntries(fields);
}
