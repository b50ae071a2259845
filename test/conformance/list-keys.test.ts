// Our table of merge types against the OpenAPI document of Kubernetes: every list and map of every built-in kind.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isObject, listAt, objectAt, stringAt } from '../../src/model/json.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { BUILTIN_KINDS, builtinKind } from '../../src/schema/builtin-kinds.ts';
import { listKeysOf } from '../../src/schema/list-keys.ts';

const root =
  process.env['SLUICE_CASES'] ?? fileURLToPath(new URL('../../../shared/cases', import.meta.url));
const file = `${root}/third-party/schemas/swagger-1.36.2.json.gz`;
const present = existsSync(file);
if (!present) console.log(`list keys: skipped, ${file} is absent (set SLUICE_CASES)`);

const document = present
  ? (JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as JsonObject)
  : {};
const definitions = objectAt(document, 'definitions');
/** Schemas may hold themselves; deeper than this nothing new comes. */
const MAX_DEPTH = 14;

function resolve(schema: JsonObject): JsonObject {
  const name = stringAt(schema, '$ref')?.slice('#/definitions/'.length);
  const target = name === undefined ? undefined : definitions[name];
  return isObject(target) ? { ...target, ...schema } : schema;
}

/** What the document says about the list at a path, in our words. */
function expected(schema: JsonObject): unknown {
  switch (schema['x-kubernetes-list-type']) {
    case 'map':
      return listAt(schema, 'x-kubernetes-list-map-keys').map(String).toSorted();
    case 'set':
      return 'set';
    default:
      return 'atomic';
  }
}

type Found = (path: readonly string[], keys: unknown) => void;

function walk(schema: JsonObject, path: readonly string[], found: Found): void {
  if (path.length > MAX_DEPTH) return;
  const full = resolve(schema);
  // Below something that is owned as a whole nothing is merged, so nothing has keys.
  if (full['x-kubernetes-map-type'] === 'atomic') return;
  if (full['type'] === 'array') {
    const keys = expected(full);
    found(path, keys);
    if (Array.isArray(keys)) walk(objectAt(full, 'items'), path, found);
    return;
  }
  for (const [name, property] of Object.entries(objectAt(full, 'properties'))) {
    if (isObject(property)) walk(property, [...path, name], found);
  }
}

describe.skipIf(!present)('lists of built-in kinds', () => {
  let lists = 0;
  for (const [name, definition] of Object.entries(definitions)) {
    if (!isObject(definition)) continue;
    for (const id of listAt(definition, 'x-kubernetes-group-version-kind')) {
      const group = isObject(id) ? (stringAt(id, 'group') ?? '') : '';
      const kind = isObject(id) ? (stringAt(id, 'kind') ?? '') : '';
      const version = isObject(id) ? (stringAt(id, 'version') ?? '') : '';
      if (!builtinKind(group, kind) || !name.endsWith(`.${kind}`)) continue;
      const apiVersion = group === '' ? version : `${group}/${version}`;
      it(`${apiVersion} ${kind}`, () => {
        const wrong: string[] = [];
        walk(definition, [], (path, keys) => {
          lists++;
          const ours = listKeysOf(apiVersion, kind, path);
          const comparable = typeof ours === 'object' ? [...ours].toSorted() : ours;
          if (JSON.stringify(comparable) !== JSON.stringify(keys)) {
            wrong.push(`${path.join('.')}: ${JSON.stringify(keys)}, not ${JSON.stringify(ours)}`);
          }
        });
        expect(wrong).toEqual([]);
      });
    }
  }

  it('says how much was compared', () => {
    console.log(`list keys: ${lists} lists of ${BUILTIN_KINDS.length} kinds compared`);
    expect(lists).toBeGreaterThan(1000);
  });
});
