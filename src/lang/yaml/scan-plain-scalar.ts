// Text without quotes: it ends at `: `, ` #`, a line that is not indented far enough and, in brackets, at punctuation.
import { SPACE, TAB, isBlank, isBlankOrEnd, isBreak } from './characters.ts';
import { foldBreaks } from './fold.ts';
import type { Scanner } from './scanner.ts';

/** Leaves the scanner behind the blanks that follow the text. */
export function scanPlainScalar(scanner: Scanner): string {
  const { text } = scanner;
  const inFlow = scanner.flowLevel > 0;
  const indent = scanner.indent + 1;
  const context = scanner.here();
  /** Lines that are already folded. */
  let folded = '';
  let start = scanner.position;
  let end = start;
  for (;;) {
    if (scanner.atDocumentMark() || text.charCodeAt(scanner.position) === 0x23) break;
    const runStart = scanner.position;
    const runEnd = endOfRun(text, runStart, inFlow);
    if (runEnd > runStart) end = runEnd;
    scanner.position = runEnd;
    let code = text.charCodeAt(runEnd);
    if (!isBlank(code) && !isBreak(code)) break;
    while (code === SPACE || code === TAB) code = text.charCodeAt(++scanner.position);
    if (!isBreak(code)) {
      if (!inFlow && scanner.column < indent) break;
      continue;
    }
    const fold = takeLineBreaks(scanner, indent, context);
    if ((!inFlow && scanner.column < indent) || !continues(scanner, inFlow)) {
      scanner.keyAllowed = true;
      break;
    }
    folded += text.slice(start, end) + fold;
    start = end = scanner.position;
  }
  return folded + text.slice(start, end);
}

/** End of the characters up to a blank or an indicator. */
function endOfRun(text: string, from: number, inFlow: boolean): number {
  for (let at = from; ; at++) {
    const code = text.charCodeAt(at);
    // Letters and digits, by far the most.
    if (code > 0x60 && code < 0x7b) continue;
    if (isBlankOrEnd(code)) return at;
    if (code === 0x3a) {
      if (isBlankOrEnd(text.charCodeAt(at + 1))) return at;
    } else if (inFlow && isFlowPunctuation(code)) return at;
  }
}

function isFlowPunctuation(code: number): boolean {
  // , ? [ ] { }
  return (
    code === 0x2c ||
    code === 0x3f ||
    code === 0x5b ||
    code === 0x5d ||
    code === 0x7b ||
    code === 0x7d
  );
}

/** True when the line goes on with the text, so that the breaks before it are part of it. */
function continues(scanner: Scanner, inFlow: boolean): boolean {
  if (scanner.atDocumentMark() || scanner.text.charCodeAt(scanner.position) === 0x23) return false;
  return endOfRun(scanner.text, scanner.position, inFlow) > scanner.position;
}

function takeLineBreaks(
  scanner: Scanner,
  indent: number,
  context: { readonly offset: number; readonly line: number },
): string {
  const first = scanner.takeBreak();
  let others = '';
  for (;;) {
    const code = scanner.text.charCodeAt(scanner.position);
    if (isBreak(code)) others += scanner.takeBreak();
    else if (code === TAB && scanner.column < indent) {
      scanner.fail('found a tab character that violates indentation', context);
    } else if (isBlank(code)) scanner.position++;
    else return foldBreaks(first, others);
  }
}
