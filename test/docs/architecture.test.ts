// ARCHITECTURE.md names the folders, ports and layer rules that there are.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeSpans, readText, ROOT, section, tableRows } from './pages.ts';

const page = readText('ARCHITECTURE.md');

it('says one thing of every folder and file of src', () => {
  const listed = tableRows(section(page, '## Folders')).map(([name = '']) =>
    name.replaceAll('`', ''),
  );
  const real = readdirSync(path.join(ROOT, 'src')).map((name) => `src/${name}`);
  expect(listed.toSorted()).toEqual(real.toSorted());
});

it('has a row of layer rules for every group of folders that lint restricts', () => {
  const lint = JSON.parse(readText('.oxlintrc.json')) as {
    readonly overrides: readonly { readonly files: readonly string[]; readonly rules: object }[];
  };
  const restricted = lint.overrides
    .filter((entry) => 'no-restricted-imports' in entry.rules)
    .map((entry) =>
      entry.files
        .map((file) => file.replace('/**', ''))
        .toSorted()
        .join(),
    );
  const listed = tableRows(section(page, '## Layer rules')).map(([files = '']) =>
    codeSpans(files).toSorted().join(),
  );
  expect(listed.toSorted()).toEqual(restricted.toSorted());
});

describe('files that it names', () => {
  const ports = codeSpans(section(page, '## Ports')).filter((name) => name.includes('/'));
  const formats = tableRows(section(page, '## Formats that are dear to change'))
    .flatMap((cells) => codeSpans(cells[2] ?? ''))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name}`);

  it.each([...new Set([...ports, ...formats])])('%s exists', (name) => {
    const place = name.startsWith('targets/') ? `src/${name}` : name;
    expect(existsSync(path.join(ROOT, place))).toBe(true);
  });
});
