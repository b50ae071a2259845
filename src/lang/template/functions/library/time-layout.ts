// Go's time layouts cut into elements: a layout shows how the reference time would look
// (Mon Jan 2 15:04:05 MST 2006).

export type Element =
  | 'year'
  | 'shortYear'
  | 'month'
  | 'monthName'
  | 'longMonthName'
  | 'zeroMonth'
  | 'weekday'
  | 'longWeekday'
  | 'day'
  | 'paddedDay'
  | 'zeroDay'
  | 'paddedYearDay'
  | 'zeroYearDay'
  | 'hour'
  | 'hour12'
  | 'zeroHour12'
  | 'minute'
  | 'zeroMinute'
  | 'second'
  | 'zeroSecond'
  | 'PM'
  | 'pm'
  | 'zoneName'
  | 'offset'
  | 'zeros'
  | 'nines';

export interface LayoutElement {
  readonly element: Element;
  /** The text in the layout. */
  readonly text: string;
}

/** An offset's form, read off its layout text. */
export interface OffsetForm {
  /** UTC is written as Z. */
  readonly letter: boolean;
  readonly colons: boolean;
  /** How many of hours, minutes and seconds are shown. */
  readonly parts: 1 | 2 | 3;
}

// Longer forms come before shorter ones that start alike.
const FIXED: readonly (readonly [text: string, element: Element])[] = [
  ['January', 'longMonthName'],
  ['Jan', 'monthName'],
  ['Monday', 'longWeekday'],
  ['Mon', 'weekday'],
  ['MST', 'zoneName'],
  ['002', 'zeroYearDay'],
  ['01', 'zeroMonth'],
  ['02', 'zeroDay'],
  ['03', 'zeroHour12'],
  ['04', 'zeroMinute'],
  ['05', 'zeroSecond'],
  ['06', 'shortYear'],
  ['15', 'hour'],
  ['1', 'month'],
  ['2006', 'year'],
  ['2', 'day'],
  ['__2', 'paddedYearDay'],
  ['_2', 'paddedDay'],
  ['3', 'hour12'],
  ['4', 'minute'],
  ['5', 'second'],
  ['PM', 'PM'],
  ['pm', 'pm'],
  ['-070000', 'offset'],
  ['-07:00:00', 'offset'],
  ['-0700', 'offset'],
  ['-07:00', 'offset'],
  ['-07', 'offset'],
  ['Z070000', 'offset'],
  ['Z07:00:00', 'offset'],
  ['Z0700', 'offset'],
  ['Z07:00', 'offset'],
  ['Z07', 'offset'],
];

/** The layout as plain text and elements in turn. */
export function parseLayout(layout: string): readonly (string | LayoutElement)[] {
  const parts: (string | LayoutElement)[] = [];
  let plain = '';
  for (let at = 0; at < layout.length;) {
    const found = elementAt(layout, at);
    if (found === undefined) {
      plain += layout.charAt(at++);
      continue;
    }
    if (plain !== '') parts.push(plain);
    plain = '';
    parts.push(found);
    at += found.text.length;
  }
  if (plain !== '') parts.push(plain);
  return parts;
}

/** The element that starts exactly here. */
export function elementAt(layout: string, at: number): LayoutElement | undefined {
  if (!/[JM01-5_Pp.,Z-]/.test(layout.charAt(at))) return undefined;
  // `_2006` is an underscore before a year.
  if (layout.startsWith('_2006', at)) return undefined;
  for (const [text, element] of FIXED) {
    if (!layout.startsWith(text, at)) continue;
    // `Janet` and `Month` are plain words.
    const isName = element === 'monthName' || element === 'weekday';
    if (isName && /[a-z]/.test(layout.charAt(at + 3))) continue;
    return { element, text };
  }
  return fractionAt(layout, at);
}

function fractionAt(layout: string, at: number): LayoutElement | undefined {
  if (!'.,'.includes(layout.charAt(at))) return undefined;
  const match = /^.(?:(0+)|9+)(?![0-9])/.exec(layout.slice(at));
  if (!match) return undefined;
  return { element: match[1] === undefined ? 'nines' : 'zeros', text: match[0] };
}

export function offsetForm(text: string): OffsetForm {
  const digits = text.replace(/[^0-9]/g, '').length;
  return {
    letter: text.startsWith('Z'),
    colons: text.includes(':'),
    parts: digits === 2 ? 1 : digits === 4 ? 2 : 3,
  };
}

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const WEEKDAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;
