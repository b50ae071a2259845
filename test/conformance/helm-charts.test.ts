// Real charts against what a Go oracle rendered: cases/third-party/helm (see its bars in the issue).
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { loadChart, parseChart, readValues, renderChart } from '../support/chart-render.ts';

const CASES = resolve(process.env['SLUICE_CASES'] ?? '../shared/cases');
const FOLDER = join(CASES, 'third-party/helm');
const EXPECTED = join(FOLDER, 'expected.jsonl.gz');

/** The bars of the issue: of rows whose output is not blank, over all and in each chart. */
const OVERALL = 0.99;
const PER_CHART = 0.95;

const CAPABILITIES = {
  kubeVersion: 'v1.35.0',
  apiVersions: ['v1', 'apps/v1', 'batch/v1', 'networking.k8s.io/v1', 'policy/v1'],
  releaseName: 'release-name',
  namespace: 'default',
};

interface Row {
  readonly chart: string;
  readonly template: string;
  readonly values: string;
  readonly output?: string;
  readonly nondeterministic?: boolean;
}

interface Tally {
  rows: number;
  equal: number;
  blank: number;
  blankEqual: number;
  readonly misses: string[];
}

function readRows(): readonly Row[] {
  const text = gunzipSync(readFileSync(EXPECTED)).toString('utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

/** Outputs by chart, values file and template; an error shows as text that equals nothing. */
function renderAll(rows: readonly Row[]): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>();
  const libraries = [join(FOLDER, 'bitnami__charts--common')];
  for (const chart of new Set(rows.map((row) => row.chart))) {
    const folder = join(FOLDER, chart);
    const parsed = parseChart(
      loadChart(folder, chart === 'bitnami__charts--redis' ? libraries : []),
    );
    const files = new Set(rows.filter((row) => row.chart === chart).map((row) => row.values));
    for (const file of files) {
      const results = renderChart(parsed, readValues(join(folder, file)), CAPABILITIES);
      for (const [template, result] of results) {
        const text = result.ok ? result.output : `ERROR ${result.error.message}`;
        outputs.set(`${chart}|${file}|${template}`, text.replaceAll('<no value>', ''));
      }
    }
  }
  return outputs;
}

function tally(rows: readonly Row[]): ReadonlyMap<string, Tally> {
  const outputs = renderAll(rows);
  const tallies = new Map<string, Tally>();
  for (const row of rows) {
    if (row.output === undefined) continue;
    const own = tallies.get(row.chart) ?? {
      rows: 0,
      equal: 0,
      blank: 0,
      blankEqual: 0,
      misses: [],
    };
    tallies.set(row.chart, own);
    const actual = outputs.get(`${row.chart}|${row.values}|${row.template}`) ?? 'MISSING';
    const blank = row.output.trim() === '';
    const good = blank ? actual.trim() === '' : actual === row.output;
    own[blank ? 'blank' : 'rows'] += 1;
    if (good) own[blank ? 'blankEqual' : 'equal'] += 1;
    else own.misses.push(`${row.template} with ${row.values}: ${difference(row.output, actual)}`);
  }
  return tallies;
}

function difference(expected: string, actual: string): string {
  if (actual.startsWith('ERROR')) return actual;
  const wanted = expected.split('\n');
  const given = actual.split('\n');
  const line = wanted.findIndex((text, index) => text !== given[index]);
  return `line ${line + 1}: want ${JSON.stringify(wanted[line])}, got ${JSON.stringify(given[line])}`;
}

const absent = !existsSync(EXPECTED);
if (absent) console.log(`helm-charts: skipped, there is no ${EXPECTED} (set SLUICE_CASES)`);

test.skipIf(absent)('templates of real charts render as Helm renders them', () => {
  const rows = readRows();
  const tallies = tally(rows);
  let equal = 0;
  let total = 0;
  for (const [chart, own] of tallies) {
    console.log(
      `${chart}: ${own.equal} of ${own.rows} equal, ${own.blankEqual} of ${own.blank} blank`,
    );
    for (const miss of own.misses) console.log(`  ${miss}`);
    equal += own.equal;
    total += own.rows;
  }
  const skipped = rows.filter((row) => row.nondeterministic).length;
  console.log(`helm-charts: ${rows.length} rows, ${equal} of ${total} equal, ${skipped} vary`);
  for (const [chart, own] of tallies) {
    expect(own.equal / own.rows, chart).toBeGreaterThanOrEqual(PER_CHART);
    expect(own.blankEqual, chart).toBe(own.blank);
  }
  expect(equal / total).toBeGreaterThanOrEqual(OVERALL);
});
