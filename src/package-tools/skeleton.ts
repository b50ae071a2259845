// A package made of plain manifests: objects in phases, probes for the kinds among them, one test case.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { PKO } from '../model/annotations.ts';
import { writeManifest } from '../lang/yaml/index.ts';
import type { WritableYaml } from '../lang/yaml/index.ts';
import type { JsonObject } from '../model/json.ts';
import { groupOf, withAnnotations } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import { knownScope, scopesOfCrds } from '../render/scope.ts';
import { PRESET_PHASES, PROBE_PRESETS, presetPhase } from './phase-presets.ts';
import { readSources } from './skeleton-sources.ts';
import type { SkeletonSource } from './skeleton-sources.ts';

export interface Skeleton {
  /** Texts by path inside the package folder, sorted. */
  readonly files: ReadonlyMap<string, string>;
  /** What was decided and may have to be changed by hand. */
  readonly notes: readonly Diagnostic[];
}

export type SkeletonResult =
  | { readonly kind: 'ok'; readonly skeleton: Skeleton }
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] };

interface Placed {
  readonly manifest: Manifest;
  readonly source: SkeletonSource;
  readonly scope: 'Namespaced' | 'Cluster';
}

/**
 * Makes a package. Objects of one namespace alone become a package that goes into whatever namespace its
 * instance has; anything else becomes a cluster-wide package in which every object says where it goes.
 * @param name of the package
 */
export function createSkeleton(
  name: string,
  sources: readonly { readonly file: string; readonly content: Uint8Array }[],
): SkeletonResult {
  const read = readSources(sources);
  if (read.kind === 'invalid') return read;
  const notes: Diagnostic[] = [];
  const placed = withScopes(read.sources, notes);
  const named = namespacesOf(placed);
  const isClusterWide = placed.some(({ scope }) => scope === 'Cluster') || named.length > 1;
  const objects = isClusterWide
    ? inNamespaces(placed, named.length === 1 ? named[0] : onlyNamespace(placed), name)
    : withoutNamespaces(placed, notes);
  const twins = duplicates(objects.slice(-placed.length), placed);
  if (twins.length > 0) return { kind: 'invalid', diagnostics: twins };
  const files = new Map<string, string>();
  for (const [path, object] of objectPaths(objects)) files.set(path, objectText(object));
  files.set('manifest.yaml', writeManifest(packageManifest(name, objects, isClusterWide)));
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return { kind: 'ok', skeleton: { files: new Map(sorted), notes } };
}

function withScopes(sources: readonly SkeletonSource[], notes: Diagnostic[]): readonly Placed[] {
  const crds = scopesOfCrds(sources.map(({ manifest }) => manifest));
  return sources.map((source) => {
    const { manifest } = source;
    const scope = knownScope(manifest.apiVersion, manifest.kind, [crds]);
    if (scope === undefined) {
      const message = `${manifest.kind} of ${manifest.apiVersion} is not known: taken to live in a namespace`;
      notes.push(
        diagnostic('KindUnsupported', message, { ...source.place, severity: 'warning', hint: '' }),
      );
    }
    return { manifest, source, scope: scope ?? 'Namespaced' };
  });
}

/** The namespace comes from the instance of the package. */
function withoutNamespaces(placed: readonly Placed[], notes: Diagnostic[]): readonly Manifest[] {
  const first = placed.find(({ manifest }) => manifest.metadata.namespace);
  if (first) {
    const { namespace } = first.manifest.metadata;
    const message = `namespace ${namespace} is left out: objects go into the namespace of the package's instance`;
    const place = { file: first.source.place.file };
    notes.push(diagnostic('ManifestInvalid', message, { ...place, severity: 'info', hint: '' }));
  }
  return placed.map(({ manifest }) => {
    const { namespace: _left, ...metadata } = manifest.metadata;
    return { ...manifest, metadata };
  });
}

/** Namespaces that objects name. */
function namespacesOf(placed: readonly Placed[]): readonly string[] {
  const names = placed.flatMap(({ manifest, scope }) =>
    scope === 'Namespaced' ? (manifest.metadata.namespace ?? '') : '',
  );
  return [...new Set(names)].filter((namespace) => namespace !== '');
}

/** The Namespace among the objects, where there is exactly one. */
function onlyNamespace(placed: readonly Placed[]): string | undefined {
  const [first, ...others] = placed.filter(
    ({ manifest }) => manifest.apiVersion === 'v1' && manifest.kind === 'Namespace',
  );
  return others.length === 0 ? first?.manifest.metadata.name : undefined;
}

/**
 * Every object says where it goes.
 * @param home of objects without a namespace; undefined for one that is named like the package and comes with it
 */
function inNamespaces(
  placed: readonly Placed[],
  home: string | undefined,
  name: string,
): readonly Manifest[] {
  let needsNew = false;
  const objects = placed.map(({ manifest, scope }): Manifest => {
    const { namespace, ...metadata } = manifest.metadata;
    if (scope === 'Cluster') return { ...manifest, metadata };
    if (namespace) return manifest;
    needsNew ||= home === undefined;
    return { ...manifest, metadata: { ...metadata, namespace: home ?? name } };
  });
  const isThere = objects.some(
    ({ apiVersion, kind, metadata }) =>
      apiVersion === 'v1' && kind === 'Namespace' && metadata.name === name,
  );
  if (!needsNew || isThere) return objects;
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, ...objects];
}

function identity({ apiVersion, kind, metadata }: Manifest): string {
  return `${groupOf(apiVersion)}/${kind} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
}

/** @param objects what became of `placed`, in the same order */
function duplicates(
  objects: readonly Manifest[],
  placed: readonly Placed[],
): readonly Diagnostic[] {
  const seen = new Map<string, SkeletonSource>();
  return objects.flatMap((object, index) => {
    const source = placed[index]?.source;
    const key = identity(object);
    const first = seen.get(key);
    if (first === undefined || source === undefined) {
      if (source !== undefined) seen.set(key, source);
      return [];
    }
    const { file, line } = first.place;
    const message = `${object.kind} ${object.metadata.name} is given twice (first in ${file}:${line ?? 1})`;
    return [diagnostic('ObjectDuplicate', message, source.place)];
  });
}

/** `deploy/deployment-shop.yaml`; longer where two objects would share a path. */
function objectPaths(objects: readonly Manifest[]): ReadonlyMap<string, WritableYaml> {
  const found = new Map<string, WritableYaml>();
  const shortPaths = objects.map((object) => objectPath(object, false));
  for (const [index, object] of objects.entries()) {
    const short = shortPaths[index] ?? '';
    const shared = shortPaths.filter((path) => path === short).length > 1;
    const base = shared ? objectPath(object, true) : short;
    let path = `${base}.yaml`;
    for (let number = 2; found.has(path); number += 1) path = `${base}-${number}.yaml`;
    const phase = presetPhase(object.apiVersion, object.kind);
    found.set(path, withAnnotations(object, { [PKO.phase]: phase }) as WritableYaml);
  }
  return found;
}

/** Package Operator drops dashes at the end of a file, be they part of a certificate (package-operator §1.2). */
function objectText(object: WritableYaml): string {
  const text = writeManifest(object);
  return text.trimEnd().endsWith('-') ? `${text}# end\n` : text;
}

function objectPath(object: Manifest, isLong: boolean): string {
  const { apiVersion, kind, metadata } = object;
  const group = groupOf(apiVersion);
  const parts = isLong
    ? [group === '' ? kind : `${kind}.${group}`, metadata.namespace ?? '', metadata.name ?? '']
    : [kind, metadata.name ?? ''];
  const base = parts
    .filter((part) => part !== '')
    .map((part) => part.replaceAll(/[^A-Za-z0-9._-]+/gu, '-'))
    .join('-');
  return `${presetPhase(apiVersion, kind)}/${base.toLowerCase()}`;
}

function packageManifest(
  name: string,
  objects: readonly Manifest[],
  isClusterWide: boolean,
): WritableYaml {
  const used = new Set(objects.map(({ apiVersion, kind }) => presetPhase(apiVersion, kind)));
  const kinds = new Set(objects.map(({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}`));
  const probes = PROBE_PRESETS.filter(({ group, kind }) => kinds.has(`${group}/${kind}`));
  const instance: JsonObject = isClusterWide ? { name } : { name, namespace: 'default' };
  return {
    apiVersion: 'manifests.package-operator.run/v1alpha1',
    kind: 'PackageManifest',
    metadata: { name },
    spec: {
      availabilityProbes: probes.map(({ group, kind, probes: list }) => ({
        probes: list,
        selector: { kind: { group, kind } },
      })),
      phases: PRESET_PHASES.filter((phase) => used.has(phase)).map((phase) => ({ name: phase })),
      scopes: [isClusterWide ? 'Cluster' : 'Namespaced'],
    },
    test: { template: [{ context: { package: { metadata: instance } }, name: 'default' }] },
  } as WritableYaml;
}
