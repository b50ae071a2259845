// Reading as Go's fromYaml does: values and error texts that the real program gave.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/lib/canonical-json.ts';
import { readGoYaml, readManifests, writeGoYamlPretty } from '../../../src/lang/yaml/index.ts';
import type { ReadGoYamlOptions, WritableYaml, YamlValue } from '../../../src/lang/yaml/index.ts';

function data<Row>(name: string): readonly Row[] {
  const text = readFileSync(new URL(`../../data/yaml/${name}`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly rows: readonly Row[] }).rows;
}

function outcome(text: string, options?: ReadGoYamlOptions): YamlValue | { Error: string } {
  const read = readGoYaml(text, options);
  return read.kind === 'read' ? read.value : { Error: read.message };
}

describe('golden rows of real Go', () => {
  const rows = data<[text: string, json: string | null, error?: string]>('go-read.json');

  it('every text gives the same value or the same error', () => {
    expect(rows.length).toBeGreaterThan(1500);
    const wrong = rows.filter(([text, json, error]) => {
      const read = readGoYaml(text);
      if (json === null) {
        return read.kind === 'read' || read.message !== `error converting YAML to JSON: ${error}`;
      }
      return (
        read.kind === 'failed' || canonicalJson(read.value) !== canonicalJson(JSON.parse(json))
      );
    });
    expect(wrong).toEqual([]);
  });

  it('manifests have the same values, and are refused where Go refuses', () => {
    const wrong = rows.filter(([text, json]) => {
      const file = readManifests(text, { duplicateKeys: 'last' });
      const failed = file.diagnostics.some((item) => item.severity === 'error');
      if (json === null) return !failed;
      // Go does not look at what follows a complete document, nor at values that a later key replaces.
      const stricter = file.diagnostics.some(
        (item) => item.code === 'YamlDuplicateKey' || /does not continue/u.test(item.message),
      );
      if (failed) return !stricter;
      // A file that was cut into documents has more than the first one.
      const value = file.documents[0]?.value ?? null;
      return (
        file.documents.length < 2 &&
        canonicalJson(asFloats(value)) !== canonicalJson(JSON.parse(json))
      );
    });
    expect(wrong).toEqual([]);
  });

  it('toYamlPretty writes every value as yaml/v3 does', () => {
    const pretty = data<[value: WritableYaml, text: string]>('go-pretty.json');
    expect(pretty.length).toBeGreaterThan(600);
    const wrong = pretty.filter(([value, text]) => {
      const written = writeGoYamlPretty(value);
      return written.kind === 'failed' || written.text !== text;
    });
    expect(wrong).toEqual([]);
  });
});

function asFloats(value: YamlValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as YamlValue[]).map(asFloats);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asFloats(member)]));
}

describe('fromYaml', () => {
  const failed = (message: string) => ({ Error: `error converting YAML to JSON: ${message}` });

  it.each<[string, string, YamlValue | { Error: string }]>([
    ['the last of equal keys wins', 'a: 1\na: 2\n', { a: 2 }],
    ['only the first document counts', 'a: 1\n---\nb: 2\n', { a: 1 }],
    ['a fault in a later document does not matter', 'a: 1\n---\n: [', { a: 1 }],
    ['a comment alone is null', '# x\n', null],
    ['an alias is written out anew', 'a: &a {b: 1}\nc: *a\n', { a: { b: 1 }, c: { b: 1 } }],
    ['integers become floats', 'a: 9007199254740993\n', { a: 9007199254740992 }],
    ['a bracket may close in column 0', 'a: [\n  1\n]\n', { a: [1] }],
    [
      'bad indentation',
      'a: 1\n b: 2\n',
      failed('yaml: line 2: mapping values are not allowed in this context'),
    ],
    ['a tab', 'a:\n\tb: 1\n', failed('yaml: line 2: found character that cannot start any token')],
    [
      'the first line has no number',
      'a: b: c\n',
      failed('yaml: mapping values are not allowed in this context'),
    ],
    ['an open bracket', 'a: [1, 2\n', failed("yaml: line 1: did not find expected ',' or ']'")],
    ['an unknown alias', 'a: *x\n', failed("yaml: unknown anchor 'x' referenced")],
    [
      'an unknown alias comes before a later fault',
      'a: *x\nb: [\n',
      failed("yaml: unknown anchor 'x' referenced"),
    ],
    [
      'an alias inside its anchor',
      'a: &x [*x]\n',
      failed("yaml: anchor 'x' value contains itself"),
    ],
    ['infinity', 'a: .inf\n', failed('json: unsupported value: +Inf')],
    [
      'a null key',
      'null: d\n',
      failed('unsupported map key of type: %!s(<nil>), key: <nil>, value: "d"'),
    ],
    [
      'a map as a key',
      '{a: 1}: b\n',
      failed('yaml: invalid map key: map[interface {}]interface {}{"a":1}'),
    ],
    [
      'a merge of a number',
      '<<: 1\n',
      failed('yaml: map merge requires map or sequence of maps as the value'),
    ],
    ['a control character', 'a: \u0007\n', failed('yaml: control characters are not allowed')],
    ['an invalid byte', 'a: \udc80\n', failed('yaml: invalid leading UTF-8 octet')],
    [
      'an invalid byte after a leading one',
      'a: \udcc3(\n',
      failed('yaml: invalid trailing UTF-8 octet'),
    ],
  ])('%s', (_sentence, text, expected) => {
    expect(outcome(text)).toEqual(expected);
  });

  it('refuses an alias bomb as Go does', () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg', 'ih']) {
      lines.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(',')}]`);
    }
    expect(outcome(lines.join('\n'))).toEqual(failed('yaml: document contains excessive aliasing'));
  });

  it('says which kind of value it wanted', () => {
    const prefix = 'error unmarshaling JSON: while decoding JSON: json: cannot unmarshal';
    expect(outcome('a: 1', { into: 'array' })).toEqual({
      Error: `${prefix} object into Go value of type []interface {}`,
    });
    expect(outcome('- 1', { into: 'map' })).toEqual({
      Error: `${prefix} array into Go value of type map[string]interface {}`,
    });
    expect(outcome('5', { into: 'map' })).toEqual({
      Error: `${prefix} number into Go value of type map[string]interface {}`,
    });
    expect(outcome('', { into: 'map' })).toBeNull();
  });

  it.each<[string, string, YamlValue]>([
    ['an integer is an integer', 'a: 1', { a: 1n }],
    ['an integral float is one too, for its JSON text is', 'a: 1e3', { a: 1000n }],
    ['a fraction is a float', 'a: 1.5', { a: 1.5 }],
    ['an integer beyond 2^53 is exact', 'a: 9007199254740993', { a: 9007199254740993n }],
    [
      'an integer beyond 64 bits is a float',
      'a: 12345678901234567890',
      { a: 12345678901234567000 },
    ],
    ['minus zero is zero', 'a: -0.0', { a: 0n }],
  ])('in int64 mode %s', (_sentence, text, expected) => {
    expect(outcome(text, { numbers: 'int64' })).toEqual(expected);
  });
});
