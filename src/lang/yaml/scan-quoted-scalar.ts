// Text in single or double quotes, which may run over several lines however they are indented.
import { hexValue, isBlank, isBlankOrEnd, isBreak } from './characters.ts';
import { foldBreaks } from './fold.ts';
import type { GoFaultPlace } from './go-fault.ts';
import type { Scanner } from './scanner.ts';

const SINGLE = 0x27;
const BACKSLASH = 0x5c;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);
const HEX_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Starts at the opening quote, ends behind the closing one. */
export function scanQuotedScalar(scanner: Scanner): string {
  const { text } = scanner;
  const context = scanner.here();
  const quote = text.charCodeAt(scanner.position);
  scanner.position++;
  let value = '';
  for (;;) {
    if (scanner.atDocumentMark()) scanner.fail('found unexpected document indicator', context);
    if (scanner.position === text.length - 1)
      scanner.fail('found unexpected end of stream', context);
    const run = scanRun(scanner, quote, context);
    value += run.text;
    if (text.charCodeAt(scanner.position) === quote) break;
    value += scanGap(scanner, run.escapedBreak);
  }
  scanner.position++;
  return value;
}

interface Run {
  readonly text: string;
  /** It ended at a backslash before a line break, which swallows the break. */
  readonly escapedBreak: boolean;
}

/** Characters up to a blank, a break or the closing quote. */
function scanRun(scanner: Scanner, quote: number, context: GoFaultPlace): Run {
  const { text } = scanner;
  let value = '';
  let start = scanner.position;
  for (;;) {
    const code = text.charCodeAt(scanner.position);
    if (isBlankOrEnd(code)) break;
    if (code === quote) {
      if (quote !== SINGLE || text.charCodeAt(scanner.position + 1) !== SINGLE) break;
      value += text.slice(start, scanner.position + 1);
      scanner.position += 2;
      start = scanner.position;
    } else if (code === BACKSLASH && quote !== SINGLE) {
      value += text.slice(start, scanner.position);
      if (isBreak(text.charCodeAt(scanner.position + 1))) {
        scanner.position++;
        scanner.skipBreak();
        return { text: value, escapedBreak: true };
      }
      value += scanEscape(scanner, context);
      start = scanner.position;
    } else scanner.position++;
  }
  return { text: value + text.slice(start, scanner.position), escapedBreak: false };
}

function scanEscape(scanner: Scanner, context: GoFaultPlace): string {
  const letter = scanner.text[scanner.position + 1] ?? '';
  const simple = ESCAPES.get(letter);
  if (simple !== undefined) {
    scanner.position += 2;
    return simple;
  }
  const length = HEX_LENGTHS.get(letter);
  if (length === undefined) scanner.fail('found unknown escape character', context);
  scanner.position += 2;
  let code = 0;
  for (let index = 0; index < length; index++) {
    const digit = hexValue(scanner.text.charCodeAt(scanner.position + index));
    if (digit < 0) scanner.fail('did not find expected hexdecimal number', context);
    code = code * 16 + digit;
  }
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    scanner.fail('found invalid Unicode character escape code', context);
  }
  scanner.position += length;
  return String.fromCodePoint(code);
}

/** Blanks and breaks between two runs: blanks of one line stay, breaks fold. */
function scanGap(scanner: Scanner, afterEscapedBreak: boolean): string {
  const { text } = scanner;
  const start = scanner.position;
  let end = start;
  let first = '';
  let others = '';
  let broken = afterEscapedBreak;
  for (;;) {
    const code = text.charCodeAt(scanner.position);
    if (isBlank(code)) {
      scanner.position++;
      if (!broken) end = scanner.position;
    } else if (!isBreak(code)) break;
    else if (broken) others += scanner.takeBreak();
    else {
      first = scanner.takeBreak();
      broken = true;
    }
  }
  if (!broken) return text.slice(start, end);
  // After an escaped break there is no first one to fold.
  return afterEscapedBreak ? others : foldBreaks(first, others);
}
