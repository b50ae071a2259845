// Ownership without ownerReferences: two annotations and a label that name instance, unit, object and revision.
import { ANNOTATION, MARKER, SLUICE_PREFIX } from './annotations.ts';
import { objectAt } from './json.ts';
import type { JsonObject } from './json.ts';
import { annotationOf, withAnnotations, withLabels } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { ObjectKey } from './object-key.ts';
import type { UnitId } from './unit-id.ts';

export interface OwnerMarker {
  readonly instance: string;
  readonly unit: UnitId;
  readonly key: ObjectKey;
}

export interface RevisionMarker {
  readonly number: number;
  readonly hash: string;
}

/** `<instance>/<unit>#<group>/<Kind>/<namespace>/<name>` */
export function formatOwnerMarker(marker: OwnerMarker): string {
  const { group, kind, namespace, name } = marker.key;
  return `${marker.instance}/${marker.unit}#${group}/${kind}/${namespace}/${name}`;
}

/** The marker in this text, or undefined when it has another form. */
export function parseOwnerMarker(text: string): OwnerMarker | undefined {
  const hash = text.indexOf('#');
  const slash = text.indexOf('/');
  if (hash < 0 || slash < 0 || slash > hash) return undefined;
  const [group, kind, namespace, ...name] = text.slice(hash + 1).split('/');
  if (group === undefined || !kind || namespace === undefined || name.length === 0)
    return undefined;
  return {
    instance: text.slice(0, slash),
    unit: text.slice(slash + 1, hash),
    key: { group, kind, namespace, name: name.join('/') },
  };
}

/** `<n>-<hash>` */
export function formatRevisionMarker(marker: RevisionMarker): string {
  return `${marker.number}-${marker.hash}`;
}

/** The revision in this text, or undefined when it has another form. */
export function parseRevisionMarker(text: string): RevisionMarker | undefined {
  const match = /^(\d{1,15})-([0-9a-z]+)$/.exec(text);
  return match?.[1] && match[2] ? { number: Number(match[1]), hash: match[2] } : undefined;
}

/**
 * The markers of a live object, but only where they name this very object: controllers copy labels
 * and annotations to the objects they make, and such a copy proves nothing (design: architecture, "Writing safely").
 */
export function readMarkers(
  live: JsonObject,
  key: ObjectKey,
): { readonly owner: OwnerMarker; readonly revision: RevisionMarker | undefined } | undefined {
  const text = annotationOf(live, MARKER.owner);
  const owner = text === undefined ? undefined : parseOwnerMarker(text);
  if (!owner || !sameKey(owner.key, key)) return undefined;
  const revision = annotationOf(live, MARKER.revision);
  return { owner, revision: revision === undefined ? undefined : parseRevisionMarker(revision) };
}

/** A copy of the desired object that carries the markers. */
export function withMarkers(
  manifest: Manifest,
  owner: OwnerMarker,
  revision: RevisionMarker,
): Manifest {
  const annotated = withAnnotations(manifest, {
    [MARKER.owner]: formatOwnerMarker(owner),
    [MARKER.revision]: formatRevisionMarker(revision),
  });
  return withLabels(annotated, { [MARKER.instanceLabel]: owner.instance });
}

/** A copy without the markers; levers stay. */
export function withoutMarkers(manifest: Manifest): Manifest {
  const bare = withAnnotations(manifest, {
    [MARKER.owner]: undefined,
    [MARKER.revision]: undefined,
    [MARKER.confidential]: undefined,
  });
  return withLabels(bare, { [MARKER.instanceLabel]: undefined });
}

/**
 * A copy without any `sluice.dev/*` annotation or label, for hashing and for showing;
 * levers such as `sluice.dev/prune` are no part of what an object is.
 */
export function withoutSluiceKeys<T extends JsonObject>(manifest: T): T {
  const drop = (field: 'labels' | 'annotations'): Record<string, undefined> => {
    const keys = Object.keys(objectAt(objectAt(manifest, 'metadata'), field));
    return Object.fromEntries(
      keys.filter((key) => key.startsWith(SLUICE_PREFIX)).map((key) => [key, undefined]),
    );
  };
  return withLabels(withAnnotations(manifest, drop('annotations')), drop('labels'));
}

/** All annotation keys that a user may write with our prefix. */
export const KNOWN_SLUICE_ANNOTATIONS: readonly string[] = Object.values(ANNOTATION);

function sameKey(a: ObjectKey, b: ObjectKey): boolean {
  return (
    a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name
  );
}
