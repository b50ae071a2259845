// docs/dependencies.md lists what package.json asks for, and package.json asks for what the sources import.
import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText, ROOT, section, tableRows } from './pages.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readText('package.json')) as Manifest;
const page = readText('docs/dependencies.md');

describe.each([
  ['## At run time', manifest.dependencies],
  ['## For development', manifest.devDependencies],
] as const)('%s', (heading, wanted) => {
  const rows = tableRows(section(page, heading));

  it('lists the packages of package.json', () => {
    expect(rows.map(([name = '']) => name.replaceAll('`', ''))).toEqual(Object.keys(wanted));
  });

  it('names the licence that each package carries', () => {
    const claimed = rows.map(([name, licence]) => `${name} ${licence}`);
    const real = Object.keys(wanted).map((name) => `\`${name}\` ${licenceOf(name)}`);
    expect(claimed).toEqual(real);
  });

  it('gives size, use and what would be without it', () => {
    expect(rows.filter((cells) => cells.length !== 5 || cells.includes(''))).toEqual([]);
  });
});

it('src imports the run-time dependencies, each of them, and nothing else', () => {
  expect(importedBy(['src'])).toEqual(Object.keys(manifest.dependencies));
});

it('every development dependency is used by tests, benchmarks or scripts', () => {
  const imported = importedBy(['test', 'bench', 'vitest.config.ts']);
  const tools = Object.values(manifest.scripts).join(' ');
  // Types and compilers are used without an import: by the compiler, by oxlint, by `prepare`.
  const silent = ['@types/node', 'oxlint-tsgolint', 'typescript'];
  const unused = Object.keys(manifest.devDependencies).filter(
    (name) => !imported.includes(name) && !silent.includes(name) && !tools.includes(name),
  );
  expect(unused).toEqual([]);
});

it('the lockfile holds no download addresses', () => {
  // What is left are the pages where authors ask for support.
  const addresses = readText('package-lock.json').matchAll(/"(\w+)": "(https?:[^"]*)"/gu);
  expect([...new Set([...addresses].map((match) => match[1]))]).toEqual(['url']);
  expect(readText('package-lock.json')).not.toMatch(/"resolved"|\.tgz"/u);
});

function licenceOf(name: string): string {
  const text = readFileSync(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly license: string }).license;
}

const IMPORTS =
  /^(?:import|export) (?:[\w*{},\s]+ from )?'([^'\n.][^'\n]*)'|\bimport\('([^'\n.][^'\n]*)'\)/gmu;

/** Packages that files below these places import, sorted. */
function importedBy(places: readonly string[]): readonly string[] {
  const names = new Set<string>();
  for (const file of places.flatMap(filesOf)) {
    const text = readFileSync(file, 'utf8');
    for (const match of text.matchAll(IMPORTS)) {
      const parts = (match[1] ?? match[2] ?? '').split('/');
      const name = parts[0]?.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
      if (name && !name.startsWith('node:') && !builtinModules.includes(name)) names.add(name);
    }
  }
  return [...names].toSorted();
}

function filesOf(place: string): readonly string[] {
  if (place.endsWith('.ts')) return [path.join(ROOT, place)];
  return readdirSync(path.join(ROOT, place), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
