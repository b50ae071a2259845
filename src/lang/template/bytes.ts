// Strings as bytes: Go's strings are UTF-8, ours keep invalid bytes as lone surrogates U+DC80..DCFF.

const NOT_ASCII = /[^\x00-\x7f]/;
const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether every UTF-16 unit is one byte. */
export function isAscii(text: string): boolean {
  return !NOT_ASCII.test(text);
}

/** Length in bytes, what Go's len says. */
export function byteLength(text: string): number {
  if (isAscii(text)) return text.length;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (isHigh(unit) && isLow(text.charCodeAt(i + 1))) {
      length += 4;
      i += 1;
    } else if (isEscapedByte(unit)) length += 1;
    else length += 3;
  }
  return length;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Whether a lone UTF-16 unit stands for one byte that is not part of UTF-8. */
export function isEscapedByte(unit: number): boolean {
  return unit >= 0xdc80 && unit <= 0xdcff;
}

/** The bytes of a string; lone surrogates outside the escape range become U+FFFD. */
export function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(byteLength(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number;
    if (code > 0xffff) i += 1;
    at = putRune(bytes, at, code);
  }
  return bytes;
}

function putRune(bytes: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    bytes[at] = code;
    return at + 1;
  }
  if (isEscapedByte(code)) {
    bytes[at] = code & 0xff;
    return at + 1;
  }
  if (code < 0x800) {
    bytes[at] = 0xc0 | (code >> 6);
    bytes[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x10000) {
    const rune = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    bytes[at] = 0xe0 | (rune >> 12);
    bytes[at + 1] = 0x80 | ((rune >> 6) & 0x3f);
    bytes[at + 2] = 0x80 | (rune & 0x3f);
    return at + 3;
  }
  bytes[at] = 0xf0 | (code >> 18);
  bytes[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  bytes[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  bytes[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}

/** The string of some bytes; what is no UTF-8 stays, byte by byte, as U+DC80..DCFF. */
export function fromBytes(bytes: Uint8Array): string {
  const chunks: string[] = [];
  let units: number[] = [];
  for (let i = 0; i < bytes.length;) {
    const rune = decodeRune(bytes, i);
    if (rune.code === -1) units.push(0xdc00 | (bytes[i] as number));
    else if (rune.code > 0xffff) {
      const offset = rune.code - 0x10000;
      units.push(0xd800 | (offset >> 10), 0xdc00 | (offset & 0x3ff));
    } else units.push(rune.code);
    i += rune.size;
    if (units.length > 4096) {
      chunks.push(String.fromCharCode(...units));
      units = [];
    }
  }
  chunks.push(String.fromCharCode(...units));
  return chunks.join('');
}

interface Rune {
  /** The code point, or -1 for a byte that starts no valid sequence. */
  readonly code: number;
  readonly size: number;
}

const INVALID: Rune = { code: -1, size: 1 };

function decodeRune(bytes: Uint8Array, at: number): Rune {
  const first = bytes[at] as number;
  if (first < 0x80) return { code: first, size: 1 };
  if (first < 0xc2 || first > 0xf4) return INVALID;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  let code = first & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) {
    const next = bytes[at + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return INVALID;
    code = (code << 6) | (next & 0x3f);
  }
  if (size === 3 && (code < 0x800 || (code >= 0xd800 && code <= 0xdfff))) return INVALID;
  if (size === 4 && (code < 0x10000 || code > 0x10ffff)) return INVALID;
  return { code, size };
}

/** text[from:to] by bytes; cuts inside a character leave escaped bytes, as Go leaves them. */
export function sliceBytes(text: string, from: number, to: number): string {
  if (isAscii(text)) return text.slice(from, to);
  return fromBytes(toBytes(text).subarray(from, to));
}

/**
 * Joins bytes that were cut apart: escaped bytes that form UTF-8 again become characters. Needed
 * only where two strings with escapes may have met.
 */
export function normalize(text: string): string {
  return LONE_SURROGATE.test(text) ? fromBytes(toBytes(text)) : text;
}

/** Whether the string holds bytes that are no UTF-8. */
export function hasInvalidBytes(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

/** Code points as Go's range yields them: an invalid byte is U+FFFD. */
export function runes(text: string): number[] {
  const result: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number;
    if (code > 0xffff) i += 1;
    result.push(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
  }
  return result;
}

/** Number of runes, utf8.RuneCountInString. */
export function runeCount(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    if (isHigh(text.charCodeAt(i)) && isLow(text.charCodeAt(i + 1))) i += 1;
    count += 1;
  }
  return count;
}

/** Order of two strings by their UTF-8 bytes, which is not the order of their UTF-16 units. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1;
  const left = toBytes(a);
  const right = toBytes(b);
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const difference = (left[i] as number) - (right[i] as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** The keys of a map in Go's printing and ranging order. */
export function sortedKeys(entries: ReadonlyMap<string, unknown>): string[] {
  return [...entries.keys()].sort(compareStrings);
}
