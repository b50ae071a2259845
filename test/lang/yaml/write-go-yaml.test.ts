// The writers: every value that real Go wrote, the traps of the detour over JSON, and round trips of our own files.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readManifests,
  writeGoYaml,
  writeGoYamlPretty,
  writeManifest,
} from '../../../src/lang/yaml/index.ts';
import type { WritableYaml } from '../../../src/lang/yaml/index.ts';

interface GoldenCase {
  readonly name: string;
  readonly value: WritableYaml;
  readonly expected: string;
}

function textOf(value: WritableYaml, write = writeGoYaml): string {
  const written = write(value);
  return written.kind === 'written' ? written.text : `failed: ${written.message}`;
}

describe('toYaml', () => {
  const golden = JSON.parse(
    readFileSync(new URL('../../data/template/to-yaml.json', import.meta.url), 'utf8'),
  ) as { readonly cases: readonly GoldenCase[] };

  it('writes every golden value byte for byte as Go does', () => {
    expect(golden.cases.length).toBeGreaterThan(1800);
    const wrong = golden.cases.filter(
      (row) => textOf(row.value).replace(/\n$/u, '') !== row.expected,
    );
    expect(wrong.map((row) => row.name)).toEqual([]);
  });

  // Expected values come from sigs.k8s.io/yaml 1.6.0 with yaml/v2 2.4.4.
  it.each<[string, WritableYaml, string]>([
    ['keys are in natural order', { a10: 1, a2: 2, Z: 3, _: 4 }, '_: 4\nZ: 3\na2: 2\na10: 1\n'],
    ['a list stands in the column of its key', { a: [[1], []] }, 'a:\n- - 1\n- []\n'],
    ['a million is an integer', 1e6, '1000000\n'],
    ['minus zero is zero', -0, '0\n'],
    ['a float beyond 64 bits keeps its exponent', 1e21, '1e+21\n'],
    ['an integer beyond 2^53 is exact', 9007199254740993n, '9007199254740993\n'],
    [
      'the JSON text decides the digits of a large float',
      8911538690164596000,
      '8911538690164596000\n',
    ],
    ['a text of a lone merge key stays plain', { '<<': '=' }, '<<: =\n'],
    [
      'a key of several lines is written with a question mark',
      { 'x\ny': [1] },
      '? |-\n  x\n  y\n: - 1\n',
    ],
    [
      'a key over 128 bytes is written with a question mark',
      { ['z'.repeat(129)]: 1 },
      `? ${'z'.repeat(129)}\n: 1\n`,
    ],
    ['NEL comes back from the detour as a space', 'a\u0085b', 'a b\n'],
    ['two NEL come back as a line feed', 'x\u0085\u0085y', '|-\n  x\n  y\n'],
    ['an invalid byte is U+FFFD', 'a\udc80b', 'a\ufffdb\n'],
    [
      'a text that starts with a byte order mark is escaped whole',
      '\ufeffab',
      '"\\uFEFF\\x61\\x62"\n',
    ],
    [
      'a map with string keys counts as an object',
      new Map([
        ['b', 1],
        ['a', 2],
      ]),
      'a: 2\nb: 1\n',
    ],
    ['DEL makes Go fail', 'x\u007f', 'failed: yaml: control characters are not allowed'],
    [
      'a C1 control character makes Go fail',
      '\u0080',
      'failed: yaml: control characters are not allowed',
    ],
    [
      'a key of 1022 characters is the longest',
      { ['k'.repeat(1022)]: 1 },
      `? ${'k'.repeat(1022)}\n: 1\n`,
    ],
    [
      'a longer key makes Go fail',
      { ['k'.repeat(1023)]: 1 },
      "failed: yaml: did not find expected ',' or '}'",
    ],
    [
      'a key with NEL makes Go fail',
      { 'a\u0085b': 1 },
      "failed: yaml: line 1: did not find expected ',' or '}'",
    ],
    [
      'infinity is no JSON',
      { a: Infinity },
      'failed: error marshaling into JSON: json: unsupported value: +Inf',
    ],
  ])('%s', (_sentence, value, expected) => {
    expect(textOf(value)).toBe(expected);
  });
});

describe('toYamlPretty', () => {
  // Expected values come from yaml/v3 3.0.4 with SetIndent(2).
  it.each<[string, WritableYaml, string]>([
    [
      'lists are indented under their key',
      { a: [1, { c: ['d'] }] },
      'a:\n  - 1\n  - c:\n      - d\n',
    ],
    ['a million keeps the form of a float', { f: 1e6, i: 1000000n }, 'f: 1e+06\ni: 1000000\n'],
    ['minus zero shows', -0, '-0\n'],
    ['nothing is folded', `${'word '.repeat(30)}end`, `${'word '.repeat(30)}end\n`],
    ['a tab does not forbid a literal', 'a\tb\nc', '|-\n  a\tb\n  c\n'],
    ['old booleans are quoted', ['yes', 'y', 'off'], '- "yes"\n- "y"\n- "off"\n'],
    ['control characters are escaped, not refused', 'x\u007f', '"x\\x7F"\n'],
    ['invalid bytes are written as binary', 'a\udc80', '!!binary YYA=\n'],
    ['a digit run in common puts letters first', { a1b: 1, 'a1-': 2 }, 'a1b: 1\na1-: 2\n'],
  ])('%s', (_sentence, value, expected) => {
    expect(textOf(value, writeGoYamlPretty)).toBe(expected);
  });
});

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        'a',
        ' ',
        '  ',
        '\n',
        '\t',
        ':',
        ': ',
        '#',
        ' #',
        '-',
        '- ',
        '|',
        "'",
        '"',
        '<<',
        '\u2028',
        '\u0085',
        '\ufeff',
        '\u007f',
        'yes',
        '0x1',
        '~',
        '{{',
        '1e3',
        '---\n',
        '\r',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);
const scalar = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const { node } = fc.letrec<{ node: WritableYaml }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(text, tie('node'), { maxKeys: 4 }),
  ),
}));

/** What a value is after reading: -0 is 0, small integers are numbers, undefined does not occur. */
function normal(value: WritableYaml): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === 'number') {
    if (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 2 ** 63) {
      return BigInt(String(value));
    }
    return value === 0 ? 0 : value;
  }
  if (typeof value === 'string') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as WritableYaml[]).map(normal);
  return Object.fromEntries(
    Object.entries(value as Record<string, WritableYaml>).map(([key, member]) => [
      key,
      normal(member),
    ]),
  );
}

describe('writeManifest', () => {
  it('is read back as the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(text, node, { minKeys: 1, maxKeys: 4 }), (value) => {
        const read = readManifests(writeManifest(value));
        expect(read.diagnostics).toEqual([]);
        expect(read.documents[0]?.value).toEqual(normal(value));
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(text, scalar, { maxKeys: 6 }), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(writeManifest(reversed)).toBe(writeManifest(value));
      }),
    );
  });

  it('keeps the order of keys when asked to', () => {
    expect(writeManifest({ b: 1, a: [2] }, { sortKeys: false })).toBe('b: 1\na:\n- 2\n');
  });

  it('sorts by code unit, so that a reader finds a key without knowing the rule', () => {
    expect(writeManifest({ a10: 1, a2: 2, Z: 3 })).toBe('Z: 3\na10: 1\na2: 2\n');
  });
});
