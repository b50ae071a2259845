// Named formats and text formatting: rows of our own.
import { describe, expect, it } from 'vitest';
import { describeRows, evaluate } from './evaluate.ts';

const sentences = [
  ['dns1123Label', 'my-label-1', 0],
  ['dns1123Label', 'My', 1],
  ['dns1123Label', 'a.b', 1],
  ['dns1123Label', '-a', 1],
  ['dns1123Label', `${'a'.repeat(63)}A`, 2],
  ['dns1123Subdomain', 'a.b-c.d', 0],
  ['dns1123Subdomain', 'a..b', 1],
  ['dns1035Label', 'a1', 0],
  ['dns1035Label', '1a', 1],
  ['qualifiedName', 'example.com/My_name.1', 0],
  ['qualifiedName', 'a/b/c', 1],
  ['qualifiedName', '/a', 1],
  ['qualifiedName', '', 2],
  ['qualifiedName', 'A_/', 3],
  ['dns1123LabelPrefix', 'a-', 0],
  ['dns1123LabelPrefix', '-', 1],
  ['dns1123SubdomainPrefix', 'a.b-', 0],
  ['dns1035LabelPrefix', 'a-', 0],
  ['labelValue', '', 0],
  ['labelValue', 'a b', 1],
  ['uri', 'https://example.com', 0],
  ['uri', 'relative', 1],
  ['uuid', '123e4567e89b12d3a456426614174000', 0],
  ['uuid', '123E4567-e89b-12d3-a456-426614174000', 0],
  ['uuid', '123', 1],
  ['byte', 'aGVsbG8=', 0],
  ['byte', 'aGVsbG8', 1],
  ['byte', '', 1],
  ['date', '2024-02-29', 0],
  ['date', '2023-02-29', 1],
  ['date', '2021-1-01', 1],
  ['datetime', '2021-01-01t00:00:00.5+01:00', 0],
  ['datetime', '2021-01-01T24:00:00Z', 1],
  ['datetime', '2021-01-01T00:00:00', 1],
] as const;

describe('A named format gives one sentence per violated rule', () => {
  it.each(sentences)('%s of "%s": %d', (name, text, count) => {
    const violated = `format.${name}().validate(${JSON.stringify(text)})`;
    const expected = count === 0 ? 'none' : String(count);
    const actual = evaluate(`${violated}.hasValue() ? size(${violated}.value()) : -1`);
    expect(actual === '-1' ? 'none' : actual).toBe(expected);
  });

  it('is found by its name', () => {
    expect(evaluate('format.named("uri").value() == format.uri()')).toBe('true');
    expect(evaluate('format.named("unknown").hasValue()')).toBe('false');
    expect(evaluate('format.named("toString").hasValue()')).toBe('false');
  });
});

describeRows('Text formatting', {
  'prints any value with %s': [
    ['"%s".format([1.5])', '"1.5"'],
    ['"%s".format([1e21])', '"1000000000000000000000"'],
    ['"%s".format([0.000001])', '"0.000001"'],
    ['"%s".format([-0.0])', '"-0"'],
    [
      '"%s %s".format([{"b": dyn(1), "a": dyn([dyn(null), 2u])}, duration("1.5s")])',
      '"{a: [null, 2], b: 1} 1.5s"',
    ],
    ['"%s".format([b"xyz"])', '"xyz"'],
    [String.raw`"%s".format([b"\xff"])`, 'error'],
    ['"%s".format([ip("::1")])', 'error'],
  ],
  'rounds halves to even': [
    ['"%.0f".format([0.5])', '"0"'],
    ['"%.0f".format([1.5])', '"2"'],
    ['"%.2f".format([2.675])', '"2.67"'],
    ['"%.1f".format([0.25])', '"0.2"'],
    ['"%.0e".format([2.5])', '"2×10⁰⁰"'],
    ['"%e".format([9.9999999])', '"1.000000×10⁰¹"'],
    ['"%.2e".format([0.000123])', '"1.23×10⁻⁰⁴"'],
    ['"%f".format([3])', '"3.000000"'],
    ['"%.30f".format([0.1])', '"0.100000000000000005551115123126"'],
    ['"%e".format([0.0])', '"0.000000×10⁰⁰"'],
    ['"%.1f".format([5e-324])', '"0.0"'],
  ],
  'writes integers in other bases': [
    ['"%x %X %o %b".format([-255, 255, 8, 5])', '"-ff FF 10 101"'],
    ['"%x".format(["é"])', '"c3a9"'],
    ['"%b".format([true])', '"1"'],
  ],
  'refuses what does not fit': [
    ['"%d".format(["a"])', 'error'],
    ['"%a".format([1])', 'error'],
    ['"%".format([1])', 'error'],
    ['"%s %s".format([1])', 'error'],
    ['"%.5000f".format([1.0])', 'error'],
    ['"%.f".format([1.0])', 'error'],
  ],
});
