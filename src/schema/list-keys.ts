// Which lists have keys: the answer to "how do I compare the entries of this list?".
import { builtinType } from './builtin-types.ts';
import { childType, DEDUCED } from './merge-type.ts';
import type { MergeType } from './merge-type.ts';

/** Names of key fields, or how the list is compared otherwise; undefined where the field holds no list. */
export type ListKeys = readonly string[] | 'set' | 'atomic' | undefined;

/**
 * The keys of the list at a path of a built-in kind.
 * @param path field names from the root; entries of lists on the way are not named:
 *   `['spec','template','spec','containers','env']`
 */
export function listKeysOf(apiVersion: string, kind: string, path: readonly string[]): ListKeys {
  return listKeysIn(builtinType(apiVersion, kind) ?? DEDUCED, path);
}

/** The same for any merge type. */
export function listKeysIn(type: MergeType, path: readonly string[]): ListKeys {
  let at: MergeType = type;
  for (const name of path) {
    if (at.shape === 'list') at = at.item;
    const below = childType(at, name);
    if (!below) return at.shape === 'atomic' ? 'atomic' : undefined;
    at = below;
  }
  switch (at.shape) {
    case 'list':
      return at.keys.map((key) => key.name);
    case 'set':
      return 'set';
    case 'atomic':
    case 'open':
      return 'atomic';
    case 'struct':
    case 'map':
    case 'scalar':
      return undefined;
  }
}
