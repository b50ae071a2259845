// Sprig's urlParse and urlJoin (go-templates §6, URLs).
import { defineFunction, TemplateFunctionError } from '../function.ts';
import { map } from '../value.ts';
import type { GoMap } from '../value.ts';
import { chargeText, kindName, NIL_DEREFERENCE } from './elements.ts';
import { EMPTY_URL, formatUrl, hostName, parseUrl, userText } from './library/net-url.ts';
import type { UserInfo } from './library/net-url.ts';
import { fromBinary, toBinary } from './library/words.ts';

function parse(text: string): GoMap {
  const parsed = parseUrl(toBinary(text));
  if (!parsed.ok) throw new TemplateFunctionError(`unable to parse url: ${parsed.error}`);
  const url = parsed.value;
  const parts: readonly (readonly [string, string])[] = [
    ['scheme', url.scheme],
    ['host', url.host],
    ['hostname', hostName(url)],
    ['path', url.path],
    ['query', url.query],
    ['opaque', url.opaque],
    ['fragment', url.fragment],
    ['userinfo', url.user ? userText(url.user) : ''],
  ];
  return map(parts.map(([key, value]) => [key, fromBinary(value)] as const));
}

function textAt(dict: GoMap, key: string): string {
  if (!dict.entries.has(key)) return '';
  const value = dict.entries.get(key);
  if (typeof value === 'string') return toBinary(value);
  if (value === null || value === undefined) throw new TemplateFunctionError(NIL_DEREFERENCE);
  throw new TemplateFunctionError(
    `unable to parse ${key} key, must be of type string, but ${kindName(value)} found`,
  );
}

function join(dict: GoMap): string {
  const url = {
    ...EMPTY_URL,
    scheme: textAt(dict, 'scheme'),
    host: textAt(dict, 'host'),
    path: textAt(dict, 'path'),
    query: textAt(dict, 'query'),
    opaque: textAt(dict, 'opaque'),
    fragment: textAt(dict, 'fragment'),
  };
  return fromBinary(formatUrl({ ...url, user: userOf(textAt(dict, 'userinfo')) }));
}

/** Read as the user of a made-up URL, so that its escapes are understood. */
function userOf(info: string): UserInfo | undefined {
  if (info === '') return undefined;
  const parsed = parseUrl(`proto://${info}@host`);
  if (parsed.ok) return parsed.value.user;
  throw new TemplateFunctionError(`unable to parse userinfo in dict: ${parsed.error}`);
}

export const URLS = [
  defineFunction('urlParse', 'func(string) map[string]interface {}', (context, text) => {
    chargeText(context, 16 * text.length);
    return parse(text);
  }),
  defineFunction('urlJoin', 'func(map[string]interface {}) string', (context, dict) => {
    const url = join(dict);
    chargeText(context, 16 * url.length);
    return url;
  }),
];
