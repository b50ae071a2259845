// Getters of timestamps and durations (cel-spec "Timestamps"); months and days of … count from 0.
import { daysFromCivil, localTime, zoneFrom } from '../calendar.ts';
import type { LocalTime, Zone } from '../calendar.ts';
import { member, overload } from '../library.ts';
import type { FunctionDeclaration, Implementation, Overload } from '../library.ts';
import { DURATION, INT, STRING, TIMESTAMP } from '../type.ts';
import type { Duration, Timestamp, Value } from '../value.ts';

type Getter = (local: LocalTime, time: Timestamp) => number;

/** Zones remembered by one call in an expression; making one takes tens of microseconds. */
const MAX_ZONES = 32;

function zoneCache(): (name: string) => Zone {
  const zones = new Map<string, Zone>();
  return (name) => {
    const known = zones.get(name);
    if (known !== undefined) return known;
    const zone = zoneFrom(name);
    if (zones.size >= MAX_ZONES) zones.clear();
    zones.set(name, zone);
    return zone;
  };
}

/** What a look at a named zone costs beside the call, because Intl is slow. */
const ZONE_COST = 200;

function timestampGetter(get: Getter): Overload[] {
  const inZone = (zoneOf: (name: string) => Zone) => (time: Timestamp, name: string) =>
    get(localTime(time, zoneOf(name)), time);
  return [
    overload([TIMESTAMP], INT, (time) => get(localTime(time, undefined), time)),
    overload([TIMESTAMP, STRING], INT, inZone(zoneFrom), {
      cost: () => ZONE_COST,
      specialise: ([, name]): Implementation => {
        if (typeof name !== 'string') return inZone(zoneCache()) as unknown as Implementation;
        const zone = zoneFrom(name);
        return (time: Value) => get(localTime(time as Timestamp, zone), time as Timestamp);
      },
    }),
  ];
}

function durationGetter(get: (nanos: bigint) => bigint): Overload {
  return overload([DURATION], INT, (duration: Duration) => Number(get(duration.nanos)));
}

const SECOND = 1_000_000_000n;

export const TIMES: readonly FunctionDeclaration[] = [
  member('getFullYear', ...timestampGetter((local) => local.year)),
  member('getMonth', ...timestampGetter((local) => local.month - 1)),
  member('getDate', ...timestampGetter((local) => local.day)),
  member('getDayOfMonth', ...timestampGetter((local) => local.day - 1)),
  member('getDayOfWeek', ...timestampGetter((local) => (((local.days + 4) % 7) + 7) % 7)),
  member(
    'getDayOfYear',
    ...timestampGetter((local) => local.days - daysFromCivil(local.year, 1, 1)),
  ),
  member(
    'getHours',
    ...timestampGetter((local) => Math.floor(local.secondOfDay / 3600)),
    durationGetter((nanos) => nanos / (3600n * SECOND)),
  ),
  member(
    'getMinutes',
    ...timestampGetter((local) => Math.floor(local.secondOfDay / 60) % 60),
    durationGetter((nanos) => nanos / (60n * SECOND)),
  ),
  member(
    'getSeconds',
    ...timestampGetter((local) => local.secondOfDay % 60),
    durationGetter((nanos) => nanos / SECOND),
  ),
  member(
    'getMilliseconds',
    ...timestampGetter((_local, time) => Math.floor(time.nanos / 1_000_000)),
    durationGetter((nanos) => (nanos % SECOND) / 1_000_000n),
  ),
];
