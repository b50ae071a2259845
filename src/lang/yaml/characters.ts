// Classes of characters, as Go's YAML scanner draws them.

export const NUL = 0;
export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const NEL = 0x85;
const LS = 0x2028;
const PS = 0x2029;
export const BOM = 0xfeff;

/** Ends a line. NEL and the Unicode separators count, as in YAML 1.1. */
export function isBreak(code: number): boolean {
  if (code > CR) return code >= NEL && (code === NEL || code === LS || code === PS);
  return code === LF || code === CR;
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Blank, break or the end of the text. */
export function isBlankOrEnd(code: number): boolean {
  if (code > SPACE) return code >= NEL && isBreak(code);
  return code === SPACE || code === TAB || code === LF || code === CR || code === NUL;
}

/** Break or the end of the text. */
export function isBreakOrEnd(code: number): boolean {
  return code === NUL || isBreak(code);
}

/** Letters, digits, `_` and `-`: names of anchors, directives and tag handles. */
export function isWord(code: number): boolean {
  const letter = code | 32;
  return (
    (letter >= 97 && letter <= 122) || (code >= 48 && code <= 57) || code === 95 || code === 45
  );
}

export function hexValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
