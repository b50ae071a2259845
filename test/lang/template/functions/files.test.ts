// File patterns, and the objects and functions that use them: Helm's Files, getFile, getFileGlob.
import { describe, expect, test } from 'vitest';
import { filesObject, map } from '../../../../src/lang/template/index.ts';
import { compileGlob } from '../../../../src/lang/template/functions/library/file-glob.ts';
import { render } from './render.ts';

const PATHS = ['d.txt', 'a/d.txt', 'a/b/d.txt', 'b/x.txt', 'c.conf', '*'];

describe('patterns as gobwas/glob 0.2.3 has them', () => {
  test.each([
    ['**/d.txt', ['a/d.txt', 'a/b/d.txt']],
    ['**d.txt', ['d.txt', 'a/d.txt', 'a/b/d.txt']],
    ['*/d.txt', ['a/d.txt']],
    ['*', ['d.txt', 'c.conf', '*']],
    ['a/**', ['a/d.txt', 'a/b/d.txt']],
    ['a/**/d.txt', ['a/d.txt', 'a/b/d.txt']],
    ['{a,b}/*.txt', ['a/d.txt', 'b/x.txt']],
    ['*.{txt,conf}', ['d.txt', 'c.conf']],
    ['[!a]*', ['d.txt', 'c.conf', '*']],
    ['[b-d].*', ['d.txt', 'c.conf']],
    ['?.txt', ['d.txt']],
    ['\\*', ['*']],
    ['', []],
  ])('%s matches %j', (pattern, expected) => {
    const compiled = compileGlob(pattern);
    expect(compiled.ok && PATHS.filter(compiled.value)).toEqual(expected);
  });

  test.each([
    ['[z-a]', "hi character 'a' should be greater than lo 'z'"],
    ['[a-cx]', 'expected close range character'],
    ['[', 'unexpected end of input'],
    ['[]', 'could not parse range'],
  ])('%s is refused: %s', (pattern, error) => {
    expect(compileGlob(pattern)).toEqual({ ok: false, error });
  });

  test('a long pattern of stars takes no time', () => {
    const compiled = compileGlob(`${'*a'.repeat(200)}b`);
    expect(compiled.ok && compiled.value('a'.repeat(5000))).toBe(false);
  });
});

const FILES: readonly (readonly [string, string | Uint8Array])[] = [
  ['conf/a.conf', 'k=v\n'],
  ['conf/b.txt', 'l1\n\nl3\n'],
  ['bin', Uint8Array.of(0xff, 0x41)],
];

describe("Helm's Files", () => {
  const value = map([['Files', filesObject(FILES)]]);

  test.each([
    ['{{ .Files.Get "conf/a.conf" }}', 'k=v\n'],
    ['[{{ .Files.Get "nope" }}]', '[]'],
    ['{{ .Files.GetBytes "conf/a.conf" }}', '[107 61 118 10]'],
    ['{{ (.Files.Glob "conf/*").AsConfig }}', 'a.conf: |\n  k=v\nb.txt: |\n  l1\n\n  l3'],
    ['{{ (.Files.Glob "bin").AsSecrets }}', 'bin: /0E='],
    ['{{ .Files.Lines "conf/b.txt" | len }}{{ .Files.Lines "nope" }}', '3[]'],
    [
      '{{ range $path, $_ := .Files.Glob "conf/**" }}{{ $path }} {{ end }}',
      'conf/a.conf conf/b.txt ',
    ],
    ['{{ len (.Files.Glob "[") }}', '3'],
    [
      '{{ len .Files }} {{ index .Files "bin" }} {{ printf "%T" .Files }}',
      '3 [255 65] engine.files',
    ],
    ['{{ .Files.entries }}{{ .Files.constructor }}', '[][]'],
  ])('%s gives %j', (template, expected) => {
    expect(render(template, { dialect: 'helm', value })).toBe(expected);
  });
});

describe("Package Operator's files", () => {
  const hooks = {
    getFile: (path: string) => FILES.find(([name]) => name === path)?.[1],
    listFiles: () => FILES,
  };

  test.each([
    ['{{ getFile "conf/a.conf" }}', 'k=v\n'],
    ['{{ getFile "nope" }}', 'error: error calling getFile: file not found'],
    ['{{ getFileGlob "conf/*" | len }}', '2'],
    ['{{ range $k, $_ := getFileGlob "**.conf" }}{{ $k }}{{ end }}', 'conf/a.conf'],
    ['{{ printf "%T" (getFileGlob "x") }}', 'map[string]string'],
    ['{{ getFileGlob "[" }}', 'error: error calling getFileGlob: unexpected end of input'],
  ])('%s gives %j', (template, expected) => {
    expect(render(template, { dialect: 'package', hooks })).toBe(expected);
  });

  test('without a package there are none', () => {
    expect(render('{{ getFileGlob "**" | len }}', { dialect: 'package' })).toBe('0');
    expect(render('{{ getFile "a" }}', { dialect: 'package' })).toBe(
      'error: error calling getFile: file not found',
    );
  });
});
