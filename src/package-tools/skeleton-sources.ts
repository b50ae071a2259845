// Reads the plain manifests that a package is made of, without what a server added to them.
import { readManifests } from '../lang/yaml/index.ts';
import { compareDiagnostics, diagnostic, hasErrors } from '../model/diagnostic.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import { isObject, listAt, stringAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { withAnnotations } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';

export interface SkeletonSource {
  readonly manifest: Manifest;
  readonly place: Location;
}

export type SourcesResult =
  | { readonly kind: 'ok'; readonly sources: readonly SkeletonSource[] }
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] };

/** All objects of the files in order, with the members of lists on their own. */
export function readSources(
  files: readonly { readonly file: string; readonly content: Uint8Array }[],
): SourcesResult {
  const problems: Diagnostic[] = [];
  const sources: SkeletonSource[] = [];
  for (const { file, content } of files) {
    const { documents, diagnostics } = readManifests(content, { file });
    problems.push(...diagnostics);
    for (const document of documents) {
      const { line } = document;
      for (const value of members(document.value)) {
        const found = readObject(value, { file, line });
        if (found.kind === 'refused') problems.push(found.diagnostic);
        else sources.push({ manifest: found.manifest, place: { file, line } });
      }
    }
  }
  if (sources.length === 0 && !hasErrors(problems)) {
    problems.push(diagnostic('ManifestInvalid', 'the files hold no objects'));
  }
  if (hasErrors(problems)) {
    return { kind: 'invalid', diagnostics: problems.toSorted(compareDiagnostics) };
  }
  return { kind: 'ok', sources };
}

function members(value: Json): readonly Json[] {
  if (value === null) return [];
  if (!isObject(value) || stringAt(value, 'apiVersion') !== 'v1') return [value];
  const kind = stringAt(value, 'kind') ?? '';
  return kind.endsWith('List') && Array.isArray(value['items']) ? listAt(value, 'items') : [value];
}

type ReadObject =
  | { readonly kind: 'read'; readonly manifest: Manifest }
  | { readonly kind: 'refused'; readonly diagnostic: Diagnostic };

function readObject(value: Json, place: Location): ReadObject {
  const refused = (code: 'ManifestInvalid' | 'GenerateNameRefused', why: string): ReadObject => {
    return { kind: 'refused', diagnostic: diagnostic(code, why, place) };
  };
  if (!isObject(value)) return refused('ManifestInvalid', 'the document is no object');
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || kind === '') {
    return refused('ManifestInvalid', 'the document has no apiVersion or no kind');
  }
  const meta = isObject(metadata) ? metadata : {};
  const name = stringAt(meta, 'name') ?? '';
  if (name === '' && stringAt(meta, 'generateName') !== undefined) {
    return refused('GenerateNameRefused', `${kind} has a generated name`);
  }
  if (name === '') return refused('ManifestInvalid', `${kind} has no metadata.name`);
  const manifest = withoutServerFields({ ...value, apiVersion, kind, metadata: { ...meta, name } });
  return { kind: 'read', manifest };
}

/** What a dump of a running cluster carries and no package may. */
const SERVER_METADATA = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
]);

function withoutServerFields(manifest: Manifest): Manifest {
  const kept = Object.entries(manifest.metadata).filter(([key]) => !SERVER_METADATA.has(key));
  const metadata = Object.fromEntries(kept) as Manifest['metadata'];
  const { status: _status, ...rest } = manifest as JsonObject;
  const clean = { ...rest, metadata } as Manifest;
  if (metadata.annotations === undefined) return clean;
  return withAnnotations(clean, { 'kubectl.kubernetes.io/last-applied-configuration': undefined });
}
