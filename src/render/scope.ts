// Whether a kind lives in a namespace: built-in kinds, our own, CRDs of the snapshot, else the target knows.
import { findApiKindOfGroup } from '../api/index.ts';
import { objectAt, stringAt } from '../model/json.ts';
import { groupOf } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import { scopeOfBuiltin } from '../schema/builtin-kinds.ts';

export type KindScope = 'Namespaced' | 'Cluster';

/** Scopes by `group/Kind`. */
export type ScopeTable = Readonly<Record<string, KindScope>>;

/** The scopes that CustomResourceDefinitions among these manifests define. */
export function scopesOfCrds(manifests: Iterable<Manifest>): ScopeTable {
  const scopes: Record<string, KindScope> = Object.create(null) as Record<string, KindScope>;
  for (const manifest of manifests) {
    if (manifest.kind !== 'CustomResourceDefinition') continue;
    if (groupOf(manifest.apiVersion) !== 'apiextensions.k8s.io') continue;
    const spec = objectAt(manifest, 'spec');
    const kind = stringAt(objectAt(spec, 'names'), 'kind');
    const scope = stringAt(spec, 'scope');
    if (kind === undefined || (scope !== 'Namespaced' && scope !== 'Cluster')) continue;
    scopes[`${stringAt(spec, 'group') ?? ''}/${kind}`] = scope;
  }
  return scopes;
}

/** The kinds, as `group/Kind`, that a CustomResourceDefinition defines; none for other manifests. */
export function kindOfCrd(manifest: Manifest): string | undefined {
  const [defined] = Object.keys(scopesOfCrds([manifest]));
  return defined;
}

/**
 * The scope of a kind as far as it can be told without asking the target.
 * @param tables scopes of CRDs, looked at in order
 */
export function knownScope(
  apiVersion: string,
  kind: string,
  tables: readonly ScopeTable[],
): KindScope | undefined {
  const builtin = scopeOfBuiltin(apiVersion, kind);
  if (builtin) return builtin;
  const group = groupOf(apiVersion);
  for (const table of tables) {
    const scope = table[`${group}/${kind}`];
    if (scope) return scope;
  }
  return findApiKindOfGroup(group, kind)?.scope;
}
