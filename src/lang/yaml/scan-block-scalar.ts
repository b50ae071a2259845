// Text after `|` or `>`: lines as they are, or folded.
import { SPACE, TAB, isBlank, isBreak, isBreakOrEnd } from './characters.ts';
import type { GoFaultPlace } from './go-fault.ts';
import type { Scanner } from './scanner.ts';

type Chomping = 'strip' | 'clip' | 'keep';

/** Starts at the indicator, ends at the first line that is not part of the text. */
export function scanBlockScalar(scanner: Scanner): string {
  const { text } = scanner;
  const context = scanner.here();
  const literal = text.charCodeAt(scanner.position) === 0x7c;
  scanner.position++;
  const { chomping, increment } = scanHeader(scanner, context);
  let indent = increment === 0 ? 0 : Math.max(scanner.indent, 0) + increment;
  const lead = scanBreaks(scanner, indent, context);
  if (indent === 0) indent = Math.max(lead.widest, scanner.indent + 1, 1);

  let value = '';
  let pendingBreak = '';
  let pendingBreaks = lead.breaks;
  let previousIndented = false;
  while (scanner.column === indent && scanner.position < text.length - 1) {
    const indented = isBlank(text.charCodeAt(scanner.position));
    const folds = !literal && !previousIndented && !indented && pendingBreak === '\n';
    if (!folds) value += pendingBreak;
    else if (pendingBreaks === '') value += ' ';
    value += pendingBreaks;
    previousIndented = indented;
    const start = scanner.position;
    while (!isBreakOrEnd(text.charCodeAt(scanner.position))) scanner.position++;
    value += text.slice(start, scanner.position);
    pendingBreak = isBreak(text.charCodeAt(scanner.position)) ? scanner.takeBreak() : '';
    pendingBreaks = scanBreaks(scanner, indent, context).breaks;
  }
  if (chomping !== 'strip') value += pendingBreak;
  if (chomping === 'keep') value += pendingBreaks;
  return value;
}

function scanHeader(
  scanner: Scanner,
  context: GoFaultPlace,
): { readonly chomping: Chomping; readonly increment: number } {
  const { text } = scanner;
  let chomping = readChomping(scanner);
  let increment = 0;
  const digit = text.charCodeAt(scanner.position) - 48;
  if (digit >= 0 && digit <= 9) {
    if (digit === 0) scanner.fail('found an indentation indicator equal to 0', context);
    increment = digit;
    scanner.position++;
    chomping ??= readChomping(scanner);
  }
  while (isBlank(text.charCodeAt(scanner.position))) scanner.position++;
  if (text.charCodeAt(scanner.position) === 0x23) {
    while (!isBreakOrEnd(text.charCodeAt(scanner.position))) scanner.position++;
  }
  if (!isBreakOrEnd(text.charCodeAt(scanner.position))) {
    scanner.fail('did not find expected comment or line break', context);
  }
  if (isBreak(text.charCodeAt(scanner.position))) scanner.skipBreak();
  return { chomping: chomping ?? 'clip', increment };
}

function readChomping(scanner: Scanner): Chomping | undefined {
  const code = scanner.text.charCodeAt(scanner.position);
  if (code !== 0x2b && code !== 0x2d) return undefined;
  scanner.position++;
  return code === 0x2b ? 'keep' : 'strip';
}

/** Empty lines and the indentation of the next one. @param indent 0 while it is not known yet. */
function scanBreaks(
  scanner: Scanner,
  indent: number,
  context: GoFaultPlace,
): { readonly breaks: string; readonly widest: number } {
  const { text } = scanner;
  let breaks = '';
  let widest = 0;
  for (;;) {
    while (
      (indent === 0 || scanner.column < indent) &&
      text.charCodeAt(scanner.position) === SPACE
    ) {
      scanner.position++;
    }
    widest = Math.max(widest, scanner.column);
    const code = text.charCodeAt(scanner.position);
    if (code === TAB && (indent === 0 || scanner.column < indent)) {
      scanner.fail('found a tab character where an indentation space is expected', context);
    }
    if (!isBreak(code)) return { breaks, widest };
    breaks += scanner.takeBreak();
  }
}
