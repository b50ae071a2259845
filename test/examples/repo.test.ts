// The example repository: every file is clean, and its README names what exists.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readManifests } from '../../src/lang/yaml/index.ts';

const root = fileURLToPath(new URL('../../examples/repo/', import.meta.url));
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
  .sort();

describe('examples/repo', () => {
  it.each(files.filter((file) => /\.ya?ml$/u.test(file)))('%s is clean YAML', (file) => {
    const read = readManifests(readFileSync(path.join(root, file)), { file });
    expect(read.diagnostics).toEqual([]);
    expect(read.documents.length).toBeGreaterThan(0);
  });

  it('has the parts that its README describes', () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/`((?:packages|clusters)\/[\w./-]+)`/gu)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });

  it('names no unit in depends-on that no file defines', () => {
    const texts = files.map((file) => readFileSync(path.join(root, file), 'utf8'));
    const wanted = texts.flatMap((text) => [...text.matchAll(/sluice\.dev\/depends-on: (.*)/gu)]);
    const ids = new Set(wanted.flatMap((match) => (match[1] ?? '').split(', ')));
    expect([...ids].sort()).toEqual([
      'ClusterPackage.package-operator.run/postgres',
      'Folder/clusters/local/base',
    ]);
  });
});
