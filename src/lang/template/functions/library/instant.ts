// A moment in time in a zone, to the nanosecond: the state of Go's time.Time.
import { civilFromSeconds } from './civil-date.ts';
import type { CivilTime } from './civil-date.ts';
import { UTC } from './time-zone.ts';
import type { TimeZone } from './time-zone.ts';

export interface Instant {
  /** Whole seconds since 1970-01-01 UTC. */
  readonly seconds: number;
  /** 0 to 999 999 999 */
  readonly nanoseconds: number;
  readonly zone: TimeZone;
}

const NANOS = 1_000_000_000n;

/** Go's zero time, the first of January of year 1. */
export const ZERO_INSTANT: Instant = { seconds: -62_135_596_800, nanoseconds: 0, zone: UTC };

export function instantFromNanoseconds(total: bigint, zone: TimeZone): Instant {
  const nanoseconds = ((total % NANOS) + NANOS) % NANOS;
  return {
    seconds: Number((total - nanoseconds) / NANOS),
    nanoseconds: Number(nanoseconds),
    zone,
  };
}

export function unixNanoseconds(instant: Instant): bigint {
  return BigInt(instant.seconds) * NANOS + BigInt(instant.nanoseconds);
}

export function addNanoseconds(instant: Instant, duration: bigint): Instant {
  return instantFromNanoseconds(unixNanoseconds(instant) + duration, instant.zone);
}

export function compareInstants(left: Instant, right: Instant): -1 | 0 | 1 {
  const difference = unixNanoseconds(left) - unixNanoseconds(right);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** The calendar's view in the instant's own zone. */
export function civilOf(instant: Instant): CivilTime {
  return civilFromSeconds(instant.seconds + instant.zone.at(instant.seconds).offset);
}
