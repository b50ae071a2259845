// docs/reference/package-operator.md names every field of the kinds, as their schemas have them.
import { describe, expect, it } from 'vitest';
import { API_KINDS } from '../../src/api/index.ts';
import { PACKAGE } from '../../src/api/package.ts';
import { isObject, objectAt } from '../../src/model/json.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { readText } from './pages.ts';

const page = readText('docs/reference/package-operator.md');

const kinds = API_KINDS.filter(({ group }) => group === PACKAGE.group);

/** Names of fields in code spans, `a.{b,c}[]` taken apart. */
const named = new Set(
  [...page.matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) => span.split(/[^A-Za-z]+/)),
);

describe.each(kinds)('$kind', (kind) => {
  it('stands on the page with all of its fields', () => {
    expect(page).toContain(kind.kind);
    const body = Object.entries(objectAt(kind.schema, 'properties')).filter(
      ([name]) => !['apiVersion', 'kind', 'metadata', 'status'].includes(name),
    );
    expect(body.length).toBeGreaterThan(0);
    const missing = body.flatMap(([name, schema]) => fieldsOf(name, schema as JsonObject));
    expect(missing.filter((name) => !named.has(name))).toEqual([]);
  });
});

function fieldsOf(name: string, schema: JsonObject): readonly string[] {
  const properties = { ...objectAt(schema, 'properties'), ...itemProperties(schema) };
  return [
    name,
    ...Object.entries(properties).flatMap(([child, below]) =>
      isObject(below) ? fieldsOf(child, below) : [],
    ),
  ];
}

function itemProperties(schema: JsonObject): JsonObject {
  return objectAt(objectAt(schema, 'items'), 'properties');
}
