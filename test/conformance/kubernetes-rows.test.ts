// The built-in schemas of Kubernetes against the OpenAPI document that they come from, where it is at hand.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { objectAt } from '../../src/model/json.ts';
import { builtinSchemas } from '../../src/schema/index.ts';

interface Definition {
  readonly properties?: Readonly<Record<string, { readonly $ref?: string }>>;
  readonly required?: readonly string[];
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

const cases = process.env['SLUICE_CASES'];
const file = path.join(cases ?? '', 'third-party/schemas/swagger-1.36.2.json.gz');
const isThere = cases !== undefined && existsSync(file);
if (!isThere) {
  console.info(
    cases === undefined
      ? 'kubernetes rows: not compared, SLUICE_CASES is not set'
      : `kubernetes rows: not compared, ${file} is not there`,
  );
}

describe.runIf(isThere)('Kubernetes 1.36', () => {
  test('the rows are what the script makes of the document', () => {
    const made = execFileSync(process.execPath, ['scripts/kubernetes-rows.mjs', file, '1.36'], {
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
      timeout: 60_000,
    });
    expect(made).toBe(readFileSync('src/schema/kubernetes/rows-1-36.ts', 'utf8'));
  });

  test('every kind has exactly the fields and required fields of the document, all the way down', () => {
    const { definitions } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as {
      readonly definitions: Readonly<Record<string, Definition>>;
    };
    const schemas = builtinSchemas('1.36.2');
    if (!schemas) throw new Error('1.36 is not built in');
    const types = objectAt(schemas.document, 'definitions');
    const open: (readonly [name: string, type: string])[] = [];
    let kinds = 0;
    for (const [name, definition] of Object.entries(definitions)) {
      const isObject = definition.properties?.['metadata']?.$ref?.endsWith('.ObjectMeta') ?? false;
      if (!isObject) continue;
      for (const gvk of definition['x-kubernetes-group-version-kind'] ?? []) {
        const apiVersion = gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
        const type = schemas.typeOf(apiVersion, gvk.kind);
        expect(type, `${apiVersion} ${gvk.kind}`).toBeDefined();
        open.push([name, type ?? '']);
        kinds += 1;
      }
    }
    const seen = new Set<string>();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [name, type] = next;
      if (seen.has(name)) continue;
      seen.add(name);
      const schema = objectAt(types, type);
      const properties = objectAt(schema, 'properties');
      const { properties: wanted = {}, required = [] } = definitions[name] ?? {};
      expect(Object.keys(properties).sort(), name).toEqual(Object.keys(wanted).sort());
      expect([...((schema['required'] as readonly string[]) ?? [])].sort(), name).toEqual(
        [...required].sort(),
      );
      expect(schema['additionalProperties'], name).toBe(false);
      for (const [field, property] of Object.entries(wanted)) {
        const reference = JSON.stringify(property).match(/"#\/definitions\/([^"]+)"/)?.[1];
        const ours = JSON.stringify(properties[field]).match(/"#\/definitions\/([^"]+)"/)?.[1];
        if (reference === undefined || ours === undefined) continue;
        open.push([reference, ours]);
      }
    }
    expect(kinds).toBeGreaterThan(70);
    expect(seen.size).toBe(Object.keys(types).length);
    console.info(`kubernetes rows: ${kinds} kinds and ${seen.size} types compared`);
  });
});
