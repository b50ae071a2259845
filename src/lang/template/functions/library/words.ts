// Wrapping, abbreviating and letter games of sprig's text library (go-templates §6, Strings): its
// functions work on bytes, so these take "binary" strings with one character per byte.
import { fromBytes, isAscii, toBytes } from '../../bytes.ts';
import { isSpace, isUpper, lowerRune, titleRune, upperRune } from './letter-case.ts';

const ELLIPSIS = '...';

/** One character per byte. */
export function toBinary(text: string): string {
  if (isAscii(text)) return text;
  return Array.from(toBytes(text), (byte) => String.fromCharCode(byte)).join('');
}

export function fromBinary(binary: string): string {
  if (isAscii(binary)) return binary;
  return fromBytes(Uint8Array.from(binary, (unit) => unit.charCodeAt(0)));
}

/** Breaks a binary string at spaces before `width`; spaces at the start of a line are dropped. */
export function wrapWords(
  text: string,
  options: { readonly width: number; readonly newLine: string; readonly breakWords: boolean },
): string {
  const width = Math.max(1, options.width);
  const newLine = options.newLine === '' ? '\n' : options.newLine;
  let wrapped = '';
  let offset = 0;
  while (text.length - offset > width) {
    if (text[offset] === ' ') {
      offset++;
      continue;
    }
    const space = text.slice(offset, offset + width + 1).lastIndexOf(' ');
    if (space >= 0) {
      wrapped += text.slice(offset, offset + space) + newLine;
      offset += space + 1;
    } else if (options.breakWords) {
      wrapped += text.slice(offset, offset + width) + newLine;
      offset += width;
    } else {
      const end = text.indexOf(' ', offset + width);
      if (end < 0) return wrapped + text.slice(offset);
      wrapped += text.slice(offset, end) + newLine;
      offset = end + 1;
    }
  }
  return wrapped + text.slice(offset);
}

/** Shortens a binary string to `width` bytes, with an ellipsis where something is missing. */
export function abbreviate(text: string, left: number, width: number): string {
  if (text.length <= width) return text;
  const room = width - ELLIPSIS.length;
  const offset = Math.min(Math.min(left, text.length), text.length - room);
  if (offset <= 4) return text.slice(0, room) + ELLIPSIS;
  if (width < 7) return '';
  if (offset + room < text.length) return ELLIPSIS + abbreviate(text.slice(offset), 0, room);
  return ELLIPSIS + text.slice(text.length - room);
}

/** First bytes of the words of a binary string, each read as a rune of its own. */
export function initials(text: string): string {
  let letters = '';
  let gap = true;
  for (const byte of text) {
    if (isSpace(byte)) gap = true;
    else if (gap) {
      letters += byte;
      gap = false;
    }
  }
  return letters;
}

/** Takes blanks out byte by byte: other bytes are read as runes of their own once one was found. */
export function withoutSpaces(text: string): string {
  const binary = toBinary(text);
  const kept = Array.from(binary)
    .filter((byte) => !isSpace(byte))
    .join('');
  return kept.length === binary.length ? text : kept;
}

/** Small first letters for all words. */
export function uncapitalize(text: string): string {
  let start = true;
  return mapText(text, (rune) => {
    if (isSpace(rune)) {
      start = true;
      return rune;
    }
    const mapped = start ? lowerRune(rune) : rune;
    start = false;
    return mapped;
  });
}

/** Capitals become small; small letters become capitals, title case at the start of a word. */
export function swapCase(text: string): string {
  let start = true;
  return mapText(text, (rune) => {
    if (isUpper(rune) || /\p{Lt}/u.test(rune)) {
      start = false;
      return lowerRune(rune);
    }
    if (/\p{Ll}/u.test(rune)) {
      const mapped = start ? titleRune(rune) : upperRune(rune);
      start = false;
      return mapped;
    }
    start = isSpace(rune);
    return rune;
  });
}

function mapText(text: string, mapping: (rune: string) => string): string {
  let mapped = '';
  for (const rune of text)
    mapped += /\p{Surrogate}/u.test(rune) ? mapping('\ufffd') : mapping(rune);
  return mapped;
}
