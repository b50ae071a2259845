// The data of package templates: labels and annotations are maps of strings, never null.
import type { Value } from './value.ts';
import { GoMap, stringMap } from './value.ts';

/**
 * A copy of a package's context in which null labels and annotations of `.package.metadata` are
 * empty maps of strings, as Package Operator makes them (go-templates §4.3, point 10).
 */
export function packageContext(context: GoMap): GoMap {
  return changed(context, 'package', (pkg) =>
    changed(pkg, 'metadata', (metadata) =>
      ['labels', 'annotations'].reduce(
        (result, key) =>
          result.entries.get(key) === null ? withEntry(result, key, stringMap()) : result,
        metadata,
      ),
    ),
  );
}

function changed(map: GoMap, key: string, change: (inner: GoMap) => GoMap): GoMap {
  const inner = map.entries.get(key);
  return inner instanceof GoMap ? withEntry(map, key, change(inner)) : map;
}

function withEntry(map: GoMap, key: string, value: Value): GoMap {
  return new GoMap(new Map(map.entries).set(key, value), map.type);
}
