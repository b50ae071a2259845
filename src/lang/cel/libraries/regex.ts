// Kubernetes' regular expression functions: find and findAll, in linear time (RE2 syntax).
import type { RE2JS } from 're2js';
import { compileLiteralRegex, compileRegex, createRegexCache } from '../regex.ts';
import { member, overload } from '../library.ts';
import type { Implementation, Library } from '../library.ts';
import { INT, listOf, STRING } from '../type.ts';
import type { Value } from '../value.ts';
import { regexCost } from './cost.ts';

const cost = (text: string, pattern: string): number => regexCost(text.length, pattern.length);

export const regex: Library = {
  name: 'kubernetes.regex',
  functions: [
    member(
      'find',
      overload([STRING, STRING], STRING, (text, pattern) => find(text, compileRegex(pattern)), {
        cost,
        specialise: compiled((text, re) => find(text as string, re)),
      }),
    ),
    member(
      'findAll',
      overload(
        [STRING, STRING],
        listOf(STRING),
        (text, pattern) => findAll(text, compileRegex(pattern), -1),
        { cost, specialise: compiled((text, re) => findAll(text as string, re, -1)) },
      ),
      overload(
        [STRING, STRING, INT],
        listOf(STRING),
        (text, pattern, limit) => findAll(text, compileRegex(pattern), Number(limit)),
        {
          cost,
          specialise: compiled((text, re, limit) => findAll(text as string, re, Number(limit))),
        },
      ),
    ),
  ],
};

/** A literal pattern is compiled once; for others the last one is remembered. */
function compiled(apply: (text: Value, re: RE2JS, limit: Value) => Value) {
  return (literals: readonly (Value | undefined)[]): Implementation => {
    const pattern = literals[1];
    if (typeof pattern === 'string') {
      const re = compileLiteralRegex(pattern);
      return (text, _pattern, limit) => apply(text as Value, re, limit ?? null);
    }
    const cache = createRegexCache();
    return (text, given, limit) => apply(text as Value, cache(given as string), limit ?? null);
  };
}

function find(text: string, re: RE2JS): string {
  const matcher = re.matcher(text);
  return matcher.find() ? (matcher.group() ?? '') : '';
}

/** All matches, at most `limit` of them; a negative limit is none. An empty match directly after another match does not count, as in Go. */
function findAll(text: string, re: RE2JS, limit: number): string[] {
  const found: string[] = [];
  const matcher = re.matcher(text);
  let end = -1;
  while (found.length !== limit && matcher.find()) {
    const empty = matcher.start() === matcher.end();
    if (!empty || matcher.start() !== end) found.push(matcher.group() ?? '');
    end = matcher.end();
  }
  return found;
}
