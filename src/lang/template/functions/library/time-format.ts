// Writing an instant by a Go layout.
import { civilOf } from './instant.ts';
import type { CivilTime } from './civil-date.ts';
import type { Instant } from './instant.ts';
import { MONTHS, offsetForm, parseLayout, WEEKDAYS } from './time-layout.ts';
import type { LayoutElement } from './time-layout.ts';
import type { ZoneState } from './time-zone.ts';

interface Moment {
  readonly civil: CivilTime;
  readonly nanoseconds: number;
  readonly zone: ZoneState;
}

export function formatInstant(instant: Instant, layout: string): string {
  const moment: Moment = {
    civil: civilOf(instant),
    nanoseconds: instant.nanoseconds,
    zone: instant.zone.at(instant.seconds),
  };
  return parseLayout(layout)
    .map((part) => (typeof part === 'string' ? part : formatElement(part, moment)))
    .join('');
}

/** What printing a time.Time gives. */
export function instantText(instant: Instant): string {
  return formatInstant(instant, '2006-01-02 15:04:05.999999999 -0700 MST');
}

export const RFC3339_NANO = '2006-01-02T15:04:05.999999999Z07:00';

function padded(value: number, width: number, fill = '0'): string {
  const digits = String(Math.abs(value)).padStart(width, fill);
  return value < 0 ? `-${digits}` : digits;
}

function formatElement({ element, text }: LayoutElement, moment: Moment): string {
  const { civil } = moment;
  switch (element) {
    case 'year':
      return padded(civil.year, 4);
    case 'shortYear':
      return padded(Math.max(0, civil.year) % 100, 2);
    case 'month':
      return String(civil.month);
    case 'zeroMonth':
      return padded(civil.month, 2);
    case 'monthName':
      return (MONTHS[civil.month - 1] ?? '').slice(0, 3);
    case 'longMonthName':
      return MONTHS[civil.month - 1] ?? '';
    case 'weekday':
      return (WEEKDAYS[civil.weekday] ?? '').slice(0, 3);
    case 'longWeekday':
      return WEEKDAYS[civil.weekday] ?? '';
    case 'day':
      return String(civil.day);
    case 'zeroDay':
      return padded(civil.day, 2);
    case 'paddedDay':
      return padded(civil.day, 2, ' ');
    case 'zeroYearDay':
      return padded(civil.yearDay, 3);
    case 'paddedYearDay':
      return padded(civil.yearDay, 3, ' ');
    default:
      return formatClock({ element, text }, moment);
  }
}

function formatClock({ element, text }: LayoutElement, moment: Moment): string {
  const { civil, zone } = moment;
  const hour12 = civil.hour % 12 === 0 ? 12 : civil.hour % 12;
  switch (element) {
    case 'hour':
      return padded(civil.hour, 2);
    case 'hour12':
      return String(hour12);
    case 'zeroHour12':
      return padded(hour12, 2);
    case 'minute':
      return String(civil.minute);
    case 'zeroMinute':
      return padded(civil.minute, 2);
    case 'second':
      return String(civil.second);
    case 'zeroSecond':
      return padded(civil.second, 2);
    case 'PM':
      return civil.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return civil.hour >= 12 ? 'pm' : 'am';
    case 'zoneName':
      return zone.abbreviation === '' ? formatOffset(zone.offset, '-0700') : zone.abbreviation;
    case 'offset':
      return formatOffset(zone.offset, text);
    default:
      return formatFraction(text, moment.nanoseconds);
  }
}

function formatOffset(offset: number, text: string): string {
  const { letter, colons, parts } = offsetForm(text);
  if (letter && offset === 0) return 'Z';
  // An offset of less than a minute counts as positive.
  const sign = Math.trunc(offset / 60) < 0 ? '-' : '+';
  const size = sign === '-' ? -offset : offset;
  const units = [Math.trunc(size / 3600), Math.trunc(size / 60) % 60, size % 60];
  return (
    sign +
    units
      .slice(0, parts)
      .map((unit) => padded(unit, 2))
      .join(colons ? ':' : '')
  );
}

/** `.000` keeps its zeros, `.999` drops them, and itself where nothing is left. */
function formatFraction(text: string, nanoseconds: number): string {
  const width = text.length - 1;
  const digits = padded(nanoseconds, 9).slice(0, width);
  if (text.charAt(1) === '0') return text.charAt(0) + digits;
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? '' : text.charAt(0) + trimmed;
}
