// The tables of types as JSON Schema documents, closed: a field that no row names is refused.
import type { JsonObject, Json } from '../../model/json.ts';
import { readKinds, readRows } from './rows.ts';
import type { FieldRow, KubernetesRows } from './rows.ts';

export interface KubernetesSchemas {
  /** The minor version: `1.36`. */
  readonly version: string;
  /** One document whose `definitions` are the types. */
  readonly document: JsonObject;
  /** The type of a kind; undefined for kinds that this version does not have. */
  typeOf(apiVersion: string, kind: string): string | undefined;
}

/** Null may stand for entries of lists and values of maps, as it does in kubeconform's own schemas. */
const SCALARS: Readonly<Record<string, JsonObject>> = {
  s: { type: ['string', 'null'] },
  i: { type: ['integer', 'null'] },
  n: { type: ['number', 'null'] },
  b: { type: ['boolean', 'null'] },
  t: { type: ['string', 'null'], format: 'date-time' },
  q: { type: ['string', 'number', 'null'] },
  p: { type: ['integer', 'string', 'null'] },
  o: { type: ['object', 'null'] },
  '?': {},
};

export function kubernetesSchemas(rows: KubernetesRows): KubernetesSchemas {
  const kinds = readKinds(rows.kinds);
  const definitions = Object.fromEntries(
    [...readRows(rows.rows)].map(([name, fields]) => [name, objectSchema(fields)]),
  );
  return {
    version: rows.version,
    document: { definitions },
    typeOf: (apiVersion, kind) => kinds.get(apiVersion)?.get(kind),
  };
}

function objectSchema(fields: readonly FieldRow[]): JsonObject {
  const properties = Object.fromEntries(fields.map(({ name, type }) => [name, schemaOf(type)]));
  const required: Json = fields.filter((field) => field.required).map(({ name }) => name);
  return {
    type: ['object', 'null'],
    properties,
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
  };
}

function schemaOf(type: string): JsonObject {
  const inner = type.slice(1, -1);
  if (type.startsWith('[')) return { type: ['array', 'null'], items: schemaOf(inner) };
  if (type.startsWith('{')) {
    return { type: ['object', 'null'], additionalProperties: schemaOf(inner) };
  }
  return SCALARS[type] ?? { $ref: `#/definitions/${type}` };
}
