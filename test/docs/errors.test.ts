// docs/reference/errors.md lists the codes of the table, no more and no less, and none that nothing raises.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/model/error-codes.ts';
import { codeSpans, readText, ROOT, section, tableRows } from './pages.ts';

const page = readText('docs/reference/errors.md');
const waiting = codeSpans(section(page, '## Not raised yet').split('\n\n')[0] ?? '');

it('lists each code of the table once, with its severity', () => {
  const listed = tableRows(page).map(([code, severity]) => `${code} ${severity}`);
  const known = Object.entries(ERROR_CODES).map(
    ([code, { severity }]) => `\`${code}\` ${severity}`,
  );
  expect(listed.toSorted()).toEqual(known.toSorted());
});

it('says of each code what it means and what to do', () => {
  const short = tableRows(page).filter(([, , meaning, action]) => !meaning || !action);
  expect(short).toEqual([]);
});

it('names under "Not raised yet" exactly the codes that no source file uses', () => {
  const source = sources()
    .filter((file) => !file.endsWith('error-codes.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const unused = Object.keys(ERROR_CODES).filter((code) => !source.includes(`'${code}'`));
  expect(waiting.toSorted()).toEqual(unused.toSorted());
});

function sources(): readonly string[] {
  return readdirSync(path.join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
