// Fields that a schema does not know: pruned by API servers in silence, so somebody has to say it.
import { isObject } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { schemaAt } from '../schema/index.ts';

type Path = readonly (string | number)[];

/** Paths of unknown fields, in the order they are written; what lies below one is not listed again. */
export function unknownFields(schema: JsonObject, value: Json): readonly Path[] {
  const found: Path[] = [];
  walk(schema, value, [], found);
  return found;
}

function walk(schema: JsonObject, value: Json, path: Path, found: Path[]): void {
  const items = schema['items'];
  if (Array.isArray(value)) {
    if (!isObject(items)) return;
    for (const [index, item] of (value as readonly Json[]).entries()) {
      walk(items, item, [...path, index], found);
    }
    return;
  }
  if (!isObject(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue;
    const below = schemaAt(schema, key);
    if (below === undefined) found.push([...path, key]);
    else if (below !== 'keep') walk(below, child, [...path, key], found);
  }
}
