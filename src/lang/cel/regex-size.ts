// How large a regular expression becomes when RE2 compiles it, seen from its text.

/** Larger than anything that is allowed; keeps nested repetitions from overflowing. */
const HUGE = 1e9;

const REPEAT = /\{(\d+)(,(\d*))?\}/y;
/** A character, an escape, a class of characters, or a quoted stretch. */
const ATOM =
  /\\Q[\s\S]*?(?:\\E|$)|\\[pP](?:\{[^}]*\}|.)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]?|[\s\S]/y;

/** Instructions, give or take a few: counted repetitions are written out, groups and choices add some. */
export function regexSize(pattern: string): number {
  // Sizes of the groups that are open; `last` is what a repetition would repeat.
  const open: number[] = [];
  let sum = 0;
  let last = 0;
  for (let at = 0; at < pattern.length;) {
    const char = pattern.charAt(at);
    if (char === '(') {
      open.push(sum + last);
      sum = 0;
      last = 0;
      at++;
    } else if (char === ')') {
      const inner = sum + last + 2;
      sum = open.pop() ?? 0;
      last = inner;
      at++;
    } else {
      const repeat = repetition(pattern, at);
      if (repeat !== undefined) {
        last = Math.min(HUGE, last * repeat.factor + 1);
        at = repeat.end;
      } else {
        ATOM.lastIndex = at;
        const atom = ATOM.exec(pattern)?.[0] ?? char;
        sum = Math.min(HUGE, sum + last);
        last = atomSize(atom);
        at += atom.length;
      }
    }
  }
  return Math.min(
    HUGE,
    open.reduce((total, size) => total + size, sum + last),
  );
}

function repetition(pattern: string, at: number): { factor: number; end: number } | undefined {
  const char = pattern.charAt(at);
  if (char === '*' || char === '+' || char === '?') return { factor: 1, end: at + 1 };
  if (char !== '{') return undefined;
  REPEAT.lastIndex = at;
  const match = REPEAT.exec(pattern);
  if (match === null) return undefined;
  const [text, least = '0', range, most = ''] = match;
  const open = range !== undefined && most === '';
  const factor = open ? Number(least) + 1 : Math.max(Number(least), Number(most));
  return { factor: Math.max(1, factor), end: at + text.length };
}

/** Unicode classes are long tables; quoted text counts by character. */
function atomSize(atom: string): number {
  if (/^\\[pP]/.test(atom)) return 5;
  if (atom.startsWith('\\Q')) return atom.length;
  return atom.startsWith('[') ? 1 + Math.floor(atom.length / 8) : 1;
}
