// The id of a unit: `[target:]Kind.group/namespace/name`, or `[target:]Folder/<path>` for a plain directory.
import { formatObjectKey, parseObjectKey } from './object-key.ts';
import type { ObjectKey } from './object-key.ts';

/** The text form; always carries the target, so that it is unique across targets. */
export type UnitId = string;

/** The pseudo kind of plain directories; its `name` is the path of the folder. */
export const FOLDER_KIND = 'Folder';

export interface UnitName extends ObjectKey {
  readonly target: string;
}

/** `local:Package.package-operator.run/web/shop` */
export function formatUnitId(name: UnitName): UnitId {
  return `${name.target}:${formatObjectKey(name)}`;
}

/**
 * Reads a unit id as people write it.
 * @param text with or without `target:`
 * @param defaultTarget used where the text names no target
 */
export function parseUnitId(text: string, defaultTarget: string): UnitName | undefined {
  const colon = /^([A-Za-z0-9._-]+):/.exec(text);
  const key = parseObjectKey(colon ? text.slice(colon[0].length) : text);
  return key && { ...key, target: colon?.[1] ?? defaultTarget };
}
