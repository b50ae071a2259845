// Runs tables taken from Go sources: a check per table, and a reason for every row that is not asked.
import { afterAll, describe, expect, it } from 'vitest';
import { stringAt } from '../../src/model/json.ts';
import { readTables } from './go-tables.ts';
import type { Row, Table } from './go-tables.ts';

type Check = (row: Row) => void | Promise<void>;

/** Reasons by name of the table, or of the table and the row. */
type Exceptions = Readonly<Record<string, string>>;

export interface Suite {
  readonly file: string;
  readonly checks: Readonly<Record<string, Check>>;
  readonly exceptions: Exceptions;
}

/** Runs every row that a check answers; the others are named with their reason. */
export function runSuite({ file, checks, exceptions }: Suite): void {
  const tables = readTables(file);
  describe.runIf(tables !== undefined)(file, () => {
    const counts: string[] = [];
    const used = new Set<string>();
    const total = { ran: 0, rows: 0 };
    for (const table of tables ?? []) runTable(table, { checks, exceptions, counts, used, total });
    it('has no exception that is no row', () => {
      expect(Object.keys(exceptions).filter((key) => !used.has(key))).toEqual([]);
    });
    afterAll(() => {
      const sum = `${total.ran} of ${total.rows} rows ran`;
      console.log(`${file}: ${sum}\n  ${counts.join('\n  ')}`);
    });
  });
}

interface Run extends Pick<Suite, 'checks' | 'exceptions'> {
  readonly counts: string[];
  readonly used: Set<string>;
  readonly total: { ran: number; rows: number };
}

function runTable({ name, rows }: Table, { checks, exceptions, counts, used, total }: Run): void {
  const check = checks[name];
  const unasked: string[] = [];
  let ran = 0;
  describe(name, () => {
    for (const row of rows) {
      const title = row.name ?? stringAt(row, 'path') ?? '';
      const key = [`${name}/${title}`, name].find((item) => Object.hasOwn(exceptions, item));
      if (key !== undefined) {
        used.add(key);
        unasked.push(`  not asked: ${title}: ${exceptions[key]}`);
        it.skip(`${title} (not asked: ${exceptions[key]})`, () => undefined);
        continue;
      }
      ran += 1;
      it(title, async () => {
        if (check === undefined) throw new Error('nothing answers this table');
        await check(row);
      });
    }
    total.ran += ran;
    total.rows += rows.length;
    counts.push(`${name}: ${ran} of ${rows.length}`, ...unasked);
  });
}
