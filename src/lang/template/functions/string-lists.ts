// Sprig's splitting of strings (go-templates §6, String slices).
import { defineFunction } from '../function.ts';
import type { CallContext } from '../function.ts';
import { stringList, stringMap } from '../value.ts';
import type { GoMap } from '../value.ts';
import { chargeText } from './elements.ts';

/** strings.SplitN: an empty separator cuts between runes, `limit` 0 gives nothing. */
function split(context: CallContext, separator: string, text: string, limit = -1): string[] {
  chargeText(context, text.length);
  if (limit === 0) return [];
  const all = separator === '' ? Array.from(text) : text.split(separator);
  context.charge(all.length);
  if (limit < 0 || all.length <= limit) return all;
  const head = all.slice(0, limit - 1);
  return [...head, all.slice(limit - 1).join(separator)];
}

/** Parts under the keys _0, _1, … */
function numbered(parts: readonly string[]): GoMap {
  return stringMap(parts.map((part, at) => [`_${at}`, part] as const));
}

export const STRING_LISTS = [
  defineFunction('split', 'func(string, string) map[string]string', (context, separator, text) =>
    numbered(split(context, separator, text)),
  ),
  defineFunction(
    'splitn',
    'func(string, int, string) map[string]string',
    (context, separator, limit, text) => numbered(split(context, separator, text, limit)),
  ),
  defineFunction('splitList', 'func(string, string) []string', (context, separator, text) =>
    stringList(split(context, separator, text)),
  ),
];
