// Go's regexp rules for finding, replacing and splitting, on top of re2js (go-templates §6, Regex).
import { RE2JS, RE2JSSyntaxException } from 're2js';
import { failure, success } from './result.ts';
import type { Result } from './result.ts';

/** Start and end of the groups of one match, -1 where a group took no part. */
type Match = readonly number[];

export interface GoRegexp {
  /** Instructions of the compiled program: matching costs at most size × text. */
  readonly size: number;
  readonly matches: (text: string) => boolean;
  readonly find: (text: string) => string;
  /** At most `limit` matches; a negative limit means all. */
  readonly findAll: (text: string, limit: number) => readonly string[];
  /** Groups of every match, `''` where a group took no part. */
  readonly findAllGroups: (text: string) => readonly (readonly string[])[];
  readonly replaceAll: (text: string, replacement: string) => string;
  readonly replaceAllLiteral: (text: string, replacement: string) => string;
  readonly split: (text: string, limit: number) => readonly string[];
}

/** Compiles with Go's syntax; a failure carries the text of Go's error. */
export function compileRegexp(source: string): Result<GoRegexp> {
  try {
    return success(regexpOf(RE2JS.compile(source)));
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return failure(goMessage(error.message));
    throw error;
  }
}

/** Go names the offending expression even where it is empty; re2js leaves it out then. */
function goMessage(message: string): string {
  return message.endsWith('`') ? message : `${message}: \`\``;
}

function regexpOf(pattern: RE2JS): GoRegexp {
  const all = (text: string, limit: number) => findMatches(pattern, text, limit);
  const textOf = (text: string, match: Match) => text.slice(match[0], match[1]);
  return {
    size: pattern.programSize(),
    matches: (text) => pattern.matcher(text).find(),
    find: (text) => {
      const [first] = all(text, 1);
      return first ? textOf(text, first) : '';
    },
    findAll: (text, limit) => all(text, limit).map((match) => textOf(text, match)),
    findAllGroups: (text) => all(text, -1).map((match) => groupsOf(text, match)),
    replaceAll: (text, replacement) => {
      const expand = expander(pattern, replacement);
      return replaceMatches(text, all(text, -1), (match) => expand(text, match));
    },
    replaceAllLiteral: (text, replacement) =>
      replaceMatches(text, all(text, -1), () => replacement),
    split: (text, limit) => {
      if (limit === 0) return [];
      if (text === '' && pattern.pattern() !== '') return [''];
      return splitText(text, limit, all(text, limit));
    },
  };
}

/**
 * Matches from left to right, without overlap. An empty match directly behind the previous match
 * does not count, and after an empty match the search goes on one code point further (Go's rule).
 */
function findMatches(pattern: RE2JS, text: string, limit: number): readonly Match[] {
  const found: Match[] = [];
  if (limit === 0) return found;
  const matcher = pattern.matcher(text);
  const groups = matcher.groupCount();
  let position = 0;
  let previousEnd = -1;
  while (position <= text.length && matcher.find(position)) {
    const start = matcher.start();
    const end = matcher.end();
    if (end !== start || start !== previousEnd) {
      const match: number[] = [];
      for (let group = 0; group <= groups; group++)
        match.push(matcher.start(group), matcher.end(group));
      found.push(match);
      if (found.length === limit) return found;
    }
    previousEnd = end;
    position = end > start ? end : end + codePointWidth(text, end);
  }
  return found;
}

function codePointWidth(text: string, at: number): number {
  const point = text.codePointAt(at);
  return point !== undefined && point > 0xffff ? 2 : 1;
}

function groupsOf(text: string, match: Match): readonly string[] {
  const groups: string[] = [];
  for (let at = 0; at < match.length; at += 2) {
    const start = match[at] ?? -1;
    groups.push(start < 0 ? '' : text.slice(start, match[at + 1]));
  }
  return groups;
}

function replaceMatches(
  text: string,
  matches: readonly Match[],
  replacement: (match: Match) => string,
): string {
  let result = '';
  let last = 0;
  for (const match of matches) {
    result += text.slice(last, match[0]) + replacement(match);
    last = match[1] ?? last;
  }
  return result + text.slice(last);
}

/** A template such as `$1W` or `${name}x`: `$name` takes the longest run of letters, digits and `_`. */
function expander(pattern: RE2JS, template: string): (text: string, match: Match) => string {
  const names: Readonly<Record<string, number>> = pattern.namedGroups();
  const parts: (string | number)[] = [];
  let rest = template;
  for (;;) {
    const dollar = rest.indexOf('$');
    if (dollar < 0) break;
    parts.push(rest.slice(0, dollar));
    rest = rest.slice(dollar + 1);
    if (rest.startsWith('$')) {
      parts.push('$');
      rest = rest.slice(1);
      continue;
    }
    const reference = /^(?:\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/u.exec(rest);
    if (!reference) {
      parts.push('$');
      continue;
    }
    rest = rest.slice(reference[0].length);
    parts.push(groupIndex(reference[1] ?? reference[2] ?? '', names));
  }
  parts.push(rest);
  return (text, match) =>
    parts.map((part) => (typeof part === 'string' ? part : groupText(text, match, part))).join('');
}

/** The number that a reference names; -1 expands to nothing. A leading zero is a name (Go). */
function groupIndex(name: string, names: Readonly<Record<string, number>>): number {
  if (/^(?:0|[1-9][0-9]*)$/.test(name) && Number(name) < 1e8) return Number(name);
  return Object.hasOwn(names, name) ? (names[name] ?? -1) : -1;
}

function groupText(text: string, match: Match, group: number): string {
  const start = match[2 * group] ?? -1;
  return group < 0 || start < 0 ? '' : text.slice(start, match[2 * group + 1]);
}

function splitText(text: string, limit: number, matches: readonly Match[]): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  let end = 0;
  for (const match of matches) {
    if (limit > 0 && pieces.length === limit - 1) break;
    end = match[0] ?? 0;
    // An empty match at the start of the text separates nothing.
    if (match[1] !== 0) pieces.push(text.slice(start, end));
    start = match[1] ?? 0;
  }
  if (end !== text.length) pieces.push(text.slice(start));
  return pieces;
}

/** Escapes the characters that have a meaning in a regular expression. */
export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
