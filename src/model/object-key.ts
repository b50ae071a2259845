// What an object is called: group, kind, namespace and name (never the version, which can change).
import { groupOf } from './manifest.ts';
import type { Manifest } from './manifest.ts';

export interface ObjectKey {
  readonly group: string;
  readonly kind: string;
  /** Empty for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
}

/** An object key with the API version to reach it by. */
export interface ObjectRef extends ObjectKey {
  readonly apiVersion: string;
  /** Where it lives when that is not the unit's own target (model/place.ts). */
  readonly place?: string;
}

/** `Deployment.apps/web/api`, `ConfigMap/web/settings`, cluster-scoped `Namespace/web`. Reversible by `parseObjectKey`. */
export function formatObjectKey(key: ObjectKey): string {
  const kind =
    key.group === ''
      ? escapeSegment(key.kind)
      : `${escapeSegment(key.kind)}.${escapeSegment(key.group)}`;
  const name = escapeSegment(key.name);
  return key.namespace === ''
    ? `${kind}/${name}`
    : `${kind}/${escapeSegment(key.namespace)}/${name}`;
}

/** The key that `formatObjectKey` wrote, or undefined when the text has another form. */
export function parseObjectKey(text: string): ObjectKey | undefined {
  const parts = text.split('/').map(unescapeSegment);
  if (parts.length < 2 || parts.length > 3 || parts.some((part) => part === '')) return undefined;
  const [kindGroup = '', second = '', third] = parts;
  const dot = kindGroup.indexOf('.');
  const kind = dot < 0 ? kindGroup : kindGroup.slice(0, dot);
  const group = dot < 0 ? '' : kindGroup.slice(dot + 1);
  if (kind === '') return undefined;
  return third === undefined
    ? { group, kind, namespace: '', name: second }
    : { group, kind, namespace: second, name: third };
}

/** The reference of a manifest whose namespace has already been settled. */
export function refOf(manifest: Manifest): ObjectRef {
  return {
    apiVersion: manifest.apiVersion,
    group: groupOf(manifest.apiVersion),
    kind: manifest.kind,
    namespace: typeof manifest.metadata.namespace === 'string' ? manifest.metadata.namespace : '',
    name: typeof manifest.metadata.name === 'string' ? manifest.metadata.name : '',
  };
}

/** Just the key of a reference. */
export function keyOf(ref: ObjectKey): ObjectKey {
  return { group: ref.group, kind: ref.kind, namespace: ref.namespace, name: ref.name };
}

/** Order by group, kind, namespace, name in code-unit order. */
export function compareObjectKeys(a: ObjectKey, b: ObjectKey): number {
  return (
    compareText(a.group, b.group) ||
    compareText(a.kind, b.kind) ||
    compareText(a.namespace, b.namespace) ||
    compareText(a.name, b.name)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

// Only what would make the text ambiguous or unprintable is escaped, so that ordinary ids read naturally.
/** One segment of a key or unit id as text. */
export function escapeSegment(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[%/#,\s\u0000-\u001f\u007f]/gu, (char) => encodeURIComponent(char));
}

/** The segment that `escapeSegment` wrote. */
export function unescapeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
