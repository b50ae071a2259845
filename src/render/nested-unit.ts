// Units that no file defines: a package that renders Packages asks for them. They are made of objects instead of
// documents, and come from the place of the template that rendered them.
import { canonicalJson } from '../lib/canonical-json.ts';
import { findApiKind } from '../api/index.ts';
import type { Location } from '../model/diagnostic.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { UnitId } from '../model/unit-id.ts';
import { createSettingsText, createUnit } from './document-unit.ts';
import type { DiscoverySettings } from './document-unit.ts';
import { resolveDependencies } from './dependencies.ts';
import type { DraftUnit } from './dependencies.ts';
import type { Discovery } from './discover.ts';
import { createFolderHashes, hashParts } from './input-hash.ts';
import { withSiblings } from './package-siblings.ts';
import type { RepositoryConfig } from './repository-config.ts';
import type { Unit } from './unit.ts';

export interface NestedObject {
  /** As its parent asks for it, without anything that a server or an owner adds. */
  readonly manifest: Manifest;
  readonly target: string;
  readonly source: Location;
  /** Tells one object of the name from the next. */
  readonly identity: string;
}

export interface NestedContext {
  readonly snapshot: Pick<Snapshot, 'under'>;
  readonly config: RepositoryConfig;
  readonly discovery: Pick<Discovery, 'units' | 'crdScopes' | 'slices' | 'schemasText'>;
  /** Further units that may be depended on. */
  readonly others?: Iterable<UnitId>;
}

/** One unit per object of a kind that is reconciled here; objects of other kinds give none. */
export function createNestedUnits(
  objects: readonly NestedObject[],
  context: NestedContext,
): readonly Unit[] {
  if (objects.length === 0) return [];
  const { snapshot, config, discovery } = context;
  const settings: DiscoverySettings = {
    config,
    folderHash: createFolderHashes(snapshot),
    settingsText: createSettingsText(config, discovery.crdScopes),
    schemasText: discovery.schemasText,
    slices: new Map(discovery.slices),
    deletions: [],
    diagnostics: [],
  };
  const drafts = objects.flatMap((object) => draft(object, settings));
  const ids = new Set(drafts.map(({ unit }) => unit.id));
  const others = discovery.units
    .filter(({ id }) => !ids.has(id))
    .map((unit): DraftUnit => ({ unit, dependencies: [] }));
  const all = resolveDependencies(withSiblings([...others, ...drafts]), context.others);
  return all.filter(({ id }) => ids.has(id));
}

function draft(object: NestedObject, settings: DiscoverySettings): readonly DraftUnit[] {
  const { manifest, target, source, identity } = object;
  const apiKind = findApiKind(manifest.apiVersion, manifest.kind);
  if (apiKind?.role !== 'unit') return [];
  const rule = {
    path: '',
    target,
    namespace: '',
    dependsOn: [],
    suspended: false,
    detach: false,
    timeoutMs: undefined,
    line: undefined,
  };
  const oid = hashParts([canonicalJson(manifest), identity]);
  const file = { path: source.file, oid, documents: [], diagnostics: [], rules: [rule] };
  const document = { manifest, source, locate: () => source };
  return [createUnit({ file, apiKind, document, rule }, settings)];
}
