// The tables of types as JSON Schema documents, closed: a field that no row names is refused.
import type { Json, JsonArray, JsonObject } from '../../model/json.ts';
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

const SCALARS: Readonly<Record<string, JsonObject>> = {
  s: { type: ['string'] },
  i: { type: ['integer'] },
  n: { type: ['number'] },
  b: { type: ['boolean'] },
  t: { type: ['string'], format: 'date-time' },
  q: { type: ['string', 'number'] },
  p: { type: ['integer', 'string'] },
  o: { type: ['object'] },
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
  const properties = Object.fromEntries(
    fields.map(({ name, type, required }) => [name, required ? schemaOf(type) : nullable(type)]),
  );
  const required: Json = fields.filter((field) => field.required).map(({ name }) => name);
  return {
    type: 'object',
    properties,
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
  };
}

function schemaOf(type: string): JsonObject {
  if (type === '?') return {};
  const inner = type.slice(1, -1);
  if (type.startsWith('[')) return { type: ['array'], items: nullable(inner) };
  if (type.startsWith('{')) return { type: ['object'], additionalProperties: nullable(inner) };
  return SCALARS[type] ?? { $ref: `#/definitions/${type}` };
}

/**
 * To an API server a field that is null is a field that is not there, and kubeconform's own schemas let null
 * stand for entries of lists and values of maps too.
 */
function nullable(type: string): JsonObject {
  const schema = schemaOf(type);
  const types = schema['type'];
  if (Array.isArray(types)) return { ...schema, type: [...(types as JsonArray), 'null'] };
  return schema['$ref'] === undefined ? schema : { if: { type: 'null' }, else: schema };
}
