// Schemas of the kinds that every cluster has, as far as expressions ask for them: fields and their types.
//
// The facts are those of the OpenAPI document of Kubernetes 1.36.2. Levels are complete, so a field that is
// not listed does not exist there, but for conditions, whose entries may hold more, sources of volumes and
// schemas inside CRDs, which are not gone into. Of kinds with several versions the fields of all are known.
import { CLUSTER } from './cluster.ts';
import { CORE } from './core.ts';
import { readFieldRows } from './field-rows.ts';
import type { FieldSchema } from './field-rows.ts';
import { unionSchema } from '../union-schema.ts';
import { METADATA_ROWS } from './metadata.ts';
import { WORKLOADS } from './workloads.ts';

export type { FieldSchema } from './field-rows.ts';

const TABLES = [CORE, WORKLOADS, CLUSTER] as const;

const TYPES: ReadonlyMap<string, FieldSchema> = readFieldRows([
  METADATA_ROWS,
  ...TABLES.map(({ rows }) => rows),
]);

/** `metadata` of any object, complete. */
export const METADATA_SCHEMA: FieldSchema = typeNamed('ObjectMeta');

const KINDS: ReadonlyMap<string, FieldSchema> = new Map(
  TABLES.flatMap(({ kinds }) =>
    Object.entries(kinds).flatMap(([group, names]) =>
      names.split(' ').map((entry): readonly [string, FieldSchema] => {
        const [kind = '', types = kind] = entry.split('=');
        return [`${group}/${kind}`, wholeObject(types.split('|').map(typeNamed))];
      }),
    ),
  ),
);

/** The schema of a kind, undefined for kinds that the tables do not hold. */
export function wellKnownSchema(group: string, kind: string): FieldSchema | undefined {
  return KINDS.get(`${group}/${kind}`);
}

/** All kinds of the tables, as `group/Kind`. */
export const WELL_KNOWN_KINDS: readonly string[] = [...KINDS.keys()];

function typeNamed(name: string): FieldSchema {
  const schema = TYPES.get(name);
  if (schema === undefined) throw new Error(`no row describes ${name}`);
  return schema;
}

function wholeObject(versions: readonly FieldSchema[]): FieldSchema {
  const [first, ...others] = versions;
  const own = others.reduce(unionSchema, first as FieldSchema);
  const text: FieldSchema = { type: 'string' };
  const properties = { ...own.properties, apiVersion: text, kind: text, metadata: METADATA_SCHEMA };
  return { type: 'object', properties };
}
