// Every page has a title, links that lead somewhere and templates that are whole, and knows no machine.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorOf, PAGES, prose, readText, ROOT } from './pages.ts';

/** What a formatter makes of `{{ .x }}` where it takes a template for YAML: fence templates as `gotmpl`. */
const BROKEN_TEMPLATE = /\{ \{/u;
const MACHINE_PATH = /(?:^|[\s"'`(=])\/(?:work|home|root|Users|tmp|mnt|private)\//u;

describe.each(PAGES)('%s', (page) => {
  const text = readText(page);

  it('begins with a title', () => {
    expect(text).toMatch(/^# \S/u);
  });

  it('has only links that lead somewhere', () => {
    expect(deadLinks(page, text)).toEqual([]);
  });

  it('holds no template that a formatter took apart', () => {
    expect(text.split('\n').filter((line) => BROKEN_TEMPLATE.test(line))).toEqual([]);
  });

  it('names no path of a machine', () => {
    expect(text.split('\n').filter((line) => MACHINE_PATH.test(line))).toEqual([]);
  });
});

it('finds a dead link, a dead anchor, a broken template and a machine path where there is one', () => {
  const page = 'docs/README.md';
  expect(deadLinks(page, '[a](nowhere.md)')).toEqual(['nowhere.md']);
  expect(deadLinks(page, '[a](../README.md#nothing)')).toEqual(['../README.md#nothing']);
  expect(deadLinks(page, '[a](../README.md#concepts) [b](https://example.test/)')).toEqual([]);
  expect(BROKEN_TEMPLATE.test('  name: { { .package.metadata.name } }')).toBe(true);
  expect(BROKEN_TEMPLATE.test('name: {{ .package.metadata.name }}')).toBe(false);
  expect(MACHINE_PATH.test('see /home/me/notes')).toBe(true);
});

it('lists every page of the reference in docs/README.md', () => {
  const index = readText('docs/README.md');
  const pages = PAGES.filter((page) => /^docs\/(?:reference|guides|adr)\//u.test(page));
  expect(pages.filter((page) => !index.includes(`(${path.relative('docs', page)})`))).toEqual([]);
});

function deadLinks(page: string, text: string): readonly string[] {
  const links = [...prose(text).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/gu)].map(
    (match) => match[1] ?? '',
  );
  return links.filter((link) => !/^[a-z][a-z+.-]*:/iu.test(link) && !leadsSomewhere(page, link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.join(path.dirname(page), decodeURIComponent(file));
  const place = path.join(ROOT, target);
  if (!existsSync(place)) return false;
  if (anchor === undefined) return true;
  return statSync(place).isFile() && anchorsOf(readText(target)).has(anchor);
}

function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...prose(text).matchAll(/^#{1,6} +(.+)$/gmu)];
  return new Set(headings.map((match) => anchorOf(match[1] ?? '')));
}
