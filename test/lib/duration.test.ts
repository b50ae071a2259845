// Durations as people write them, there and back.
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/lib/duration.ts';

describe('durations', () => {
  test.each<[string, number | undefined]>([
    ['0', 0],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1_500],
    ['250ms', 250],
    ['2d', 172_800_000],
    ['10', undefined],
    ['m', undefined],
    ['', undefined],
    ['1h 30m', undefined],
    ['-1s', undefined],
  ])('%j is %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['0', '1m30s', '1h', '1d2h', '250ms'])('%s is written as it was read', (text) => {
    expect(formatDuration(parseDuration(text) ?? -1)).toBe(text);
  });
});
