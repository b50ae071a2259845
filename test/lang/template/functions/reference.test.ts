// The page docs/reference/template-functions.md lists exactly the functions that exist.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUILTINS } from '../../../../src/lang/template/builtins/index.ts';
import type { FunctionMap } from '../../../../src/lang/template/functions/index.ts';
import {
  HELM_FUNCTIONS,
  PACKAGE_FUNCTIONS,
  RELEASE_FUNCTIONS,
  SPRIG_FUNCTIONS,
} from '../../../../src/lang/template/functions/index.ts';

const page = readFileSync(
  new URL('../../../../docs/reference/template-functions.md', import.meta.url),
  'utf8',
);

const DIALECTS: readonly (readonly [string, FunctionMap])[] = [
  ['sprig', SPRIG_FUNCTIONS],
  ['package', PACKAGE_FUNCTIONS],
  ['helm', HELM_FUNCTIONS],
  ['release', RELEASE_FUNCTIONS],
];

/** `name signature: dialects`, with a mark for what varies. */
function documented(): Set<string> {
  const rows = page.matchAll(/^\| `([^`]+)` +\| `(func[^`]+)` +\| ([^|]+?) +\|([^\n]*)\|$/gm);
  return new Set(
    [...rows].map(([, name, signature, dialects, notes = '']) => {
      const varies = notes.includes('**varies**') ? ' varies' : '';
      return `${name} ${signature}: ${dialects}${varies}`;
    }),
  );
}

function existing(): Set<string> {
  const rows = new Set(BUILTINS.map((each) => `${each.name} ${each.type.name}: all`));
  const names = new Set(DIALECTS.flatMap(([, functions]) => [...functions.keys()]));
  for (const name of names) {
    const bySignature = new Map<string, string[]>();
    let varies = '';
    for (const [dialect, functions] of DIALECTS) {
      const each = functions.get(name);
      if (!each) continue;
      if (each.varies !== undefined) varies = ' varies';
      const dialects = bySignature.get(each.type.name) ?? [];
      bySignature.set(each.type.name, [...dialects, dialect]);
    }
    for (const [signature, dialects] of bySignature) {
      rows.add(`${name} ${signature}: ${dialects.join(', ')}${varies}`);
    }
  }
  return rows;
}

test('every function is documented as it is, and nothing else', () => {
  expect([...documented()].filter((row) => !existing().has(row))).toEqual([]);
  expect([...existing()].filter((row) => !documented().has(row))).toEqual([]);
  expect(documented().size).toBeGreaterThan(230);
});
