// `size`, and the string functions of the standard library.
import type { RE2JS } from 're2js';
import { global, member, overload } from '../library.ts';
import type { FunctionDeclaration, Implementation, Overload } from '../library.ts';
import { compileLiteralRegex, compileRegex, createRegexCache } from '../regex.ts';
import { codePointLength } from '../text.ts';
import { BOOL, BYTES, INT, listOf, mapOf, STRING, typeParam } from '../type.ts';
import { mapSize } from '../value.ts';

const A = typeParam('A');
const B = typeParam('B');

const SIZES: readonly Overload[] = [
  overload([STRING], INT, codePointLength),
  overload([BYTES], INT, (bytes) => bytes.length),
  overload([listOf(A)], INT, (list) => list.length),
  overload([mapOf(A, B)], INT, mapSize),
];

/** Costs are those of cel-go's `runtimecost.go`. */
const prefix = { cost: (_text: string, part: string): number => Math.ceil(part.length / 10) - 1 };
const search = {
  cost: (text: string, part: string): number =>
    Math.ceil(text.length / 10) * Math.ceil(part.length / 10) - 1,
};

/** Kubernetes' figure: a tenth per character times a quarter per character of the pattern. */
export function regexCost(text: string, pattern: string): number {
  return Math.ceil((1 + text.length) / 10) * Math.ceil(pattern.length / 4);
}

type Matcher = (text: string, pattern: string) => boolean;

function matcher(compiled: (pattern: string) => RE2JS): Matcher {
  return (text, pattern) => compiled(pattern).matcher(text).find();
}

const MATCHES: Overload = overload([STRING, STRING], BOOL, matcher(compileRegex), {
  cost: regexCost,
  specialise: ([, pattern]): Implementation => {
    if (typeof pattern !== 'string') return matcher(createRegexCache()) as Implementation;
    const regex = compileLiteralRegex(pattern);
    return matcher(() => regex) as Implementation;
  },
});

export const TEXTS: readonly FunctionDeclaration[] = [
  global('size', ...SIZES),
  member('size', ...SIZES),
  member(
    'contains',
    overload([STRING, STRING], BOOL, (text, part) => text.includes(part), search),
  ),
  member(
    'startsWith',
    overload([STRING, STRING], BOOL, (text, part) => text.startsWith(part), prefix),
  ),
  member(
    'endsWith',
    overload([STRING, STRING], BOOL, (text, part) => text.endsWith(part), prefix),
  ),
  global('matches', MATCHES),
  member('matches', MATCHES),
];
