// Single code points: printability and the U+ notation.

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/** unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrint(code: number): boolean {
  if (code < 0x7f) return code >= 0x20;
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
  return PRINTABLE.test(String.fromCodePoint(code));
}

/** `%U`: U+0041, at least four digits. */
export function unicodeNotation(code: number | bigint): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** `%#U`: U+0041 'A'; invalid bytes show as U+FFFD. */
export function showRune(code: number): string {
  const rune = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  const notation = unicodeNotation(rune);
  return isPrint(rune) ? `${notation} '${String.fromCodePoint(rune)}'` : notation;
}
