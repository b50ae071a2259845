// One verb of a format with its flags, and what width and flags do to a finished piece of text.
import { runeCount } from '../bytes.ts';

export interface Flags {
  width: number | undefined;
  precision: number | undefined;
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%+v`: struct fields with names. */
  plusV: boolean;
  /** `%#v`: Go syntax. */
  sharpV: boolean;
}

export function noFlags(): Flags {
  return {
    width: undefined,
    precision: undefined,
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
  };
}

/** So many fill characters; zeros only ever stand on the left. */
export function padding(flags: Flags, count: number, zeros = flags.zero): string {
  if (count <= 0) return '';
  return (zeros && !flags.minus ? '0' : ' ').repeat(count);
}

/** Text filled up to the width, which counts runes. */
export function pad(flags: Flags, text: string, zeros = flags.zero): string {
  if (flags.width === undefined || flags.width === 0) return text;
  const fill = padding(flags, flags.width - runeCount(text), zeros);
  return flags.minus ? text + fill : fill + text;
}
