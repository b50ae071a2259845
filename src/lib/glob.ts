// Path patterns in the doublestar dialect that Package Operator's conditional paths are written in.
//
// `*` and `?` stay inside one segment, `**` as a whole segment crosses any number of them (none included),
// `[a-z]` and `[!a-z]` are classes, `{a,b}` alternatives that may nest and hold slashes, `\x` is a literal x.
// Dot files are ordinary names. Behaviour follows doublestar v4's Match, which was used as the oracle.

/** A pattern that was understood, or the reason why not. */
export type Glob =
  | { readonly kind: 'glob'; readonly pattern: string; readonly matches: (path: string) => boolean }
  | { readonly kind: 'invalid'; readonly pattern: string; readonly reason: string };

interface ClassRange {
  readonly low: number;
  readonly high: number;
}

type Token =
  | { readonly kind: 'literal'; readonly code: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly ClassRange[] }
  | { readonly kind: 'star' }
  /** A segment `**` followed by a slash: any number of whole segments. */
  | { readonly kind: 'segments' }
  /** A segment `**` that ends the pattern: everything below. */
  | { readonly kind: 'rest' };

const SLASH = 47;
/** Alternatives multiply; past this many the pattern is refused instead of expanded. */
const MAX_ALTERNATIVES = 1024;

/** Compiles a pattern once; `matches` may then be called for many paths. Paths use `/` and no leading `./`. */
export function compileGlob(pattern: string): Glob {
  const expanded = expandBraces(pattern);
  if (typeof expanded === 'string') return { kind: 'invalid', pattern, reason: expanded };
  const alternatives: (readonly Token[])[] = [];
  for (const alternative of expanded) {
    const tokens = tokenize(alternative);
    if (typeof tokens === 'string') return { kind: 'invalid', pattern, reason: tokens };
    alternatives.push(tokens);
  }
  return {
    kind: 'glob',
    pattern,
    matches: (path) => {
      const codes = Array.from(path, (character) => character.codePointAt(0) ?? 0);
      return alternatives.some((tokens) => matchTokens(tokens, codes));
    },
  };
}

/** Expands `{a,b}` from the left; returns the reason when a brace is not closed. */
function expandBraces(pattern: string): string[] | string {
  const done: string[] = [];
  const open = [pattern];
  while (open.length > 0) {
    if (done.length + open.length > MAX_ALTERNATIVES) {
      return `more than ${MAX_ALTERNATIVES} alternatives in braces`;
    }
    const next = open.pop() ?? '';
    const group = findBraces(next);
    if (group === 'none') done.push(next);
    else if (group === 'unclosed') return 'a { has no matching }';
    else {
      const head = next.slice(0, group.start);
      const tail = next.slice(group.end + 1);
      for (const choice of group.choices) open.push(head + choice + tail);
    }
  }
  return done;
}

interface BraceGroup {
  readonly start: number;
  readonly end: number;
  readonly choices: readonly string[];
}

function findBraces(pattern: string): BraceGroup | 'none' | 'unclosed' {
  let start = -1;
  let depth = 0;
  let choiceStart = 0;
  const choices: string[] = [];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index];
    if (character === '\\') index++;
    else if (character === '[') index = classEnd(pattern, index);
    else if (character === '{') {
      if (depth++ === 0) {
        start = index;
        choiceStart = index + 1;
      }
    } else if (depth === 0) continue;
    else if (character === ',' && depth === 1) {
      choices.push(pattern.slice(choiceStart, index));
      choiceStart = index + 1;
    } else if (character === '}' && --depth === 0) {
      choices.push(pattern.slice(choiceStart, index));
      return { start, end: index, choices };
    }
  }
  return start < 0 ? 'none' : 'unclosed';
}

/** Index of the `]` that closes the class opened at `start`, or the last index when it never closes. */
function classEnd(pattern: string, start: number): number {
  for (let index = start + 1; index < pattern.length; index++) {
    if (pattern[index] === '\\') index++;
    else if (pattern[index] === ']') return index;
  }
  return pattern.length;
}

function tokenize(pattern: string): Token[] | string {
  const tokens: Token[] = [];
  const characters = Array.from(pattern);
  let index = 0;
  let segmentStart = true;
  while (index < characters.length) {
    const character = characters[index] ?? '';
    switch (character) {
      case '*': {
        const double = characters[index + 1] === '*';
        const after = characters[index + 2];
        if (double && segmentStart && after === undefined) tokens.push({ kind: 'rest' });
        else if (double && segmentStart && after === '/') tokens.push({ kind: 'segments' });
        else tokens.push({ kind: 'star' });
        index += double ? 2 : 1;
        const crossed = tokens.at(-1)?.kind === 'segments';
        if (crossed) index++;
        segmentStart = crossed;
        continue;
      }
      case '?':
        tokens.push({ kind: 'any' });
        break;
      case '[': {
        const parsed = readClass(characters, index + 1);
        if (typeof parsed === 'string') return parsed;
        tokens.push(parsed.token);
        index = parsed.end;
        break;
      }
      case '}':
        return 'a } has no matching {';
      case '\\':
        index++;
        if (index >= characters.length) return 'a \\ ends the pattern';
        tokens.push({ kind: 'literal', code: characters[index]?.codePointAt(0) ?? 0 });
        break;
      default:
        tokens.push({ kind: 'literal', code: character.codePointAt(0) ?? 0 });
    }
    segmentStart = characters[index] === '/';
    index++;
  }
  return tokens;
}

function readClass(
  characters: readonly string[],
  start: number,
): { token: Token; end: number } | string {
  let index = start;
  const negated = characters[index] === '!' || characters[index] === '^';
  if (negated) index++;
  if (characters[index] === ']') return 'a character class [] is empty';
  const ranges: ClassRange[] = [];
  while (index < characters.length && characters[index] !== ']') {
    if (characters[index] === '\\') index++;
    const low = characters[index]?.codePointAt(0);
    if (low === undefined) break;
    index++;
    let high = low;
    if (
      characters[index] === '-' &&
      index + 1 < characters.length &&
      characters[index + 1] !== ']'
    ) {
      index++;
      if (characters[index] === '\\') index++;
      high = characters[index]?.codePointAt(0) ?? low;
      index++;
    }
    ranges.push({ low, high });
  }
  if (characters[index] !== ']') return 'a [ has no matching ]';
  return { token: { kind: 'class', negated, ranges }, end: index };
}

/** Backtracks to the last `*` and, failing that, to the last `**`: time grows with pattern × path, no worse. */
function matchTokens(tokens: readonly Token[], path: readonly number[]): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let starPosition = -1;
  let segments = -1;
  let segmentsPosition = -1;
  while (position < path.length) {
    const token = tokens[at];
    if (token?.kind === 'rest') return true;
    if (token?.kind === 'segments') {
      segments = ++at;
      segmentsPosition = position;
      star = -1;
      continue;
    }
    if (token?.kind === 'star') {
      star = ++at;
      starPosition = position;
      continue;
    }
    if (token !== undefined && matchOne(token, path[position] ?? 0)) {
      at++;
      position++;
      continue;
    }
    if (star >= 0 && path[starPosition] !== SLASH) {
      position = ++starPosition;
      at = star;
      continue;
    }
    const slash = segments >= 0 ? path.indexOf(SLASH, segmentsPosition) : -1;
    if (slash < 0) return false;
    position = segmentsPosition = slash + 1;
    at = segments;
    star = -1;
  }
  return matchesNothing(tokens, at);
}

function matchOne(token: Token, code: number): boolean {
  if (token.kind === 'literal') return token.code === code;
  if (token.kind === 'any') return code !== SLASH;
  if (token.kind !== 'class') return false;
  const inside = token.ranges.some((range) => range.low <= code && code <= range.high);
  return inside !== token.negated;
}

/** What may be left of the pattern when the path is used up: a `*`, or `**` with its slashes (`a/**` matches `a`). */
function matchesNothing(tokens: readonly Token[], at: number): boolean {
  let next = at;
  const first = tokens[next];
  if (first === undefined) return true;
  if (first.kind === 'star' || first.kind === 'rest') return next + 1 === tokens.length;
  if (first.kind === 'literal' && first.code === SLASH) next++;
  const star = tokens[next]?.kind;
  return (star === 'rest' || star === 'segments') && next + 1 === tokens.length;
}
