// The table of kstatus: the status of objects, and the condition that it derives.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readManifests } from '../../src/lang/yaml/index.ts';
import { readinessOf } from '../../src/probes/index.ts';

const root =
  process.env['SLUICE_CASES'] ?? fileURLToPath(new URL('../../../shared/cases', import.meta.url));
const file = `${root}/third-party/status/kstatus.json`;
const present = existsSync(file);

interface Row {
  readonly group: string;
  readonly name: string;
  readonly object: string;
  readonly status: string;
  readonly conditions: readonly { readonly type: string; readonly reason: string }[];
}

const rows = present ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Row[]) : [];
console.log(present ? `kstatus: ${rows.length} rows` : `kstatus: skipped, ${file} is not there`);

const NOW = '2026-01-01T00:00:00Z';

describe.runIf(present)('Readiness follows kstatus', () => {
  it.each(rows.map((row) => [row.group, row.name, row] as const))('%s %s', (_, __, row) => {
    const text = row.object.replaceAll('__NOW_RFC3339__', NOW);
    const { documents } = readManifests(text, { duplicateKeys: 'last' });
    const readiness = readinessOf(documents[0]?.value, { now: Date.parse(NOW) });
    expect(readiness.status).toBe(row.status);
    expect(readiness.reason).toBe(row.conditions[0]?.reason ?? '');
    expect(readiness.message).not.toBe('');
  });
});
