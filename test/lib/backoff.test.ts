// Delays: they grow, they are spread, and a bucket gives back what time allows.
import { describe, expect, it } from 'vitest';
import { backoffDelay } from '../../src/lib/backoff.ts';
import { jittered } from '../../src/lib/jitter.ts';
import { createSerial } from '../../src/lib/serial.ts';
import { createTokenBucket } from '../../src/lib/token-bucket.ts';

describe('backoff', () => {
  it.each([
    [1, 0, 500],
    [1, 1, 1000],
    [2, 1, 2000],
    [3, 0.5, 3000],
    [7, 1, 60_000],
    [1e6, 0, 30_000],
    [0, 1, 1000],
  ])('after %d failures with random %d waits %d ms', (failures, random, expected) => {
    expect(backoffDelay(failures, { baseMs: 1000, maxMs: 60_000 }, () => random)).toBe(expected);
  });
});

describe('jitter', () => {
  it.each([
    [0, 27_000],
    [0.5, 30_000],
    [1, 33_000],
  ])('with random %d makes 30 s %d ms', (random, expected) => {
    expect(jittered(30_000, () => random)).toBe(expected);
  });
});

describe('a token bucket', () => {
  it('allows a burst, then what time gives back, and never more than a minute’s worth', () => {
    const bucket = createTokenBucket(6, 0);
    for (let i = 0; i < 6; i++) {
      expect(bucket.waitFor(1, 0)).toBe(0);
      bucket.take(0);
    }
    expect(bucket.waitFor(1, 0)).toBe(10_000);
    expect(bucket.waitFor(2, 5_000)).toBe(15_000);
    expect(bucket.waitFor(6, 3_600_000)).toBe(0);
    expect(bucket.waitFor(7, 3_600_000)).toBe(Infinity);
  });

  it('does not lose tokens to a clock that is set back', () => {
    const bucket = createTokenBucket(6, 100_000);
    expect(bucket.waitFor(6, 0)).toBe(0);
  });
});

describe('serial tasks', () => {
  it('run one after another, also after one has failed', async () => {
    const serial = createSerial();
    const order: string[] = [];
    const slow = serial(async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      order.push('slow');
      throw new Error('no');
    });
    const next = serial(async () => order.push('next'));
    await expect(slow).rejects.toThrow('no');
    await next;
    expect(order).toEqual(['slow', 'next']);
  });
});
