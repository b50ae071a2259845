// Time zones as Go's time.Location: offset and abbreviation at an instant (go-templates §6, Dates).
import { ZONE_ABBREVIATIONS } from './zone-abbreviations.ts';

export interface ZoneState {
  /** Seconds east of UTC. */
  readonly offset: number;
  /** `CET`; empty for an offset that nobody named. */
  readonly abbreviation: string;
}

export interface TimeZone {
  readonly name: string;
  /** @param seconds since 1970 */
  readonly at: (seconds: number) => ZoneState;
}

export const UTC: TimeZone = {
  name: 'UTC',
  at: () => ({ offset: 0, abbreviation: 'UTC' }),
};

/** A zone that never changes, such as the one behind an offset in a text. */
export function fixedZone(abbreviation: string, offset: number): TimeZone {
  return { name: abbreviation, at: () => ({ offset, abbreviation }) };
}

/** The zone of an IANA name, exactly spelt; `undefined` when there is none. */
export function findZone(name: string): TimeZone | undefined {
  if (name === '' || name === 'UTC') return UTC;
  const changes = ZONES.get(name);
  if (changes === undefined) return undefined;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  return { name, at: (seconds) => stateAt(format, parseChanges(changes), seconds) };
}

interface Change {
  readonly abbreviation: string;
  readonly offset: number;
  readonly from: number;
}

const ZONES: ReadonlyMap<string, string> = new Map(
  ZONE_ABBREVIATIONS.flatMap(([zones, changes]) =>
    zones.split(' ').map((zone) => [zone, changes] as const),
  ),
);

function parseChanges(text: string): readonly Change[] {
  return text.split(' ').map((change) => {
    const [abbreviation = '', rest = ''] = change.split('=');
    const [offset, from] = rest.split('@');
    return {
      abbreviation,
      offset: Number(offset),
      from: from === undefined ? -Infinity : Number(from),
    };
  });
}

/** The range of JavaScript's dates; beyond it zones stay as they were. */
const LAST_SECOND = 8.64e12;

function stateAt(
  format: Intl.DateTimeFormat,
  changes: readonly Change[],
  seconds: number,
): ZoneState {
  const clamped = Math.max(-LAST_SECOND, Math.min(LAST_SECOND, seconds));
  const parts = format.formatToParts(clamped * 1000);
  const offset = offsetIn(parts.find((part) => part.type === 'timeZoneName')?.value ?? '');
  const named = changes.findLast((change) => change.offset === offset && change.from <= seconds);
  return { offset, abbreviation: named?.abbreviation ?? numericAbbreviation(offset) };
}

/** Reads `GMT`, `GMT-05:00` and `GMT+00:53:28`. */
function offsetIn(text: string): number {
  const match = /([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  if (!match) return 0;
  const [, sign, hours, minutes, seconds = 0] = match;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

function numericAbbreviation(offset: number): string {
  const size = Math.abs(offset);
  const hours = String(Math.floor(size / 3600)).padStart(2, '0');
  const minutes = Math.floor(size / 60) % 60;
  const tail = minutes === 0 ? '' : String(minutes).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${hours}${tail}`;
}
