// The schema of a kind as expressions over whole objects need it.
import type { OpenApiSchema } from '../lang/cel/index.ts';

/** Finds the schema of a kind (from a CRD of the repository or a built-in table), undefined where none is known. */
export type SchemaLookup = (group: string, kind: string) => OpenApiSchema | undefined;

/** CRD schemas say nothing of the metadata that every object has. */
const METADATA: OpenApiSchema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    namespace: { type: 'string' },
    generation: { type: 'integer' },
    uid: { type: 'string' },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    annotations: { type: 'object', additionalProperties: { type: 'string' } },
  },
  'x-kubernetes-preserve-unknown-fields': true,
};

/** The schema with metadata that may hold more than a CRD says. */
export function wholeObjectSchema(schema: OpenApiSchema): OpenApiSchema {
  return { ...schema, properties: { ...schema.properties, metadata: METADATA } };
}
