// Who owns which object of a target, and what two claims for one object mean.
import { describe, expect, test } from 'vitest';
import { claimOwnership } from '../../src/render/ownership.ts';
import type { UnitClaims } from '../../src/render/ownership.ts';
import { repository } from '../support/repository.ts';

const configMap = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: web}\n`;

function claims(files: Record<string, string>): readonly UnitClaims[] {
  const repo = repository(files);
  return repo.discovery.units.map((unit) => {
    const result = repo.render(unit.id);
    if (result.kind === 'failed') throw new Error(unit.id);
    return { unit: unit.id, target: unit.target, desired: result.desired };
  });
}

const KEY = 'local|ConfigMap/web/same';

describe('ownership', () => {
  test('every object belongs to the unit that renders it', () => {
    const found = claimOwnership(
      claims({ 'a/x.yaml': configMap('one'), 'b/x.yaml': configMap('two') }),
      () => undefined,
    );
    expect([...found.owners]).toEqual([
      ['local|ConfigMap/web/one', 'local:Folder/a'],
      ['local|ConfigMap/web/two', 'local:Folder/b'],
    ]);
    expect(found.conflicts).toEqual([]);
  });

  const both = () => claims({ 'a/x.yaml': configMap('same'), 'b/x.yaml': configMap('same') });

  test('two new claims: neither applies it, both are told', () => {
    const found = claimOwnership(both(), () => undefined);
    expect(found.owners.has(KEY)).toBe(false);
    expect(found.conflicts).toEqual([
      { key: KEY, units: ['local:Folder/a', 'local:Folder/b'], keeper: undefined },
    ]);
    expect(
      [...found.diagnostics.values()]
        .flat()
        .map(({ file, line, message }) => `${file}:${line} ${message}`),
    ).toEqual([
      'a/x.yaml:1 ConfigMap/web/same is also claimed by local:Folder/b (b/x.yaml:1); neither applies it',
      'b/x.yaml:1 ConfigMap/web/same is also claimed by local:Folder/a (a/x.yaml:1); neither applies it',
    ]);
  });

  test('a unit that already had it keeps it', () => {
    const found = claimOwnership(both(), (key) => (key === KEY ? 'local:Folder/b' : undefined));
    expect(found.owners.get(KEY)).toBe('local:Folder/b');
    expect(found.diagnostics.get('local:Folder/a')?.map(({ message }) => message)).toEqual([
      'ConfigMap/web/same is also claimed by local:Folder/b (b/x.yaml:1); local:Folder/b had it before and keeps it',
    ]);
  });

  test('a unit that wants it no more does not keep it', () => {
    const found = claimOwnership(both(), () => 'local:Folder/gone');
    expect(found.conflicts[0]?.keeper).toBeUndefined();
  });

  test('the same name on two targets is two objects', () => {
    const sluice =
      'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec:\n  targets: [{name: a, type: embedded}, {name: b, type: embedded}]\n  sync: [{path: x, target: a}, {path: x, target: b}]\n';
    const found = claimOwnership(
      claims({ 'sluice.yaml': sluice, 'x/x.yaml': configMap('same') }),
      () => undefined,
    );
    expect([...found.owners.keys()]).toEqual(['a|ConfigMap/web/same', 'b|ConfigMap/web/same']);
  });
});
