// Probes of a deployment or set of objects, whether or not the rest of it can be rendered.
import { findApiKind } from '../../api/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { isObject, listAt, objectAt, stringAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Manifest } from '../../model/manifest.ts';
import { createSchemaLookup } from '../kind-schemas.ts';
import { checkProbes } from '../probe-check.ts';
import { objectSetTemplate } from '../render-object-set.ts';
import type { UnitDocument } from '../unit.ts';
import type { CheckOptions } from './package-place.ts';

/** Nothing for kinds that have no probes. */
export function checkObjectSetProbes(
  document: Pick<UnitDocument, 'manifest' | 'locate'>,
  options: CheckOptions,
): readonly Diagnostic[] {
  const { manifest, locate } = document;
  const apiKind = findApiKind(manifest.apiVersion, manifest.kind);
  if (apiKind === undefined || !/Object(Deployment|Set|SetPhase)$/.test(apiKind.kind)) return [];
  const { spec, path, phases } = objectSetTemplate(manifest, apiKind);
  const probes = listAt(spec, 'availabilityProbes');
  if (probes.length === 0) return [];
  const schemaOf = createSchemaLookup(phases.flatMap(objectsOf), options.schemaOf);
  const { validator } = options;
  return checkProbes(probes, { path: [...path, 'availabilityProbes'], locate, validator, schemaOf })
    .problems;
}

function objectsOf(phase: unknown): readonly Manifest[] {
  const given = isObject(phase as JsonObject) ? (phase as JsonObject) : {};
  return [...listAt(given, 'objects'), ...listAt(given, 'externalObjects')]
    .filter(isObject)
    .map((item) => objectAt(item, 'object'))
    .filter((object) => stringAt(object, 'apiVersion') !== undefined) as unknown as Manifest[];
}
