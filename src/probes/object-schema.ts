// The schema of a kind as expressions over whole objects need it.
import type { OpenApiSchema } from '../lang/cel/index.ts';
import { METADATA_SCHEMA } from '../schema/index.ts';

/** Finds the schema of a kind (from a CRD of the repository or a built-in table), undefined where none is known. */
export type SchemaLookup = (group: string, kind: string) => OpenApiSchema | undefined;

/** The schema with the metadata that every object has: CRD schemas say nothing of it. */
export function wholeObjectSchema(schema: OpenApiSchema): OpenApiSchema {
  return { ...schema, properties: { ...schema.properties, metadata: METADATA_SCHEMA } };
}
