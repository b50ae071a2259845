// The proleptic Gregorian calendar, and time zones, for timestamp getters.
import { celError } from './error.ts';
import type { Timestamp } from './value.ts';

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

const DAY = 86_400;

/** Days since 1970-01-01. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / (DAY * 1000);
}

export function civilFromDays(days: number): CivilDate {
  const date = new Date(days * DAY * 1000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Seconds to add to UTC at an instant (seconds since 1970). */
export type Zone = (seconds: number) => number;

const FIXED = /^([+-]?)(\d{1,2}):(\d{2})$/;

/**
 * A zone from `+05:30`, `-8:00` or an IANA name; the empty text is UTC, as in Go.
 * @throws CelError `invalidArgument` for a zone that does not exist
 */
export function zoneFrom(name: string): Zone {
  if (name === '' || name === 'UTC') return () => 0;
  const fixed = FIXED.exec(name);
  if (fixed !== null) {
    const offset = Number(fixed[2]) * 3600 + Number(fixed[3]) * 60;
    return () => (fixed[1] === '-' ? -offset : offset);
  }
  const format = zoneFormat(name);
  return (seconds) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(seconds * 1000)) part[type] = Number(value);
    const days = daysFromCivil(part['year'] ?? 0, part['month'] ?? 0, part['day'] ?? 0);
    const clock = (part['hour'] ?? 0) * 3600 + (part['minute'] ?? 0) * 60 + (part['second'] ?? 0);
    return days * DAY + clock - seconds;
  };
}

function zoneFormat(name: string): Intl.DateTimeFormat {
  try {
    // Intl also takes `+0530`, which Go does not: names only.
    if (name.length > 64 || !/^[A-Za-z]/.test(name)) throw new RangeError('zone');
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw celError('invalidArgument', 'unknown time zone');
  }
}

/** The date and the seconds of the day that a clock in the zone shows. */
export interface LocalTime extends CivilDate {
  readonly days: number;
  readonly secondOfDay: number;
}

export function localTime(time: Timestamp, zone: Zone | undefined): LocalTime {
  const local = time.seconds + (zone === undefined ? 0 : zone(time.seconds));
  const days = Math.floor(local / DAY);
  return { ...civilFromDays(days), days, secondOfDay: local - days * DAY };
}
