// Upper, lower and title case one rune at a time, as Go's unicode package does (go-templates §4.3):
// never more than one rune for a rune, so that `upper "ß"` stays ß and `lower "İ"` is i.

/** Letters that got a case partner after Unicode 15, the version Go 1.26 knows. */
const LATER =
  /[\u1c89\u1c8a\ua7cb-\ua7cf\ua7d2\ua7d4\ua7da-\ua7dc\u{10d50}-\u{10d85}\u{16ea0}-\u{16ed3}]/u;
/** Greek letters with iota: their simple upper case is the title form further on in the block. */
const IOTA = /[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7\u1fb3\u1fc3\u1ff3]/;
const GEORGIAN = /[\u10d0-\u10ff]/;
const DIGRAPH = /[\u01c4-\u01cc\u01f1-\u01f3]/;
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const INVALID = /\p{Surrogate}/u;

/** unicode.IsSpace */
export function isSpace(rune: string): boolean {
  return SPACE.test(rune);
}

export function isUpper(rune: string): boolean {
  return /\p{Lu}/u.test(rune);
}

export function upperRune(rune: string): string {
  if (IOTA.test(rune)) {
    const code = rune.charCodeAt(0);
    return String.fromCharCode(code + (code >= 0x1fb3 ? 9 : 8));
  }
  return single(rune, rune.toUpperCase());
}

export function lowerRune(rune: string): string {
  return rune === 'İ' ? 'i' : single(rune, rune.toLowerCase());
}

export function titleRune(rune: string): string {
  if (GEORGIAN.test(rune)) return rune;
  if (!DIGRAPH.test(rune)) return upperRune(rune);
  const code = rune.charCodeAt(0);
  // Each digraph has three forms in a row: capital, title, small.
  return String.fromCharCode(code >= 0x1f1 ? 0x1f2 : 0x1c5 + 3 * Math.floor((code - 0x1c4) / 3));
}

function single(rune: string, mapped: string): string {
  if (mapped === rune) return rune;
  const units = (mapped.codePointAt(0) ?? 0) > 0xffff ? 2 : 1;
  return mapped.length === units && !LATER.test(rune + mapped) ? mapped : rune;
}

export function toUpper(text: string): string {
  return mapRunes(text, upperRune);
}

export function toLower(text: string): string {
  return mapRunes(text, lowerRune);
}

/** strings.Title: the first letter of every word; `_` and digits do not end a word. */
export function toTitle(text: string): string {
  let separated = true;
  return mapRunes(text, (rune) => {
    const mapped = separated ? titleRune(rune) : rune;
    separated = isSeparator(rune);
    return mapped;
  });
}

function isSeparator(rune: string): boolean {
  if (rune <= '\x7f') return !/[0-9A-Za-z_]/.test(rune);
  return !/[\p{L}\p{Nd}]/u.test(rune) && isSpace(rune);
}

/** Bytes that are no UTF-8 become U+FFFD on the way, as in strings.Map. */
function mapRunes(text: string, mapping: (rune: string) => string): string {
  let mapped = '';
  for (const rune of text) mapped += mapping(INVALID.test(rune) ? '\ufffd' : rune);
  return mapped;
}

/** strings.TrimSpace */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charAt(start))) start++;
  while (end > start && isSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** strings.Trim with a set of runes. */
export function trimSet(text: string, set: string): string {
  const members = new Set(set);
  const runes = Array.from(text);
  let start = 0;
  let end = runes.length;
  while (start < end && members.has(runes[start] ?? '')) start++;
  while (end > start && members.has(runes[end - 1] ?? '')) end--;
  return runes.slice(start, end).join('');
}
