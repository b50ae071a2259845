// Number and string literals as Go's strconv reads and writes them.
import { describe, expect, test } from 'vitest';
import { formatFloat } from '../../../src/lang/template/strconv/float.ts';
import type { FloatFormat } from '../../../src/lang/template/strconv/float.ts';
import {
  parseFloat64,
  parseInteger,
  parseUint,
} from '../../../src/lang/template/strconv/number.ts';
import {
  quote,
  quoteRune,
  quoteToAscii,
  unquote,
} from '../../../src/lang/template/strconv/quote.ts';

describe('formatFloat', () => {
  const rows: readonly (readonly [number, FloatFormat, number, string])[] = [
    [1, 'e', 5, '1.00000e+00'],
    [400, 'g', 17, '400'],
    [4e-7, 'g', -1, '4e-07'],
    [2.5, 'f', 0, '2'],
    [3.5, 'f', 0, '4'],
    [0.1, 'f', 25, '0.1000000000000000055511151'],
    [1e23, 'g', 17, '9.9999999999999992e+22'],
    [100, 'x', -1, '0x1.9p+06'],
    [1, 'b', -1, '4503599627370496p-52'],
    [-0, 'g', -1, '-0'],
    [999999.5, 'g', -1, '999999.5'],
    [1000000, 'g', -1, '1e+06'],
    [123456789, 'g', -1, '1.23456789e+08'],
    [5e-324, 'g', -1, '5e-324'],
    [1.7976931348623157e308, 'e', 3, '1.798e+308'],
    [0, 'e', 2, '0.00e+00'],
    [0.00001234, 'g', 2, '1.2e-05'],
    [9.99, 'x', 1, '0x1.4p+03'],
    [Infinity, 'g', -1, '+Inf'],
    [Number.NaN, 'f', 3, 'NaN'],
  ];
  test.each(rows)('%d as %s with precision %d is %s', (value, format, precision, expected) => {
    expect(formatFloat(value, format, precision)).toBe(expected);
  });
});

describe('parsing', () => {
  test.each([
    ['0x1F', 31n],
    ['0b101', 5n],
    ['0o17', 15n],
    ['017', 15n],
    ['1_000', 1000n],
    ['0x_1', 1n],
    ['1__0', 'syntax'],
    ['_1', 'syntax'],
    ['1_', 'syntax'],
    ['08', 'syntax'],
    ['18446744073709551615', 18446744073709551615n],
    ['18446744073709551616', 'range'],
    ['-1', 'syntax'],
  ])('parseUint(%s) is %s', (text, expected) => {
    expect(parseUint(text, 0)).toBe(expected);
  });

  test.each([
    ['-9223372036854775808', -9223372036854775808n],
    ['9223372036854775808', 'range'],
    ['+7', 7n],
    ['', 'syntax'],
    ['--1', 'syntax'],
  ])('parseInteger(%s) is %s', (text, expected) => {
    expect(parseInteger(text, 0)).toBe(expected);
  });

  test.each([
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e400', 'range'],
    ['0x1p4', 16],
    ['0x1.8p1', 3],
    ['0x1p-1074', 5e-324],
    ['0x1.fffffffffffff8p1023', 'range'],
    ['1_0.5', 10.5],
    ['1_.5', 'syntax'],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['0x1', 'syntax'],
    ['e5', 'syntax'],
  ])('parseFloat64(%s) is %s', (text, expected) => {
    expect(parseFloat64(text)).toBe(expected);
  });
});

describe('quoting', () => {
  test.each([
    ['a"b', '"a\\"b"'],
    ['\u0007\u0008\f\n\r\t\u000b', '"\\a\\b\\f\\n\\r\\t\\v"'],
    ['é日\u{1f600}', '"é日\u{1f600}"'],
    ['\u00a0\u2028', '"\\u00a0\\u2028"'],
    ['\u007f\u0001', '"\\x7f\\x01"'],
    ['\udcff\udc80', '"\\xff\\x80"'],
    ['\u{10ffff}', '"\\U0010ffff"'],
  ])('%j is quoted as %s and read back', (text, expected) => {
    expect(quote(text)).toBe(expected);
    expect(unquote(expected)).toBe(text);
  });

  test('ASCII quoting escapes everything else', () => {
    expect(quoteToAscii('é\u{1f600}')).toBe('"\\u00e9\\U0001f600"');
    expect(quoteRune(0x27)).toBe("'\\''");
    expect(quoteRune(0xd800)).toBe("'\ufffd'");
  });

  test.each(['"\\q"', '"a', '"\\x1"', '"\\400"', '"\\ud800"', '"a"b"', "'a'", '"\\\'"'])(
    '%s is no string literal',
    (literal) => {
      expect(unquote(literal)).toBeUndefined();
    },
  );

  test('bytes written one by one become the character they form', () => {
    expect(unquote('"\\xc3\\xa9"')).toBe('é');
    expect(unquote('"\\303"')).toBe('\udcc3');
  });

  test('raw literals lose carriage returns and nothing else', () => {
    expect(unquote('`a\r\n\\n"`')).toBe('a\n\\n"');
  });
});
