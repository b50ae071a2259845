// Names on the status branch: any name gives a safe path, no two give the same, and the way back is exact.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnitName } from '../../src/model/unit-id.ts';
import {
  escapeSegment,
  indexPath,
  parseUnitDirectory,
  planPath,
  unescapeSegment,
  unitDirectory,
  unitDirectoryOf,
} from '../../src/status/paths.ts';

const unit = (parts: Partial<UnitName>): UnitName => ({
  target: 'local',
  group: 'package-operator.run',
  kind: 'Package',
  namespace: 'web',
  name: 'shop',
  ...parts,
});
const folder = (name: string): UnitName => unit({ group: '', kind: 'Folder', namespace: '', name });

describe('a unit’s directory', () => {
  it.each([
    [unit({}), 'units/local/web/Package.package-operator.run/shop'],
    [
      unit({ namespace: '', kind: 'ClusterPackage' }),
      'units/local/_cluster/ClusterPackage.package-operator.run/shop',
    ],
    [unit({ group: '', kind: 'ConfigMap' }), 'units/local/web/ConfigMap/shop'],
    [unit({ name: '../../etc' }), 'units/local/web/Package.package-operator.run/%2E.%2F..%2Fetc'],
    [
      unit({ name: 'a b\nc/ü%' }),
      'units/local/web/Package.package-operator.run/a%20b%0Ac%2F%C3%BC%25',
    ],
    [unit({ namespace: '_cluster' }), 'units/local/%5Fcluster/Package.package-operator.run/shop'],
    [unit({ namespace: '_folders' }), 'units/local/%5Ffolders/Package.package-operator.run/shop'],
    [folder('clusters/local'), 'units/local/_folders/clusters/local'],
    [folder('.'), 'units/local/_folders/%2E'],
    [folder('.github/a b'), 'units/local/_folders/%2Egithub/a%20b'],
    [folder('a/revisions/unit.yaml'), 'units/local/_folders/a/%72evisions/%75nit.yaml'],
    [folder('inventory.yaml'), 'units/local/_folders/%69nventory.yaml'],
  ])('%j lies at %s', (name, directory) => {
    expect(unitDirectory(name)).toBe(directory);
    expect(parseUnitDirectory(directory)).toEqual(name);
  });

  it('is exact both ways for any names that are not cut', () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 6 })
      .filter((s) => Buffer.from(s).toString() === s);
    const names = fc.record({
      target: text,
      group: fc.option(text, { nil: '' }),
      kind: text,
      namespace: fc.option(text, { nil: '' }),
      name: text,
    });
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(name.kind !== 'Folder');
        const directory = unitDirectory(name);
        expect(directory).toMatch(/^units(?:\/[A-Za-z0-9_%-][A-Za-z0-9._%-]*){4}$/u);
        expect(parseUnitDirectory(directory)).toEqual(name);
      }),
    );
  });

  it('differs for different units', () => {
    const text = fc.constantFrom(
      'a',
      'b',
      '.',
      '..',
      'a.b',
      '_cluster',
      '_folders',
      'a/b',
      '%',
      '%2E',
      'revisions',
      'unit.yaml',
    );
    const names = fc.record({
      target: text,
      group: fc.constantFrom('', 'a', 'a.b'),
      kind: fc.constantFrom('a', 'a.b', 'Folder', '_'),
      namespace: fc.option(text, { nil: '' }),
      name: text,
    });
    fc.assert(
      fc.property(names, names, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(unitDirectory(one) === unitDirectory(other)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['units/local/web/Package.x/shop/unit.yaml', 'units/local/web/Package.x/shop'],
    ['units/local/_folders/a/revisions/3/phases/00-x.yaml', 'units/local/_folders/a'],
    ['units/local/_folders/a/%72evisions/inventory.yaml', 'units/local/_folders/a/%72evisions'],
    ['README.md', undefined],
    ['index/local/web.json', undefined],
  ])('of the file %s is %s', (file, directory) => {
    expect(unitDirectoryOf(file)).toBe(directory);
  });
});

describe('a long name', () => {
  it('of 300 characters is cut to 200 bytes with a hash, and cannot be read back', () => {
    const [one, other] = ['x'.repeat(300), `${'x'.repeat(299)}y`].map(escapeSegment);
    expect(one).toHaveLength(200);
    expect(one).toMatch(/^x{179}~[0-9a-f]{20}$/u);
    expect(one).not.toBe(other);
    expect(unescapeSegment(one ?? '')).toBeUndefined();
    expect(parseUnitDirectory(unitDirectory(unit({ name: 'x'.repeat(300) })))).toBeUndefined();
  });

  it('is not cut inside an escape', () => {
    for (let length = 60; length < 70; length++) {
      const [kept] = escapeSegment(`${'a'.repeat(length)}${'ü'.repeat(60)}`).split('~');
      expect(kept).toMatch(/^(?:a|%[0-9A-F]{2})+$/u);
    }
  });

  it('can have a cut kind as well', () => {
    const directory = unitDirectory(unit({ group: 'g'.repeat(250) }));
    for (const part of directory.split('/')) expect(part.length).toBeLessThanOrEqual(200);
  });
});

describe('other places', () => {
  it('keep slashes of names out of the path', () => {
    expect(indexPath('local', 'web')).toBe('index/local/web.json');
    expect(indexPath('local', '')).toBe('index/local/_cluster.json');
    expect(planPath('feature/x', 'md')).toBe('plans/feature%2Fx.md');
  });

  it.each(['a%', '%zz', '%2e', '%FF', 'a/b', '', 'ü'])('%j is no segment of ours', (segment) => {
    expect(unescapeSegment(segment)).toBeUndefined();
  });
});
