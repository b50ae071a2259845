// The id of a unit: `[target:]Kind.group/namespace/name`, or `[target:]Folder/<path>` for a plain directory.
import { escapeSegment, formatObjectKey, parseObjectKey, unescapeSegment } from './object-key.ts';
import type { ObjectKey } from './object-key.ts';

/** The text form; always carries the target, so that it is unique across targets. */
export type UnitId = string;

/** The pseudo kind of plain directories; its `name` is the path of the folder. */
export const FOLDER_KIND = 'Folder';

export interface UnitName extends ObjectKey {
  readonly target: string;
}

/** `local:Package.package-operator.run/web/shop`, `local:Folder/clusters/local` */
export function formatUnitId(name: UnitName): UnitId {
  return `${name.target}:${isFolder(name) ? formatFolder(name.name) : formatObjectKey(name)}`;
}

/**
 * Reads a unit id as people write it.
 * @param text with or without `target:`
 * @param defaultTarget used where the text names no target
 */
export function parseUnitId(text: string, defaultTarget: string): UnitName | undefined {
  const colon = /^([A-Za-z0-9._-]+):/.exec(text);
  const rest = colon ? text.slice(colon[0].length) : text;
  const key = rest.startsWith(`${FOLDER_KIND}/`) ? parseFolder(rest) : parseObjectKey(rest);
  return key && { ...key, target: colon?.[1] ?? defaultTarget };
}

function isFolder(key: ObjectKey): boolean {
  return key.kind === FOLDER_KIND && key.group === '' && key.namespace === '';
}

// The path of a folder keeps its slashes: it is read by people far more often than taken apart.
function formatFolder(path: string): string {
  return [FOLDER_KIND, ...path.split('/').map(escapeSegment)].join('/');
}

function parseFolder(text: string): ObjectKey | undefined {
  const path = text.slice(FOLDER_KIND.length + 1);
  if (path.split('/').includes('')) return undefined;
  const name = path.split('/').map(unescapeSegment).join('/');
  return { group: '', kind: FOLDER_KIND, namespace: '', name };
}
