// The string functions that Kubernetes carries (cel-go strings extension version 2) and `reverse`.
import { celError } from '../error.ts';
import { global, member, noSuchOverload, overload } from '../library.ts';
import type { Library } from '../library.ts';
import { DYN, INT, listOf, STRING } from '../type.ts';
import type { Int, List } from '../value.ts';
import { growthCost, listCost, rewriteCost, textCost } from './cost.ts';
import { CLAUSES_V2, formatCost, formatText } from './string-format.ts';
import { charactersOf, indexIn, textOf } from './code-points.ts';

const scan = { cost: textCost };
/** Index arguments are code points: finding them is one pass over the text. */
const search = { cost: (text: string) => textCost(text) };

export const strings: Library = {
  name: 'strings',
  functions: [
    member('charAt', overload([STRING, INT], STRING, charAt, search)),
    member(
      'indexOf',
      overload([STRING, STRING], INT, (text, part) => indexOf(text, part, 0), search),
      overload([STRING, STRING, INT], INT, indexOf, search),
    ),
    member(
      'lastIndexOf',
      overload([STRING, STRING], INT, (text, part) => lastIndexOf(text, part), search),
      overload([STRING, STRING, INT], INT, lastIndexOf, search),
    ),
    member('lowerAscii', overload([STRING], STRING, lowerAscii, scan)),
    member('upperAscii', overload([STRING], STRING, upperAscii, scan)),
    member(
      'trim',
      overload([STRING], STRING, (text) => text.replace(EDGES, ''), scan),
    ),
    member(
      'substring',
      overload([STRING, INT], STRING, (text, start) => substring(text, start), scan),
      overload([STRING, INT, INT], STRING, substring, scan),
    ),
    member(
      'replace',
      overload([STRING, STRING, STRING], STRING, (text, from, to) => replace(text, from, to, -1), {
        cost: replaceCost,
      }),
      overload([STRING, STRING, STRING, INT], STRING, replace, { cost: replaceCost }),
    ),
    member(
      'split',
      overload([STRING, STRING], listOf(STRING), (text, separator) => split(text, separator, -1), {
        cost: splitCost,
      }),
      overload([STRING, STRING, INT], listOf(STRING), split, { cost: splitCost }),
    ),
    member(
      'join',
      overload([listOf(STRING)], STRING, (list) => join(list, ''), {
        cost: (list) => joinCost(list, ''),
      }),
      overload([listOf(STRING), STRING], STRING, join, { cost: joinCost }),
    ),
    member(
      'reverse',
      overload([STRING], STRING, (text) => charactersOf(text).toReversed().join(''), {
        cost: (text) => rewriteCost(text.length),
      }),
    ),
    member('format', overload([STRING, listOf(DYN)], STRING, formatText, { cost: formatCost })),
    global(
      'strings.quote',
      overload([STRING], STRING, quote, { cost: (text) => rewriteCost(text.length) }),
    ),
  ],
};

/** White space as Unicode (and Go) defines it; JavaScript's `trim` differs in U+0085 and U+FEFF. */
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const EDGES = new RegExp(`^${SPACE}+|(?<!${SPACE})${SPACE}+$`, 'gu');

function charAt(value: string, index: Int): string {
  const text = textOf(value);
  const at = indexIn(text.length, index);
  return text.slice(at, at + 1);
}

function indexOf(value: string, part: string, from: Int): number {
  const text = textOf(value);
  const start = text.offset(indexIn(text.length, from));
  const found = value.indexOf(part, start);
  return found < 0 ? -1 : text.index(found);
}

function lastIndexOf(value: string, part: string, from?: Int): number {
  const text = textOf(value);
  const start = from === undefined ? value.length : text.offset(indexIn(text.length, from));
  const found = value.lastIndexOf(part, start);
  return found < 0 ? -1 : text.index(found);
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function upperAscii(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function substring(value: string, start: Int, end?: Int): string {
  const text = textOf(value);
  const from = indexIn(text.length, start);
  const to = end === undefined ? text.length : indexIn(text.length, end);
  if (from > to) throw celError('invalidArgument', 'invalid substring range');
  return text.slice(from, to);
}

/** Replaces the first `limit` occurrences, all for a negative limit; an empty text occurs between all characters. */
function replace(value: string, from: string, to: string, limit: Int): string {
  const parts = pieces(value, from, limit < 0 ? Infinity : Number(limit));
  return parts.join(to);
}

/** The text cut at the first `cuts` occurrences. */
function pieces(value: string, separator: string, cuts: number): string[] {
  if (cuts === 0) return [value];
  if (separator === '') {
    const characters = charactersOf(value);
    const single = ['', ...characters, ''];
    if (cuts >= single.length - 1) return single;
    return [...single.slice(0, cuts), single.slice(cuts).join('')];
  }
  const all = value.split(separator);
  if (cuts >= all.length - 1) return all;
  return [...all.slice(0, cuts), all.slice(cuts).join(separator)];
}

/** At most `limit` parts, the last one holding the rest; all for a negative limit. */
function split(value: string, separator: string, limit: Int): string[] {
  if (limit === 0 || limit === 0n) return [];
  const most = limit < 0 ? Infinity : Number(limit);
  if (separator !== '') return pieces(value, separator, most - 1);
  const characters = charactersOf(value);
  if (characters.length <= most) return characters;
  return [...characters.slice(0, most - 1), characters.slice(most - 1).join('')];
}

function join(list: List, separator: string): string {
  if (!list.every((element) => typeof element === 'string')) throw noSuchOverload();
  return list.join(separator);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
  ['"', '\\"'],
]);

function quote(text: string): string {
  const escaped = text.replace(/[\u0007\b\f\n\r\t\v\\"]/g, (character) => {
    return ESCAPES.get(character) ?? character;
  });
  return `"${escaped}"`;
}

/** Kubernetes' cost, plus what the result grows by: `''` may occur at every character. */
function replaceCost(value: string, from: string, to: string): number {
  const growth = to.length - from.length;
  const times = growth > 0 ? countOf(value, from) : 0;
  return rewriteCost(value.length) + growthCost(times * growth);
}

function countOf(value: string, part: string): number {
  if (part === '') return value.length + 1;
  let count = 0;
  for (let at = value.indexOf(part); at >= 0; at = value.indexOf(part, at + part.length)) count++;
  return count;
}

function splitCost(value: string, separator: string): number {
  return rewriteCost(value.length) + (separator === '' ? listCost(value.length) : 0);
}

function joinCost(list: List, separator: string): number {
  let length = separator.length * Math.max(0, list.length - 1);
  for (const element of list) if (typeof element === 'string') length += element.length;
  return rewriteCost(length);
}

/** What Kubernetes' version 2 of the extension does otherwise; comes after `strings`. */
export const stringsV2: Library = {
  name: 'stringsV2',
  functions: [
    member(
      'format',
      overload(
        [STRING, listOf(DYN)],
        STRING,
        (template, args) => formatText(template, args, CLAUSES_V2),
        { cost: formatCost },
      ),
    ),
  ],
};
