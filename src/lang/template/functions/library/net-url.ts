// URLs as Go's net/url reads and writes them (go-templates §6, URLs), which is not the WHATWG way:
// opaque parts, escapes kept as they were, and errors with Go's text. Texts here hold one character
// per byte.
import { quote } from '../../strconv/quote.ts';
import { failure, success } from './result.ts';
import type { Result } from './result.ts';
import { fromBinary } from './words.ts';

export interface GoUrl {
  readonly scheme: string;
  readonly opaque: string;
  readonly user: UserInfo | undefined;
  readonly host: string;
  readonly path: string;
  /** The path as it was written, where escaping the path anew would give something else. */
  readonly rawPath: string;
  /** An empty host that was not written at all: `file:/x`. */
  readonly omitHost: boolean;
  readonly query: string;
  /** A `?` with nothing behind it. */
  readonly forceQuery: boolean;
  readonly fragment: string;
  readonly rawFragment: string;
}

export interface UserInfo {
  readonly name: string;
  readonly password: string | undefined;
}

export const EMPTY_URL: GoUrl = {
  scheme: '',
  opaque: '',
  user: undefined,
  host: '',
  path: '',
  rawPath: '',
  omitHost: false,
  query: '',
  forceQuery: false,
  fragment: '',
  rawFragment: '',
};

type Part = 'path' | 'user' | 'host' | 'zone' | 'fragment';

/** What stands unescaped in each part, beside letters, digits and `-_.~`. */
const PLAIN: Readonly<Record<Part, string>> = {
  path: '$&+,/:;=@',
  user: '$&+,;=',
  host: '!$&\'()*+,;=:[]<>"',
  zone: '!$&\'()*+,;=:[]<>"',
  fragment: '$&+,/:;=?@!()*',
};

class UrlProblem extends Error {}

/** @param text with one character per byte */
export function parseUrl(text: string): Result<GoUrl> {
  const hash = text.indexOf('#');
  const body = hash < 0 ? text : text.slice(0, hash);
  const fragment = hash < 0 ? '' : text.slice(hash + 1);
  let subject = body;
  try {
    const url = parseBody(body);
    if (fragment === '') return success(url);
    subject = text;
    const plain = unescape(fragment, 'fragment');
    const rawFragment = escape(plain, 'fragment') === fragment ? '' : fragment;
    return success({ ...url, fragment: plain, rawFragment });
  } catch (error) {
    if (!(error instanceof UrlProblem)) throw error;
    return failure(`parse ${quote(fromBinary(subject))}: ${error.message}`);
  }
}

function parseBody(text: string): GoUrl {
  if (/[\x00-\x1f\x7f]/.test(text)) {
    throw new UrlProblem('net/url: invalid control character in URL');
  }
  if (text === '*') return { ...EMPTY_URL, path: '*' };
  const colon = schemeLength(text);
  const scheme = colon < 0 ? '' : text.slice(0, colon).toLowerCase();
  let rest = text.slice(colon + 1);
  const mark = rest.indexOf('?');
  const forceQuery = mark >= 0 && mark === rest.length - 1;
  const query = mark < 0 ? '' : rest.slice(mark + 1);
  if (mark >= 0) rest = rest.slice(0, mark);
  const found = { ...EMPTY_URL, scheme, query, forceQuery };
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...found, opaque: rest };
    if (rest.split('/')[0]?.includes(':')) {
      throw new UrlProblem('first path segment in URL cannot contain colon');
    }
  }
  return withPath(found, rest);
}

function withPath(found: GoUrl, text: string): GoUrl {
  let rest = text;
  let authority: Pick<GoUrl, 'user' | 'host'> = found;
  const hasAuthority = rest.startsWith('//') && (found.scheme !== '' || !rest.startsWith('///'));
  if (hasAuthority) {
    const slash = rest.indexOf('/', 2);
    authority = parseAuthority(found.scheme, slash < 0 ? rest.slice(2) : rest.slice(2, slash));
    rest = slash < 0 ? '' : rest.slice(slash);
  }
  const omitHost = !hasAuthority && found.scheme !== '' && rest.startsWith('/');
  const path = unescape(rest, 'path');
  const rawPath = escape(path, 'path') === rest ? '' : rest;
  return { ...found, user: authority.user, host: authority.host, omitHost, path, rawPath };
}

/** Where the colon of the scheme stands; -1 for none. */
function schemeLength(text: string): number {
  const match = /^[A-Za-z0-9+.-]*:/.exec(text);
  if (!match) return -1;
  if (text.startsWith(':')) throw new UrlProblem('missing protocol scheme');
  return /^[A-Za-z]/.test(text) ? match[0].length - 1 : -1;
}

function parseAuthority(scheme: string, text: string): Pick<GoUrl, 'user' | 'host'> {
  const at = text.lastIndexOf('@');
  const host = parseHost(scheme, text.slice(at + 1));
  if (at < 0) return { user: undefined, host };
  const info = text.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(info)) {
    throw new UrlProblem('net/url: invalid userinfo');
  }
  const colon = info.indexOf(':');
  const name = unescape(colon < 0 ? info : info.slice(0, colon), 'user');
  const password = colon < 0 ? undefined : unescape(info.slice(colon + 1), 'user');
  return { user: { name, password }, host };
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) throw new UrlProblem('invalid IP-literal');
  if (bracket === 0) return parseLiteral(host);
  let colon = host.indexOf(':');
  // Lists of hosts with ports are let through for databases, not for the web.
  if (scheme !== 'http' && scheme !== 'https') colon = host.lastIndexOf(':');
  if (colon >= 0) checkPort(host.slice(colon));
  return unescape(host, 'host');
}

function checkPort(text: string): void {
  if (!/^(?::[0-9]*)?$/.test(text)) {
    throw new UrlProblem(`invalid port ${quote(fromBinary(text))} after host`);
  }
}

function parseLiteral(host: string): string {
  const close = host.lastIndexOf(']');
  if (close < 0) throw new UrlProblem("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const name = host.slice(1, close);
  const zone = name.indexOf('%25');
  const address = unescape(zone < 0 ? name : name.slice(0, zone), 'host');
  const plain = zone < 0 ? address : address + unescape(name.slice(zone), 'zone');
  if (isIpv4(plain)) throw new UrlProblem('invalid IP-literal');
  if (!isIpv6(plain)) {
    throw new UrlProblem(
      `invalid host: ParseAddr(${quote(fromBinary(plain))}): unable to parse IP`,
    );
  }
  return `[${plain}]${port}`;
}

export function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return (
    parts.length === 4 &&
    parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256)
  );
}

/** An IPv6 address, perhaps with an IPv4 tail and a zone. */
export function isIpv6(text: string): boolean {
  const [address = '', zone] = text.split(/%(.*)/s);
  if (zone === '') return false;
  const halves = address.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [half, part] of halves.entries()) {
    const words = part === '' ? [] : part.split(':');
    for (const [at, word] of words.entries()) {
      const isTail = half === halves.length - 1 && at === words.length - 1;
      if (isTail && isIpv4(word)) groups += 2;
      else if (/^[0-9a-fA-F]{1,4}$/.test(word)) groups += 1;
      else return false;
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8;
}

function isPlain(char: string, part: Part): boolean {
  return /[A-Za-z0-9\-_.~]/.test(char) || PLAIN[part].includes(char);
}

function unescape(text: string, part: Part): string {
  const inHost = part === 'host' || part === 'zone';
  let plain = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char !== '%') {
      if (inHost && char < '\x80' && !isPlain(char, part)) {
        throw new UrlProblem(`invalid character ${quote(char)} in host name`);
      }
      plain += char;
      continue;
    }
    const escaped = text.slice(at, at + 3);
    if (!/^%[0-9a-fA-F]{2}$/.test(escaped)) throw escapeProblem(escaped);
    const byte = Number.parseInt(escaped.slice(1), 16);
    if (part === 'host' && byte < 0x80 && escaped !== '%25') throw escapeProblem(escaped);
    const decoded = String.fromCharCode(byte);
    if (part === 'zone' && escaped !== '%25' && decoded !== ' ' && !isPlain(decoded, 'host')) {
      throw escapeProblem(escaped);
    }
    plain += decoded;
    at += 2;
  }
  return plain;
}

function escapeProblem(escaped: string): UrlProblem {
  return new UrlProblem(`invalid URL escape ${quote(fromBinary(escaped))}`);
}

function escape(text: string, part: Part): string {
  let escaped = '';
  for (const char of text) {
    if (isPlain(char, part)) escaped += char;
    else escaped += `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

/** The text of a part: as it was written, when that still means the same. */
function writtenPart(plain: string, raw: string, part: 'path' | 'fragment'): string {
  const allowed = Array.from(raw).every(
    (char) => "!$&'()*+,;=:@[]%".includes(char) || isPlain(char, part),
  );
  if (raw !== '' && allowed) return raw;
  return plain === '*' && part === 'path' ? '*' : escape(plain, part);
}

export function userText(user: UserInfo): string {
  const password = user.password === undefined ? '' : `:${escape(user.password, 'user')}`;
  return escape(user.name, 'user') + password;
}

/** Host without port and brackets. */
export function hostName(url: GoUrl): string {
  const host = url.host.replace(/:[0-9]*$/, '');
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

export function formatUrl(url: GoUrl): string {
  let text = url.scheme === '' ? '' : `${url.scheme}:`;
  if (url.opaque === '') text += hierarchicalPart(url, text === '');
  else text += url.opaque;
  if (url.forceQuery || url.query !== '') text += `?${url.query}`;
  if (url.fragment !== '') text += `#${writtenPart(url.fragment, url.rawFragment, 'fragment')}`;
  return text;
}

function hierarchicalPart(url: GoUrl, atStart: boolean): string {
  let text = '';
  const hasUser = url.user !== undefined;
  const nothing = url.host === '' && !hasUser;
  if (!(nothing && (url.scheme === '' || url.omitHost))) {
    if (url.host !== '' || url.path !== '' || hasUser) text += '//';
    if (url.user) text += `${userText(url.user)}@`;
    text += escape(url.host, 'host');
  }
  const path = writtenPart(url.path, url.rawPath, 'path');
  if (path !== '' && !path.startsWith('/') && url.host !== '') text += '/';
  // A colon in the first segment would look like a scheme.
  if (atStart && text === '' && path.split('/')[0]?.includes(':')) text += './';
  return text + path;
}
