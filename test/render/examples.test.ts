// The example repository from end to end: every unit is found and renders without a complaint.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromBytes } from '../../src/lang/template/index.ts';
import { readFolder } from '../support/package-files.ts';
import { repository, shown } from '../support/repository.ts';

const ROOT = join(import.meta.dirname, '../../examples/repo');
const texts = Object.fromEntries(
  [...readFolder(ROOT)].map(([path, bytes]) => [path, fromBytes(bytes)]),
);
const repo = repository(texts);

describe('examples/repo', () => {
  test('is discovered without a complaint', () => {
    expect(shown(repo.discovery.diagnostics)).toEqual([]);
    expect(repo.discovery.brokenFiles).toEqual([]);
    expect(repo.discovery.units.flatMap((unit) => shown(unit.problems))).toEqual([]);
  });

  test.each(repo.discovery.units.map(({ id }) => id))('%s renders', (id) => {
    const result = repo.render(id);
    expect(shown(result.diagnostics)).toEqual([]);
    expect(result.kind).toBe('rendered');
    if (result.kind !== 'rendered') return;
    const { phases } = result.desired;
    expect(phases.length).toBeGreaterThan(0);
    expect(phases.filter(({ objects }) => objects.length === 0)).toEqual([]);
    expect(repo.render(id)).toEqual(result);
  });
});
