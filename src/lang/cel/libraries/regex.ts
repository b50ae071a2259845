// Kubernetes' regular expression functions: find and findAll, in linear time (RE2 syntax).
import type { RE2JS } from 're2js';
import { member } from '../library.ts';
import type { Library } from '../library.ts';
import { regexParts } from '../regex.ts';
import { INT, listOf, STRING } from '../type.ts';

export const regex: Library = {
  name: 'kubernetes.regex',
  functions: [
    member('find', {
      params: [STRING, STRING],
      result: STRING,
      ...regexParts((re, text) => find(text, re)),
    }),
    member(
      'findAll',
      {
        params: [STRING, STRING],
        result: listOf(STRING),
        ...regexParts((re, text) => findAll(text, re, -1)),
      },
      {
        params: [STRING, STRING, INT],
        result: listOf(STRING),
        ...regexParts((re, text, [limit]) => findAll(text, re, Number(limit))),
      },
    ),
  ],
};

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
