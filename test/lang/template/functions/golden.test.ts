// What real Go with sprig 3.3 made of some thousand calls (data/template/functions.jsonl).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  createTemplateSet,
  DIALECTS,
  execute,
  parseJson,
  toBytes,
} from '../../../../src/lang/template/index.ts';

interface Row {
  readonly family: string;
  readonly template: string;
  readonly data?: unknown;
  readonly expected?: string;
  readonly expectedBase64?: string;
  readonly error?: string;
}

const file = new URL('../../../data/template/functions.jsonl', import.meta.url);
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

/** Sprig's functions, and Helm's for TOML. */
const FUNCTIONS = [...DIALECTS.sprig.functions.values()];
const TOML = ['toToml', 'fromToml'].map((name) => DIALECTS.helm.functions.get(name));

function outcome(row: Row): Pick<Row, 'expected' | 'expectedBase64' | 'error'> {
  const set = createTemplateSet(DIALECTS.sprig, {
    varying: 'allow',
    extraFunctions: [...FUNCTIONS, ...TOML.filter((each) => each !== undefined)],
  });
  const added = set.parse('t', row.template);
  if (!added.ok) return { error: added.error.message };
  const result = execute(set, 't', parseJson(JSON.stringify(row.data ?? null), 'float64'));
  if (!result.ok) return { error: result.error.message };
  if (row.expectedBase64 === undefined) return { expected: result.output };
  return { expectedBase64: Buffer.from(toBytes(result.output)).toString('base64') };
}

describe.each([...new Set(rows.map((row) => row.family))])('%s', (family) => {
  test('gives what Go gives', () => {
    for (const row of rows.filter((each) => each.family === family)) {
      const { expected, expectedBase64, error } = row;
      const wanted =
        error !== undefined
          ? { error }
          : expectedBase64 !== undefined
            ? { expectedBase64 }
            : { expected };
      expect(outcome(row), row.template).toEqual(wanted);
    }
  });
});
