// The health checks that Flux documents: all of them compile, and judge what they are written for.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileHealthChecks } from '../../src/probes/index.ts';

const root =
  process.env['SLUICE_CASES'] ?? fileURLToPath(new URL('../../../shared/cases', import.meta.url));
const file = `${root}/third-party/cel/flux-cheatsheet.json`;
const present = existsSync(file);

interface Row {
  readonly apiVersion: string;
  readonly kind?: string;
  readonly current: string;
  readonly failed: string;
}

const rows = present
  ? (JSON.parse(readFileSync(file, 'utf8')) as { healthCheckExprs: readonly Row[] })
      .healthCheckExprs
  : [];
console.log(
  present
    ? `Flux health checks: ${rows.length} rows`
    : `Flux health checks: skipped, ${file} is not there`,
);

/** An object whose conditions all have one status; Ceph says it in its own words. */
function sample(row: Row, good: boolean) {
  const status = good ? 'True' : 'False';
  const types = ['Ready', 'Healthy', 'Synced'];
  const conditions = types.map((type) => ({
    type,
    status,
    reason: 'ReconcileError',
    observedGeneration: 2,
  }));
  const stalled = { type: 'Stalled', status: good ? 'False' : 'True', observedGeneration: 2 };
  return {
    apiVersion: row.apiVersion,
    kind: row.kind ?? 'Any',
    metadata: { name: 'x', generation: 2 },
    status: {
      conditions: [...conditions, stalled],
      ceph: { health: good ? 'HEALTH_OK' : 'HEALTH_ERR' },
    },
  };
}

describe.runIf(present)("Flux' documented health checks", () => {
  it.each(rows.map((row) => [`${row.apiVersion} ${row.kind ?? '(any kind)'}`, row] as const))(
    '%s',
    (_, row) => {
      const compiled = compileHealthChecks([{ ...row, kind: row.kind ?? 'Any' }]);
      if (!compiled.ok) throw new Error(compiled.diagnostics[0]?.message);
      expect(compiled.checks.readinessOf(sample(row, true)).status).toBe('Current');
      expect(compiled.checks.readinessOf(sample(row, false)).status).toMatch(/^Failed$/);
    },
  );
});
