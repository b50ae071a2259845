// A rate limit that allows bursts: tokens come back evenly, and a full bucket holds one minute's worth.

export interface TokenBucket {
  /** Milliseconds until `count` tokens are there; 0 when they are there now, Infinity when they never fit. */
  waitFor(count: number, now: number): number;
  /** Takes one token; the caller has asked `waitFor` first. */
  take(now: number): void;
}

/**
 * @param perMinute tokens that come back in a minute, and how many the bucket holds (at least 1)
 * @param start time of the first full bucket, milliseconds since 1970
 */
export function createTokenBucket(perMinute: number, start: number): TokenBucket {
  const capacity = Math.max(1, perMinute);
  const perMs = perMinute / 60_000;
  let tokens = capacity;
  let filledAt = start;
  const fill = (now: number): void => {
    // A clock that was set back must not take tokens away.
    if (now > filledAt) tokens = Math.min(capacity, tokens + (now - filledAt) * perMs);
    filledAt = now;
  };
  return {
    waitFor(count, now) {
      fill(now);
      if (tokens >= count) return 0;
      if (count > capacity || perMs <= 0) return Infinity;
      return Math.ceil((count - tokens) / perMs);
    },
    take(now) {
      fill(now);
      tokens -= 1;
    },
  };
}
