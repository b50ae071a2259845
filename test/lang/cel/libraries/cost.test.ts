// What library calls cost: Kubernetes' units, counted before anything large is built.
import { describe, expect, it } from 'vitest';
import { costOf, evaluate } from './evaluate.ts';

const self = { s: 'hello world, this is text', t: 'o', l: [3, 1, 2], k: ['bb', 'a', 'ccc'] };

/** Whole expressions; each of `self` and a field counts 1. The values are those of Kubernetes 1.37. */
const rows = [
  ['a scan costs a tenth per character', 'self.s.lowerAscii()', 5],
  ['a replacement scans twice', 'self.s.replace(self.t, "a")', 9],
  ['a search multiplies text and pattern', 'self.s.find("o")', 5],
  ['a sum visits each element', 'self.l.sum()', 5],
  ['a sorted list is compared with itself', 'self.l.sort()', 31],
  ['a set operation compares all pairs', 'sets.contains(self.l, self.l)', 14],
  ['a range allocates its elements', 'lists.range(3)', 14],
  ['a parsed quantity costs its text', 'isQuantity(self.s)', 5],
  ['a URI is as long as its pattern', 'format.uri().validate("")', 277],
] as const;

describe('The cost of library calls', () => {
  it.each(rows)('%s: %s', (_, expression, cost) => {
    expect(costOf(expression, self)).toBe(cost);
  });
});

const long = 'x'.repeat(100_000);
const nested = Array.from({ length: 900 }, () => ({ a: 'x'.repeat(50), b: [1, 2, 3] }));

const bombs = [
  ['a replacement at every character', 'self.s.replace("", self.s)', { s: long }],
  ['a range of a billion', 'lists.range(1000000000)', {}],
  ['a join of long texts', 'self.l.map(x, self.s).join(self.s)', { s: long, l: nested }],
  ['all pairs of large objects', 'sets.intersects(self.l, self.l)', { l: nested }],
  ['distinct large objects', 'self.l.distinct()', { l: nested }],
  ['a text split into characters', 'self.s.split("").map(x, self.s.split(""))', { s: long }],
] as const;

describe('The cost limit', () => {
  it.each(bombs)('stops %s: %s', (_, expression, data) => {
    const started = performance.now();
    expect(evaluate(expression, data)).toMatch(/^error: .*cost limit/);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

const million = 1_000_000;

const hostile = [
  ['digits that end badly', 'isQuantity(self.s)', `${'1'.repeat(million)}x`],
  ['a quantity of a million digits', 'isQuantity(self.s)', '1'.repeat(million)],
  ['a million colons', 'isIP(self.s) || isCIDR(self.s)', ':'.repeat(million)],
  ['a million brackets', 'isURL(self.s)', `http://${'['.repeat(million)}`],
  ['a version of a million parts', 'isSemver(self.s)', `1.2.3-${'a.'.repeat(million / 2)}`],
  [
    'labels that end badly',
    'format.dns1123Label().validate(self.s)',
    `${'a-'.repeat(million / 2)}`,
  ],
  ['spaces in the middle', 'self.s.trim()', `x${' '.repeat(million)}x`],
  ['nested repetition', 'self.s.find("(x+x+)+y")', 'x'.repeat(1000)],
  ['a sum of very different sizes', 'quantity("1e2000000000").add(1).isInteger()', ''],
] as const;

describe('Hostile texts are answered at once', () => {
  it.each(hostile.map(([name, expression, s]) => [name, expression, { s }] as const))(
    '%s: %s',
    (_, expression, data) => {
      const started = performance.now();
      evaluate(expression, data);
      expect(performance.now() - started).toBeLessThan(500);
    },
  );
});
