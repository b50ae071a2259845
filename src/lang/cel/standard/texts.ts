// `size`, and the string functions of the standard library.
import { global, member, overload } from '../library.ts';
import type { FunctionDeclaration, Overload } from '../library.ts';
import { regexParts } from '../regex.ts';
import { codePointLength } from '../text.ts';
import { BOOL, BYTES, INT, listOf, mapOf, STRING, typeParam } from '../type.ts';
import { mapSize } from '../value.ts';

const A = typeParam('A');
const B = typeParam('B');

const SIZES: readonly Overload[] = [
  // Kubernetes has 1 for all of these; walking over long texts and large maps is not that cheap here.
  overload([STRING], INT, codePointLength, { cost: (text) => Math.floor(text.length / 100) }),
  overload([BYTES], INT, (bytes) => bytes.length),
  overload([listOf(A)], INT, (list) => list.length),
  overload([mapOf(A, B)], INT, mapSize, { resultCost: (size) => Math.floor(Number(size) / 10) }),
];

/** Costs are those of cel-go's `runtimecost.go`. */
const prefix = { cost: (_text: string, part: string): number => Math.ceil(part.length / 10) - 1 };
const search = {
  cost: (text: string, part: string): number =>
    Math.ceil(text.length / 10) * Math.ceil(part.length / 10) - 1,
};

const MATCHES: Overload = {
  params: [STRING, STRING],
  result: BOOL,
  ...regexParts((regex, text) => regex.matcher(text).find()),
};

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
