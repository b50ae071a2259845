// Expressions of real packages and of Flux' cheat sheet: with schemas known, nothing that works is refused.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileHealthChecks } from '../../src/probes/index.ts';
import { checkPackages } from '../../src/render/index.ts';
import { createSchemaLookup } from '../../src/render/kind-schemas.ts';
import { loadPackage } from '../../src/render/package/load-package.ts';
import { createSchemaValidator, WELL_KNOWN_KINDS } from '../../src/schema/index.ts';
import { readFolder } from '../support/package-files.ts';

const CASES = process.env['SLUICE_CASES'] ?? join(import.meta.dirname, '../../../shared/cases');
const PACKAGES = join(CASES, 'third-party/pko');
const FLUX = join(CASES, 'third-party/cel/flux-cheatsheet.json');
const validator = createSchemaValidator();
const schemaOf = createSchemaLookup([]);

if (!existsSync(PACKAGES)) {
  test.skip(`no packages to test: ${PACKAGES} is not there`, () => {});
} else {
  const names = readdirSync(PACKAGES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  let expressions = 0;
  let warnings = 0;

  describe('expressions of real packages', () => {
    test.each(names)('%s', (name) => {
      const files = readFolder(join(PACKAGES, name));
      const found = checkPackages([{ folder: name, files }], { validator, schemaOf });
      const cel = found.filter(({ code }) => code === 'CelInvalid');
      expect(cel.filter(({ severity }) => severity === 'error')).toEqual([]);
      warnings += cel.length;
      for (const item of cel)
        console.log(`${item.file}:${item.line}:${item.column} ${item.message}`);
      const loaded = loadPackage(files, { validator, lock: false });
      if (loaded.kind !== 'ok') return;
      for (const { manifest } of [loaded.package, ...loaded.package.components.values()]) {
        const { filter, availabilityProbes } = manifest;
        const probes = availabilityProbes.flatMap((entry) => entry.probes as readonly object[]);
        expressions += filter.conditions.length + filter.paths.length;
        expressions += probes.filter((probe) => 'cel' in probe).length;
      }
    });

    test('prints how many there were', () => {
      console.log(
        `${names.length} packages, ${expressions} expressions in manifests, ${warnings} warnings; ` +
          `${WELL_KNOWN_KINDS.length} kinds with known fields`,
      );
      expect(expressions).toBeGreaterThan(0);
    });
  });
}

if (!existsSync(FLUX)) {
  test.skip(`no cheat sheet to test: ${FLUX} is not there`, () => {});
} else {
  const { healthCheckExprs: rows } = JSON.parse(readFileSync(FLUX, 'utf8')) as {
    readonly healthCheckExprs: readonly {
      readonly apiVersion: string;
      readonly kind?: string;
      readonly current: string;
    }[];
  };
  describe("Flux' cheat sheet, with and without fields of the kind known", () => {
    test.each(rows.map((row) => [`${row.apiVersion} ${row.kind ?? '(any)'}`, row] as const))(
      '%s',
      (_name, row) => {
        const check = { ...row, kind: row.kind ?? 'Any' };
        expect(compileHealthChecks([check], { schemaOf }).ok).toBe(true);
        // As CRDs of such controllers have it: a status with conditions, and whatever else there is.
        const open = { 'x-kubernetes-preserve-unknown-fields': true };
        const condition = {
          type: 'object',
          properties: Object.fromEntries(
            ['type', 'status', 'reason', 'message'].map((name) => [name, { type: 'string' }]),
          ),
        };
        const properties = {
          ...condition.properties,
          observedGeneration: { type: 'integer' },
        };
        const status = {
          type: 'object',
          ...open,
          properties: { conditions: { type: 'array', items: { ...condition, properties } } },
        };
        const typed = { type: 'object', properties: { status, spec: { type: 'object', ...open } } };
        const compiled = compileHealthChecks([check], { schemaOf: () => typed });
        expect(compiled.ok ? [] : compiled.diagnostics).toEqual([]);
      },
    );
  });
}
