// docs/reference/templates.md names every function, and marks those whose output varies.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUILTINS } from '../../../src/lang/template/builtins/index.ts';
import { DEFAULT_LIMITS, DIALECTS } from '../../../src/lang/template/index.ts';

const TEXT = readFileSync(new URL('../../../docs/reference/templates.md', import.meta.url), 'utf8');

test('every function of every dialect is documented', () => {
  const names = new Set(BUILTINS.map((fn) => fn.name));
  for (const dialect of Object.values(DIALECTS)) {
    for (const name of dialect.functions.keys()) names.add(name);
  }
  const missing = [...names].filter((name) => !TEXT.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

test('functions that vary are marked, and no others', () => {
  for (const fn of DIALECTS.helm.functions.values()) {
    const marked = TEXT.includes(`\`${fn.name}\`✻`);
    expect({ name: fn.name, marked }).toEqual({ name: fn.name, marked: fn.varies !== undefined });
  }
});

test('every limit and every dialect is documented', () => {
  for (const name of [...Object.keys(DEFAULT_LIMITS), ...Object.keys(DIALECTS)]) {
    expect(TEXT).toContain(`| \`${name}\``);
  }
});
