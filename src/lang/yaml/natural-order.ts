// The order in which Go's YAML writers put the keys of a map: a2 before a10, punctuation before letters.
//
// The rule is not a strict order for every mix of keys (go-templates §7): Go's own output differs from run to run
// there, so no comparison function can reproduce it.

const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;

/**
 * @param version 2 for yaml/v2 (toYaml), 3 for yaml/v3 (toYamlPretty): they differ where a digit run in common is
 * followed by a letter on one side only
 */
export function compareNaturally(a: string, b: string, version: 2 | 3): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  let at = 0;
  while (at < shared && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // A character beyond U+FFFF takes two units: compare it whole.
  if (at > 0 && isHighSurrogate(a.charCodeAt(at - 1))) at--;
  if (at === a.length || at === b.length) return a.length - b.length;
  return compareFrom(a, b, at, version);
}

function compareFrom(a: string, b: string, at: number, version: 2 | 3): number {
  const left = a.codePointAt(at) ?? 0;
  const right = b.codePointAt(at) ?? 0;
  const leftLetter = isLetter(left);
  const rightLetter = isLetter(right);
  if (leftLetter && rightLetter) return left - right;
  if (leftLetter || rightLetter) {
    const afterDigit = version === 3 && at > 0 && isDigit(codePointBefore(a, at));
    return rightLetter === !afterDigit ? -1 : 1;
  }
  const leftRun = digitRun(a, at);
  const rightRun = digitRun(b, at);
  const start = (left === 48 || right === 48) && followsNonZeroDigit(a, at) ? 1n : 0n;
  const leftValue = runValue(leftRun, start);
  const rightValue = runValue(rightRun, start);
  if (leftValue !== rightValue) return leftValue < rightValue ? -1 : 1;
  if (leftRun.length !== rightRun.length) return leftRun.length - rightRun.length;
  return left - right;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function codePointBefore(text: string, at: number): number {
  const wide = at >= 2 && isHighSurrogate(text.charCodeAt(at - 2));
  return text.codePointAt(wide ? at - 2 : at - 1) ?? 0;
}

function isLetter(code: number): boolean {
  if (code < 128) return (code | 32) >= 97 && (code | 32) <= 122;
  return LETTER.test(String.fromCodePoint(code));
}

function isDigit(code: number): boolean {
  if (code < 128) return code >= 48 && code <= 57;
  return DIGIT.test(String.fromCodePoint(code));
}

function digitRun(text: string, from: number): number[] {
  const run: number[] = [];
  for (const character of text.slice(from)) {
    const code = character.codePointAt(0) ?? 0;
    if (!isDigit(code)) break;
    run.push(code);
  }
  return run;
}

/** True when the digits right before `at` hold anything but zeros: then a zero there is no leading zero. */
function followsNonZeroDigit(text: string, at: number): boolean {
  for (let index = at - 1; index >= 0; index--) {
    const code = text.charCodeAt(index);
    if (!isDigit(code)) return false;
    if (code !== 48) return true;
  }
  return false;
}

/** Go counts in int64 and lets it overflow; code points minus 48 are what it takes for a digit's value. */
function runValue(run: readonly number[], start: bigint): bigint {
  if (run.length <= 15) {
    let small = Number(start);
    for (const code of run) small = small * 10 + (code - 48);
    if (Number.isSafeInteger(small)) return BigInt(small);
  }
  let value = start;
  for (const code of run) value = BigInt.asIntN(64, value * 10n + BigInt(code - 48));
  return value;
}
