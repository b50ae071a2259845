// What is known of the fields of kinds: well-known ones from a table, others from CustomResourceDefinitions.
import type { OpenApiSchema } from '../lang/cel/index.ts';
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import { groupOf } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import type { SchemaLookup } from '../probes/index.ts';
import { unionSchema, wellKnownSchema } from '../schema/index.ts';

/** Nothing is known: anything goes. */
const ANYTHING: OpenApiSchema = { 'x-kubernetes-preserve-unknown-fields': true };

/** True for a CustomResourceDefinition whose schemas can be read. */
export function isCrd({ apiVersion, kind }: Manifest): boolean {
  return kind === 'CustomResourceDefinition' && groupOf(apiVersion) === 'apiextensions.k8s.io';
}

/**
 * Schemas of kinds as expressions see them. Selectors name no version, so a kind has the fields of all of
 * its served versions, and of all definitions that there are of it.
 * @param manifests those among which CRDs are looked for
 * @param others where else to look; its definitions count beside these
 */
export function createSchemaLookup(
  manifests: Iterable<Manifest>,
  others: SchemaLookup = wellKnownSchema,
): SchemaLookup {
  const crds = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    if (!isCrd(manifest)) continue;
    const spec = objectAt(manifest, 'spec');
    const kind = stringAt(objectAt(spec, 'names'), 'kind') ?? '';
    const key = `${stringAt(spec, 'group') ?? ''}/${kind}`;
    crds.set(key, [...(crds.get(key) ?? []), manifest]);
  }
  if (crds.size === 0) return others;
  const known = new Map<string, OpenApiSchema>();
  return (group, kind) => {
    const key = `${group}/${kind}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const definitions = crds.get(key);
    const elsewhere = others(group, kind);
    if (definitions === undefined || wellKnownSchema(group, kind)) return elsewhere;
    const versions = definitions.flatMap(versionSchemas);
    const all = elsewhere === undefined ? versions : [...versions, elsewhere];
    const schema = all.length === 0 ? ANYTHING : all.reduce(unionSchema);
    known.set(key, schema);
    return schema;
  };
}

/** One schema per served version; a version without one takes anything. */
function versionSchemas(crd: Manifest): readonly OpenApiSchema[] {
  const versions = listAt(objectAt(crd, 'spec'), 'versions').filter(isObject);
  return versions
    .filter((version) => version['served'] !== false)
    .map((version) => {
      const schema = objectAt(version, 'schema')['openAPIV3Schema'];
      return isObject(schema) ? (schema as OpenApiSchema) : ANYTHING;
    });
}
