// The probe tables of boxcutter: every row that carries an object.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileProbes } from '../../src/probes/index.ts';
import type { ProbeSpec } from '../../src/probes/index.ts';
import { observedGenerationProber } from '../../src/probes/observed-generation.ts';
import { passed } from '../../src/probes/result.ts';
import type { ProbedObject, Prober } from '../../src/probes/result.ts';

const root =
  process.env['SLUICE_CASES'] ?? fileURLToPath(new URL('../../../shared/cases', import.meta.url));
const file = `${root}/third-party/tables/boxcutter-probing.json`;
const present = existsSync(file);

interface Row {
  readonly name: string;
  readonly obj?: ProbedObject;
  readonly rule?: string;
  readonly messages?: readonly string[];
  readonly status?: { readonly $go: string };
}

interface Table {
  readonly source: string;
  readonly cases: readonly Row[];
}

const tables = present ? (parse(readFileSync(file, 'utf8')) as readonly Table[]) : [];

/** `{"$double": 1}` stands for a number that Go reads as a float. */
function parse(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    return typeof value === 'object' && value !== null && '$double' in value
      ? value.$double
      : value;
  });
}

const all = tables.flatMap((table) => table.cases.map((row) => [table.source, row] as const));
const rows = all.flatMap(([source, row]) => {
  const test = source.slice(source.indexOf('#') + 1);
  return row.obj === undefined ? [] : [[test, row.name, { ...row, obj: row.obj }] as const];
});
console.log(
  present
    ? `boxcutter probing: ${rows.length} of ${all.length} rows carry an object`
    : `boxcutter probing: skipped, ${file} is not there`,
);

/** The probe that each of boxcutter's tests builds. */
function proberOf(test: string, row: Row): Prober {
  switch (test) {
    case 'Test_celProbe':
      return compiled({ cel: { rule: row.rule ?? '', message: 'aaaaaah!' } });
    case 'TestCondition':
      return compiled({ condition: { type: 'Available', status: 'False' } });
    case 'TestFieldsEqual':
      return compiled({ fieldsEqual: { fieldA: '.spec.fieldA', fieldB: '.spec.fieldB' } });
    case 'TestStatusObservedGeneration':
      return observedGenerationProber({ probe: () => passed('banana') });
    default:
      throw new Error(`no probe for ${test}`);
  }
}

function compiled(probe: ProbeSpec): Prober {
  const result = compileProbes([{ probes: [probe] }]);
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return result.prober;
}

describe.runIf(present)("Probes answer as boxcutter's tables say", () => {
  it.each(rows)('%s: %s', (test, _, row) => {
    const result = proberOf(test, row).probe(row.obj);
    expect(result.status).toBe(row.status?.$go.replace('Status', ''));
    // A CEL rule that holds says nothing; the table keeps its message only for the other rows.
    const silent = test === 'Test_celProbe' && result.status === 'True';
    expect(result.messages).toEqual(silent ? [] : row.messages);
  });
});
