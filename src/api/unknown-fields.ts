// Fields that a schema does not know: pruned by API servers in silence, so somebody has to say it.
import { isObject } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';

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
  const properties = schema['properties'];
  const others = schema['additionalProperties'];
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || others === true;
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue;
    const known = isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : others;
    if (isObject(known)) walk(known, child, [...path, key], found);
    else if (!isOpen) found.push([...path, key]);
  }
}
