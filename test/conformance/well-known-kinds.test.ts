// The tables of fields against the OpenAPI document of Kubernetes: every level the same fields and types.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { FieldSchema } from '../../src/schema/well-known/index.ts';
import { WELL_KNOWN_KINDS, wellKnownSchema } from '../../src/schema/well-known/index.ts';

const CASES = process.env['SLUICE_CASES'] ?? join(import.meta.dirname, '../../../shared/cases');
const FILE = join(CASES, 'third-party/schemas/swagger-1.36.2.json.gz');

interface Definition {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly items?: Definition;
  readonly additionalProperties?: Definition;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

if (!existsSync(FILE)) {
  test.skip(`no OpenAPI document to compare with: ${FILE} is not there`, () => {});
} else {
  const { definitions } = JSON.parse(gunzipSync(readFileSync(FILE)).toString('utf8')) as {
    readonly definitions: Readonly<Record<string, Definition>>;
  };
  const resolve = (given: Definition): Definition =>
    given.$ref === undefined
      ? given
      : (definitions[given.$ref.replace('#/definitions/', '')] as Definition);
  const versionsOf = (name: string): readonly Definition[] =>
    Object.values(definitions).filter(
      (item) =>
        item.properties?.['metadata'] !== undefined &&
        item['x-kubernetes-group-version-kind']?.some(
          ({ group, kind }) => `${group}/${kind}` === name,
        ),
    );
  let levels = 0;
  let fields = 0;

  /** Differences; a level that a table leaves open is not looked at. */
  const compare = (
    path: string,
    mine: FieldSchema | undefined,
    theirs: readonly Definition[],
  ): readonly string[] => {
    if (mine === undefined) return [`${path} is missing`];
    if (mine.type === undefined) return [];
    const all = theirs.map(resolve);
    for (const item of all) {
      // Quantities are texts in the document, and may be read as numbers.
      if ((item.type ?? 'object') !== mine.type) return [`${path} is ${item.type}`];
      if (item.format === 'int-or-string') return [`${path} is int-or-string`];
    }
    if (mine.items !== undefined) {
      return compare(
        `${path}[]`,
        mine.items,
        all.map(({ items }) => items as Definition),
      );
    }
    if (mine.additionalProperties !== undefined) {
      const values = all.map((item) => item.additionalProperties as Definition);
      return compare(`${path}{}`, mine.additionalProperties, values);
    }
    if (mine.properties === undefined) return [];
    levels++;
    const names = new Set(all.flatMap((item) => Object.keys(item.properties ?? {})));
    const unknown = Object.keys(mine.properties).filter((name) => !names.has(name));
    const { properties } = mine;
    return [
      ...unknown.map((name) => `${path}.${name} does not exist`),
      ...[...names].flatMap((name) => {
        fields++;
        const found = all.flatMap((item) => item.properties?.[name] ?? []);
        return compare(`${path}.${name}`, properties[name], found);
      }),
    ];
  };

  describe('every field of the well-known kinds', () => {
    test.each(WELL_KNOWN_KINDS)('%s', (name) => {
      const slash = name.indexOf('/');
      const schema = wellKnownSchema(name.slice(0, slash), name.slice(slash + 1));
      const versions = versionsOf(name);
      expect(versions.length).toBeGreaterThan(0);
      expect(compare(name, schema, versions)).toEqual([]);
    });

    test('were compared', () => {
      console.log(`${WELL_KNOWN_KINDS.length} kinds, ${levels} levels, ${fields} fields compared`);
      expect(fields).toBeGreaterThan(3000);
    });
  });
}
