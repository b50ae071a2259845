// The reader of manifests: Kubernetes' meaning of scalars, positions, and what becomes of everything that is wrong.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readManifests } from '../../../src/lang/yaml/index.ts';
import type { YamlValue } from '../../../src/lang/yaml/index.ts';

function valueOf(text: string): YamlValue | undefined {
  const file = readManifests(text);
  expect(file.diagnostics.filter((item) => item.severity === 'error')).toEqual([]);
  return file.documents[0]?.value;
}

describe('what Kubernetes reads', () => {
  // The table of stack-and-style §1.3, and more rows that sigs.k8s.io/yaml gave.
  it.each<[string, string, YamlValue]>([
    ['on is true', 'a: on', { a: true }],
    ['yes is true', 'a: yes', { a: true }],
    ['y is true', 'a: y', { a: true }],
    ['OFF is false', 'a: OFF', { a: false }],
    ['oFF is text', 'a: oFF', { a: 'oFF' }],
    ['a key named on is "true"', 'on: a', { true: 'a' }],
    ['a quoted key stays as it is', '"on": a', { on: 'a' }],
    ['0777 is octal', 'a: 0777', { a: 511 }],
    ['0o777 is octal', 'a: 0o777', { a: 511 }],
    ['08 is no octal', 'a: 08', { a: 8 }],
    ['0b101 is binary', 'a: 0b101', { a: 5 }],
    ['0x1F is hexadecimal', 'a: 0x1F', { a: 31 }],
    ['underscores group digits', 'a: 1_000', { a: 1000 }],
    ['an underscore in front makes text', 'a: _1', { a: '_1' }],
    ['12:30:45 is text', 'a: 12:30:45', { a: '12:30:45' }],
    ['a date is text', 'a: 2024-01-01', { a: '2024-01-01' }],
    ['1e3 is a number', 'a: 1e3', { a: 1000 }],
    ['1e400 is text', 'a: 1e400', { a: '1e400' }],
    ['.5 is a number', 'a: .5', { a: 0.5 }],
    ['minus zero is zero', 'a: -0.0', { a: 0 }],
    ['an integer beyond 2^53 is exact', 'a: 9007199254740993', { a: 9007199254740993n }],
    ['the smallest int64 is exact', 'a: -9223372036854775808', { a: -9223372036854775808n }],
    ['an integer key is text', '1: a', { 1: 'a' }],
    ['a float key is written as Go writes it', '1e6: a', { '1e+06': 'a' }],
    [
      'a merge key merges',
      'x: &x {a: 1}\nz:\n  <<: *x\n  b: 2',
      { x: { a: 1 }, z: { a: 1, b: 2 } },
    ],
    [
      'a key below a merge wins',
      'x: &x {a: 1}\nz:\n  <<: *x\n  a: 2',
      { x: { a: 1 }, z: { a: 2 } },
    ],
    [
      'a merge wins over a key above it',
      'x: &x {a: 1}\nz:\n  a: 2\n  <<: *x',
      { x: { a: 1 }, z: { a: 1 } },
    ],
    [
      'of merged maps the first wins',
      'x: [&x {a: 1}, &y {a: 2, b: 3}]\nz: {<<: [*x, *y]}',
      { x: [{ a: 1 }, { a: 2, b: 3 }], z: { a: 1, b: 3 } },
    ],
    ['a quoted << is a key', '"<<": 1', { '<<': 1 }],
    ['!!str keeps digits as text', 'a: !!str 1', { a: '1' }],
    ['!!int reads a quoted number', 'a: !!int "2"', { a: 2 }],
    ['!!binary is decoded', 'a: !!binary aGVsbG8=', { a: 'hello' }],
    ['an unknown tag is ignored', 'a: !custom 1', { a: '1' }],
    ['CRLF ends lines', 'a: 1\r\nb: |\r\n  x\r\n  y\r\n', { a: 1, b: 'x\ny\n' }],
    ['a byte order mark is dropped', '\ufeffa: 1', { a: 1 }],
    ['a key named __proto__ is data', '__proto__: 1', JSON.parse('{"__proto__":1}') as YamlValue],
    ['JSON is YAML', '{"a": [1, "x\\u00e9", null]}', { a: [1, 'xé', null] }],
  ])('%s', (_sentence, text, value) => {
    expect(valueOf(text)).toEqual(value);
  });

  it('says when an integer is too large to be exact', () => {
    const file = readManifests('a: 12345678901234567890');
    expect(file.documents[0]?.value).toEqual({ a: 12345678901234567000 });
    expect(file.diagnostics).toMatchObject([{ severity: 'warning', line: 1, column: 4 }]);
  });
});

describe('documents', () => {
  it('counts empty documents, and leaves them out', () => {
    const file = readManifests('# head\n---\n---\na: 1\n---\n# nothing\n---\nnull\n---\nb: 2\n');
    expect(file.documents.map((document) => document.value)).toEqual([{ a: 1 }, { b: 2 }]);
    expect(file.emptyDocuments).toBeGreaterThanOrEqual(3);
  });

  it('keeps the line where each document begins', () => {
    const file = readManifests('# head\n\na: 1\n---\n\n# more\nb: 2\n');
    expect(file.documents.map((document) => document.line)).toEqual([3, 7]);
  });

  it('reads nothing from an empty file', () => {
    expect(readManifests('')).toEqual({ documents: [], emptyDocuments: 0, diagnostics: [] });
  });

  it('goes on after a document that does not parse', () => {
    const file = readManifests('a: 1\n---\nb: [1\n---\nc: "3\n---\nd: 4\n', { file: 'x.yaml' });
    expect(
      file.documents.map((document) => [document.index, document.line, document.value]),
    ).toEqual([
      [0, 1, { a: 1 }],
      [3, 7, { d: 4 }],
    ]);
    expect(file.diagnostics.map((item) => item.file)).toEqual(['x.yaml', 'x.yaml']);
  });

  it('drops a document with a duplicate key and keeps its neighbours', () => {
    const file = readManifests('a: 1\n---\nb: 1\nc:\n  d: 1\n  d: 2\n---\ne: 1\n');
    expect(file.documents.map((document) => document.value)).toEqual([{ a: 1 }, { e: 1 }]);
    expect(file.diagnostics).toMatchObject([{ code: 'YamlDuplicateKey', line: 6, column: 3 }]);
  });
});

describe('positions', () => {
  const text = [
    '# comment',
    'metadata:',
    '  name: web',
    '  labels: {app: é, "x y": z}',
    'spec:',
    '- a: 1',
    '  b: |',
    '    text',
    '  empty:',
    'base: &base',
    '  k: 1',
    'copy:',
    '  <<: *base',
    '  on: 2',
  ].join('\n');
  const document = readManifests(text).documents[0];

  it.each<[string, (string | number)[], [number, number, boolean], [number, number, boolean]]>([
    ['the root is its first key', [], [2, 1, true], [2, 1, true]],
    ['a value and its key', ['metadata', 'name'], [3, 9, true], [3, 3, true]],
    ['a value in braces', ['metadata', 'labels', 'app'], [4, 17, true], [4, 12, true]],
    [
      'columns count characters, quotes included',
      ['metadata', 'labels', 'x y'],
      [4, 27, true],
      [4, 20, true],
    ],
    ['a list item', ['spec', 0], [6, 3, true], [6, 3, true]],
    ['a value in a list', ['spec', 0, 'a'], [6, 6, true], [6, 3, true]],
    ['a block text stands at its bar', ['spec', 0, 'b'], [7, 6, true], [7, 3, true]],
    [
      'a value that was left out stands at its key',
      ['spec', 0, 'empty'],
      [9, 3, true],
      [9, 3, true],
    ],
    ['a merged value stands where it was written', ['copy', 'k'], [11, 6, true], [11, 3, true]],
    [
      'a key is found under the name Kubernetes gives it',
      ['copy', 'true'],
      [14, 7, true],
      [14, 3, true],
    ],
    [
      'a missing field is looked for at its parent',
      ['metadata', 'uid'],
      [3, 3, false],
      [3, 3, false],
    ],
    [
      'a missing branch at its nearest ancestor',
      ['status', 'x', 'y'],
      [2, 1, false],
      [2, 1, false],
    ],
  ])('%s', (_sentence, path, value, key) => {
    const shape = (found: { line: number; column: number; exact: boolean } | undefined) =>
      found && [found.line, found.column, found.exact];
    expect(shape(document?.positionOf(path))).toEqual(value);
    expect(shape(document?.keyPositionOf(path))).toEqual(key);
  });

  it('are those of the file in a file with faulty documents', () => {
    const file = readManifests('a: [\n---\nb:\n  c: 1\n');
    expect(file.documents[0]?.positionOf(['b', 'c'])).toEqual({ line: 4, column: 6, exact: true });
  });

  it('are found in every document of a file', () => {
    const file = readManifests('a: 1\n---\nb: 1\n---\nc: 1\n');
    expect(file.documents.map((item, index) => item.positionOf(['abc'[index] ?? '']).line)).toEqual(
      [1, 3, 5],
    );
  });
});

describe('what is wrong with a file', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg', 'ih']) {
    bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(',')}]`);
  }

  it.each<[string, string | Uint8Array, string, RegExp, number, number]>([
    [
      'an open bracket',
      'a: [1, 2\nb: 1\n',
      'YamlInvalid',
      /lacks a comma or is never closed/u,
      1,
      4,
    ],
    ['an open quote', 'a: "b\n', 'YamlInvalid', /never closed/u, 1, 4],
    ['a tab for indentation', 'a:\n\tb: 1\n', 'YamlInvalid', /tab/u, 2, 1],
    ['a second colon', 'a: b: c\n', 'YamlInvalid', /second ": "/u, 1, 5],
    ['a line without a colon', 'a: 1\nb\n', 'YamlInvalid', /key: value/u, 2, 1],
    ['a template expression', 'a: {{ .Values.x }}\n', 'YamlInvalid', /key must be text/u, 1, 5],
    ['a duplicate key', 'a: 1\n"a": 2\n', 'YamlDuplicateKey', /"a" is already set/u, 2, 1],
    ['a duplicate key in disguise', 'on: 1\n"true": 2\n', 'YamlDuplicateKey', /"true"/u, 2, 1],
    ['a null key', 'null: 1\n', 'YamlInvalid', /key is missing or null/u, 1, 1],
    ['a list as a key', '[a]: 1\n', 'YamlInvalid', /key must be text/u, 1, 1],
    ['infinity', 'a: .inf\n', 'YamlInvalid', /infinity/u, 1, 4],
    ['an alias without an anchor', 'a: *x\n', 'YamlInvalid', /no &x stands above/u, 1, 4],
    ['an alias inside its anchor', 'a: &x [*x]\n', 'YamlInvalid', /inside the very value/u, 1, 8],
    ['a merge of something else', 'a: {<<: 1}\n', 'YamlInvalid', /merge key/u, 1, 5],
    ['an alias bomb', bomb.join('\n'), 'YamlLimit', /100000 values/u, 6, 8],
    [
      'too many aliases',
      `a: &a 1\nb: [${'*a,'.repeat(1001)}]`,
      'YamlLimit',
      /1000 aliases/u,
      2,
      3005,
    ],
    [
      'deep nesting',
      `a: ${'['.repeat(300)}${']'.repeat(300)}`,
      'YamlLimit',
      /nested more than 200/u,
      1,
      203,
    ],
    ['a NUL byte', 'a: 1\nb: \0\n', 'FileEncoding', /NUL/u, 2, 4],
    ['a control character', 'a: \u0007\n', 'FileEncoding', /U\+0007/u, 1, 4],
    ['invalid UTF-8', Uint8Array.from([97, 58, 32, 10, 98, 255]), 'FileEncoding', /UTF-8/u, 2, 2],
    ['UTF-16', Uint8Array.from([255, 254, 97, 0]), 'FileEncoding', /UTF-16/u, 1, 1],
  ])('%s', (...row) => {
    const [, input, code, message, line, column] = row;
    const file = readManifests(input, { file: 'f.yaml' });
    expect(file.documents).toEqual([]);
    const [first] = file.diagnostics;
    expect(first).toMatchObject({ code, severity: 'error', file: 'f.yaml' });
    expect(first?.message).toMatch(message);
    expect(first?.hint).not.toBe('');
    expect([first?.line, first?.column]).toEqual([line, column]);
  });

  it('a file over the size limit is not read', () => {
    const file = readManifests('a: 1\n', { limits: { maxBytes: 4 } });
    expect(file.documents).toEqual([]);
    expect(file.diagnostics).toMatchObject([{ code: 'YamlLimit' }]);
  });

  it('documents over the limit are dropped with a word', () => {
    const file = readManifests('a: 1\n---\nb: 1\n---\nc: 1\n', { limits: { maxDocuments: 2 } });
    expect(file.documents.length).toBe(2);
    expect(file.diagnostics).toMatchObject([{ code: 'YamlLimit', line: 5 }]);
  });
});

// Quadratic work would take minutes here: the time limit of a test is the check.
describe('hostile files end within their budget', () => {
  const bigMap = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join(', ');

  it.each<[string, string]>([
    ['a duplicate key in every line', 'a: 1\n'.repeat(100_000)],
    ['a separator in every line', '---\n'.repeat(200_000)],
    ['nothing but opening brackets', '['.repeat(400_000)],
    ['nothing but question marks', '? '.repeat(200_000)],
    ['nothing but dashes', '- '.repeat(200_000)],
    ['nothing but anchors', '&a '.repeat(200_000)],
    [
      'a large map merged again and again',
      `a: &a {${bigMap}}\nb:\n${'  <<: *a\n'.repeat(100_000)}`,
    ],
    ['one endless line of a plain text', 'a '.repeat(400_000)],
    ['one endless text in quotes', `"${'a\n'.repeat(300_000)}"`],
    ['one endless block text', `a: |\n${' x\n'.repeat(300_000)}`],
    ['very many keys on one line', `{${'a: 1, '.repeat(100_000)}}`],
  ])('%s', (_sentence, text) => {
    const file = readManifests(text);
    expect(file.diagnostics.length).toBeLessThan(102);
  });
});

describe('properties', () => {
  const part = fc.constantFrom(
    'a',
    'b: ',
    '- ',
    '  ',
    '\n',
    '\t',
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '"',
    "'",
    '|',
    '>',
    '&a ',
    '*a',
    '<<: ',
    '!',
    '#',
    '---\n',
    '%',
    '\r',
    '\0',
    '?',
    '1',
    '\ufeff',
  );

  it('no text makes the reader throw', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const file = readManifests(parts.join(''));
        for (const document of file.documents) {
          expect(document.line).toBeGreaterThan(0);
          expect(document.positionOf(['a', 0, 'b']).line).toBeGreaterThan(0);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['[]:', '{}:', '[]: a', 'a: []:', '- {}: x'])(
    '%s, a key that Go does not wait for, is a diagnostic and no exception',
    (text) => {
      expect(readManifests(text).diagnostics.map(({ code }) => code)).toEqual(['YamlInvalid']);
    },
  );

  it('no bytes make the reader throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(Array.isArray(readManifests(bytes).diagnostics)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('a faulty document never takes another with it', () => {
    const good = fc.constantFrom('a: 1', 'b: [1, 2]', 'c:\n  d: |\n    x', '# none\ne: "x"');
    const bad = fc.constantFrom(
      'a: [',
      'a: "',
      "a: '",
      'a: b: c',
      'a:\n\tb: 1',
      '{',
      '- a\nb',
      'a: 1\na: 2',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(good, bad), { minLength: 1, maxLength: 6 }), (documents) => {
        const file = readManifests(documents.join('\n---\n'));
        const alone = documents.filter((text) => readManifests(text).diagnostics.length === 0);
        expect(file.documents.length).toBe(alone.length);
      }),
    );
  });
});
