// Reading an instant by a Go layout, with the errors of Go's time.ParseInLocation.
import {
  daysBefore,
  daysFromCivil,
  daysInMonth,
  isLeapYear,
  SECONDS_PER_DAY,
} from './civil-date.ts';
import { quoteTime } from './duration.ts';
import type { Instant } from './instant.ts';
import { failure, success } from './result.ts';
import type { Result } from './result.ts';
import { MONTHS, offsetForm, parseLayout, WEEKDAYS } from './time-layout.ts';
import type { LayoutElement } from './time-layout.ts';
import { fixedZone, UTC } from './time-zone.ts';
import type { TimeZone } from './time-zone.ts';

/**
 * @param local the zone of texts that name none
 * @returns the instant, or Go's error text
 */
export function parseInstant(layout: string, text: string, local: TimeZone): Result<Instant> {
  const reader = new TimeReader(layout, text);
  try {
    return success(reader.read(local));
  } catch (error) {
    if (error instanceof ParseProblem) return failure(error.message);
    throw error;
  }
}

class ParseProblem extends Error {}
/** An element that the text does not fit; the reader adds where. */
class Mismatch extends Error {}

/** Whether an instant of the named zone lies half a year away: enough to meet summer time. */
const PROBES = [0, -182 * SECONDS_PER_DAY, 182 * SECONDS_PER_DAY];

class TimeReader {
  readonly #layout: string;
  readonly #text: string;
  #rest: string;
  #fractionFollows = false;
  #year = 0;
  #month = -1;
  #day = -1;
  #yearDay = -1;
  #hour = 0;
  #minute = 0;
  #second = 0;
  #nanoseconds = 0;
  #half: 'am' | 'pm' | undefined;
  #utc = false;
  #offset: number | undefined;
  #zoneName = '';

  constructor(layout: string, text: string) {
    this.#layout = layout;
    this.#text = text;
    this.#rest = text;
  }

  read(local: TimeZone): Instant {
    const parts = parseLayout(this.#layout);
    for (const [at, part] of parts.entries()) {
      if (typeof part === 'string') {
        this.#skip(part);
        continue;
      }
      const next = parts.slice(at + 1).find((each) => typeof each !== 'string');
      this.#fractionFollows = next?.element === 'zeros' || next?.element === 'nines';
      this.#readElement(part);
    }
    if (this.#rest !== '') throw this.#problem(`extra text: ${quoteTime(this.#rest)}`);
    return this.#instant(local);
  }

  #problem(message: string): ParseProblem {
    return new ParseProblem(`parsing time ${quoteTime(this.#text)}: ${message}`);
  }

  #mismatch(rest: string, element: string): ParseProblem {
    return new ParseProblem(
      `parsing time ${quoteTime(this.#text)} as ${quoteTime(this.#layout)}: cannot parse ${quoteTime(rest)} as ${quoteTime(element)}`,
    );
  }

  /** Plain text must be there as it is; a run of spaces stands for any number of them. */
  #skip(prefix: string): void {
    let wanted = prefix;
    while (wanted !== '') {
      if (wanted.startsWith(' ')) {
        if (this.#rest !== '' && !this.#rest.startsWith(' '))
          throw this.#mismatch(this.#rest, prefix);
        wanted = withoutLeadingSpaces(wanted);
        this.#rest = withoutLeadingSpaces(this.#rest);
        continue;
      }
      if (this.#rest.charAt(0) !== wanted.charAt(0)) throw this.#mismatch(this.#rest, prefix);
      wanted = wanted.slice(1);
      this.#rest = this.#rest.slice(1);
    }
  }

  #readElement(part: LayoutElement): void {
    const held = this.#rest;
    try {
      this.#readDate(part);
    } catch (error) {
      if (error instanceof Mismatch) throw this.#mismatch(held, part.text);
      throw error;
    }
  }

  #take(pattern: RegExp): string {
    const match = pattern.exec(this.#rest);
    if (!match) throw new Mismatch();
    this.#rest = this.#rest.slice(match[0].length);
    return match[0];
  }

  /** One or two digits; with `fixed` exactly two. */
  #number(fixed: boolean): number {
    return Number(this.#take(fixed ? /^[0-9]{2}/ : /^[0-9]{1,2}/));
  }

  #inRange(value: number, low: number, high: number, what: string): number {
    if (value < low || value > high) throw this.#problem(`${what} out of range`);
    return value;
  }

  #name(names: readonly string[], length: number): number {
    const folded = this.#rest.toLowerCase();
    const at = names.findIndex((name) => folded.startsWith(name.slice(0, length).toLowerCase()));
    if (at < 0) throw new Mismatch();
    this.#rest = this.#rest.slice((names[at] ?? '').slice(0, length).length);
    return at;
  }

  #readDate({ element, text }: LayoutElement): void {
    switch (element) {
      case 'year':
        if (!/^[0-9]/.test(this.#rest)) throw new Mismatch();
        this.#year = wholeNumber(this.#take(/^.{4}/s));
        break;
      case 'shortYear': {
        const year = wholeNumber(this.#take(/^.{2}/s));
        this.#year = year + (year >= 69 ? 1900 : 2000);
        break;
      }
      case 'month':
      case 'zeroMonth':
        this.#month = this.#inRange(this.#number(element === 'zeroMonth'), 1, 12, 'month');
        break;
      case 'monthName':
        this.#month = this.#name(MONTHS, 3) + 1;
        break;
      case 'longMonthName':
        this.#month = this.#name(MONTHS, 9) + 1;
        break;
      case 'weekday':
        this.#name(WEEKDAYS, 3);
        break;
      case 'longWeekday':
        this.#name(WEEKDAYS, 9);
        break;
      case 'day':
      case 'zeroDay':
      case 'paddedDay':
        if (element === 'paddedDay') this.#take(/^ ?/);
        this.#day = this.#number(element === 'zeroDay');
        break;
      case 'paddedYearDay':
        this.#take(/^ {0,2}/);
        this.#yearDay = Number(this.#take(/^[0-9]{1,3}/));
        break;
      case 'zeroYearDay':
        this.#yearDay = Number(this.#take(/^[0-9]{3}/));
        break;
      default:
        this.#readClock({ element, text });
    }
  }

  #readClock({ element, text }: LayoutElement): void {
    switch (element) {
      case 'hour':
        this.#hour = this.#inRange(this.#number(false), 0, 23, 'hour');
        break;
      case 'hour12':
      case 'zeroHour12':
        this.#hour = this.#inRange(this.#number(element === 'zeroHour12'), 0, 12, 'hour');
        break;
      case 'minute':
      case 'zeroMinute':
        this.#minute = this.#inRange(this.#number(element === 'zeroMinute'), 0, 59, 'minute');
        break;
      case 'second':
      case 'zeroSecond':
        this.#second = this.#inRange(this.#number(element === 'zeroSecond'), 0, 59, 'second');
        // Seconds may carry a fraction that the layout does not mention.
        if (!this.#fractionFollows && /^[.,][0-9]/.test(this.#rest)) this.#fraction(/^[.,][0-9]+/);
        break;
      case 'PM':
      case 'pm':
        this.#half = this.#take(element === 'PM' ? /^[AP]M/ : /^[ap]m/).toLowerCase() as
          'am' | 'pm';
        break;
      case 'zoneName':
        this.#readZoneName();
        break;
      case 'zeros':
        this.#fraction(new RegExp(`^[.,][0-9]{${text.length - 1}}`));
        break;
      case 'nines':
        if (/^[.,][0-9]/.test(this.#rest)) this.#fraction(/^[.,][0-9]+/);
        break;
      default:
        this.#readOffset(text);
    }
  }

  #fraction(pattern: RegExp): void {
    this.#nanoseconds = Number(this.#take(pattern).slice(1, 10).padEnd(9, '0'));
  }

  #readOffset(text: string): void {
    const { letter, colons, parts } = offsetForm(text);
    if (letter && this.#rest.startsWith('Z')) {
      this.#rest = this.#rest.slice(1);
      this.#utc = true;
      return;
    }
    const taken = this.#take(new RegExp(`^.{${colons ? 3 * parts : 2 * parts + 1}}`, 's'));
    if (colons && (taken[3] !== ':' || (parts === 3 && taken[6] !== ':'))) throw new Mismatch();
    const numbers = taken.slice(1).match(colons ? /[^:]{2}/g : /.{2}/gs) ?? [];
    const firstBad = numbers.findIndex((number) => !/^[0-9]{2}$/.test(number));
    const read = numbers.slice(0, firstBad < 0 ? undefined : firstBad).map(Number);
    const [hours = 0, minutes = 0, seconds = 0] = read;
    // Of several numbers out of range Go names the last.
    this.#inRange(seconds, 0, 60, 'time zone offset second');
    this.#inRange(minutes, 0, 60, 'time zone offset minute');
    this.#inRange(hours, 0, 24, 'time zone offset hour');
    // Ranges come first in Go, then digits and sign.
    if (firstBad >= 0 || !/^[+-]/.test(taken)) throw new Mismatch();
    const size = (hours * 60 + minutes) * 60 + seconds;
    this.#offset = taken.startsWith('-') ? -size : size;
  }

  #readZoneName(): void {
    if (this.#rest.startsWith('UTC')) {
      this.#rest = this.#rest.slice(3);
      this.#utc = true;
      return;
    }
    const length = zoneNameLength(this.#rest);
    if (length === 0) throw new Mismatch();
    this.#zoneName = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
  }

  #instant(local: TimeZone): Instant {
    if (this.#half === 'pm' && this.#hour < 12) this.#hour += 12;
    else if (this.#half === 'am' && this.#hour === 12) this.#hour = 0;
    if (this.#yearDay >= 0) this.#resolveYearDay();
    const month = this.#month < 0 ? 1 : this.#month;
    const day = this.#day < 0 ? 1 : this.#day;
    this.#inRange(day, 1, daysInMonth(month, this.#year), 'day');
    const clock = this.#hour * 3600 + this.#minute * 60 + this.#second;
    const seconds = daysFromCivil(this.#year, month, day) * SECONDS_PER_DAY + clock;
    return this.#placed(seconds, local);
  }

  #resolveYearDay(): void {
    let yearDay = this.#yearDay;
    let leapDay = false;
    if (isLeapYear(this.#year)) {
      leapDay = yearDay === 60;
      if (yearDay > 60) yearDay--;
    }
    if (yearDay < 1 || yearDay > 365) throw this.#problem('day-of-year out of range');
    let month = 12;
    while (daysBefore(month) >= yearDay) month--;
    const day = leapDay ? 29 : yearDay - daysBefore(month);
    if (leapDay) month = 2;
    if (this.#month >= 0 && this.#month !== month) {
      throw this.#problem('day-of-year does not match month');
    }
    if (this.#day >= 0 && this.#day !== day) throw this.#problem('day-of-year does not match day');
    this.#month = month;
    this.#day = day;
  }

  /** The instant behind the clock time that was read, in the zone that was read. */
  #placed(clock: number, local: TimeZone): Instant {
    const nanoseconds = this.#nanoseconds;
    if (this.#utc) return { seconds: clock, nanoseconds, zone: UTC };
    if (this.#offset !== undefined) {
      const seconds = clock - this.#offset;
      const state = local.at(seconds);
      const isLocal =
        state.offset === this.#offset &&
        (this.#zoneName === '' || this.#zoneName === state.abbreviation);
      const zone = isLocal ? local : fixedZone(this.#zoneName, this.#offset);
      return { seconds, nanoseconds, zone };
    }
    if (this.#zoneName !== '') return this.#inNamedZone(clock, local);
    return { seconds: secondsInZone(clock, local), nanoseconds, zone: local };
  }

  #inNamedZone(clock: number, local: TimeZone): Instant {
    const nanoseconds = this.#nanoseconds;
    for (const probe of PROBES) {
      const { offset, abbreviation } = local.at(clock + probe);
      if (abbreviation === this.#zoneName) {
        return { seconds: clock - offset, nanoseconds, zone: local };
      }
    }
    // A zone that is not known here counts as UTC; only GMT+3 tells its offset.
    const hours = /^GMT([+-][0-9]+)$/.exec(this.#zoneName)?.[1] ?? '0';
    const offset = Number(hours) * 3600;
    return { seconds: clock - offset, nanoseconds, zone: fixedZone(this.#zoneName, offset) };
  }
}

/** UTC seconds of a clock time in a zone. */
export function secondsInZone(clock: number, zone: TimeZone): number {
  const first = zone.at(clock).offset;
  return first === 0 ? clock : clock - zone.at(clock - first).offset;
}

function withoutLeadingSpaces(text: string): string {
  let at = 0;
  while (text[at] === ' ') at++;
  return text.slice(at);
}

function wholeNumber(text: string): number {
  if (!/^[+-]?[0-9]*$/.test(text)) throw new Mismatch();
  return Number(text) || 0;
}

/** How many characters look like a zone's abbreviation; 0 for none. */
function zoneNameLength(text: string): number {
  if (text.length < 3) return 0;
  if (/^(?:ChST|MeST)/.test(text)) return 4;
  if (text.startsWith('GMT')) return 3 + signedOffsetLength(text.slice(3));
  if (/^[+-]/.test(text)) return signedOffsetLength(text);
  const capitals = /^[A-Z]{0,6}/.exec(text)?.[0] ?? '';
  if (capitals.length === 5 && capitals.endsWith('T')) return 5;
  if (capitals.length === 4 && (capitals.endsWith('T') || capitals === 'WITA')) return 4;
  return capitals.length === 3 ? 3 : 0;
}

function signedOffsetLength(text: string): number {
  const match = /^[+-]([0-9]+)/.exec(text);
  return match && Number(match[1]) <= 23 ? match[0].length : 0;
}
