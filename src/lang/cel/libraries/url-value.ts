// URLs as Kubernetes' CEL type reads them: the rules of Go's net/url, which differ from the browsers'.
import { Buffer } from 'node:buffer';
import { celError } from '../error.ts';
import { Opaque } from '../value.ts';
import { isIpv6Host } from './ip-address.ts';

export const URL_TYPE = 'kubernetes.URL';

/** Far above what browsers and servers take; decoding more would block for too long. */
const MAX_LENGTH = 100_000;

interface UrlParts {
  readonly scheme: string;
  /** What follows the scheme where no slash does (`mailto:a@b`). */
  readonly opaque: string;
  /** Decoded `user:password`, undefined without an `@`. */
  readonly user: string | undefined;
  readonly host: string;
  /** The path as `getEscapedPath` gives it. */
  readonly path: string;
  /** As written, without `?`; undefined without one. */
  readonly query: string | undefined;
  /** Encoded, without `#`. */
  readonly fragment: string;
}

export class Url extends Opaque {
  readonly parts: UrlParts;

  constructor(parts: UrlParts) {
    super();
    this.parts = parts;
  }

  get celType(): string {
    return URL_TYPE;
  }

  equals(other: Opaque): boolean {
    return other instanceof Url && JSON.stringify(this.parts) === JSON.stringify(other.parts);
  }

  /** The host without port and brackets. */
  get hostname(): string {
    return splitHost(this.parts.host)[0];
  }

  get port(): string {
    return splitHost(this.parts.host)[1];
  }

  /** The decoded query; pairs that cannot be decoded are left out. */
  queryValues(): Map<string, string[]> {
    const values = new Map<string, string[]>();
    for (const pair of (this.parts.query ?? '').split('&')) {
      if (pair === '' || pair.includes(';')) continue;
      const [rawKey, rawValue = ''] = cut(bytesOf(pair), '=');
      const [key, value] = [decodeQuery(rawKey), decodeQuery(rawValue)];
      if (key === undefined || value === undefined) continue;
      const list = values.get(key);
      if (list === undefined) values.set(key, [value]);
      else list.push(value);
    }
    return values;
  }
}

/**
 * Reads an absolute URL or an absolute path, with an optional fragment.
 * @throws CelError `invalidArgument` with the reason, without the text
 */
export function parseUrl(text: string): Url {
  const bytes = bytesOf(text);
  // Twice, as Kubernetes does: the strict rules treat `#` as part of the path or query.
  parseReference(bytes, true);
  const [reference, fragment] = cut(bytes, '#');
  const parts = parseReference(reference, false);
  return new Url({ ...parts, fragment: escapedFragment(fragment ?? '') });
}

/** Checks the rules of `isURL` and of the format `uri`; throws as `parseUrl` does. */
export function checkUrl(text: string): void {
  parseReference(bytesOf(text), true);
}

// Below, texts are "byte strings": one character per byte of the UTF-8 form.

function bytesOf(text: string): string {
  if (text.length > MAX_LENGTH) fail(`longer than ${MAX_LENGTH} characters`);
  return Buffer.from(text, 'utf8').toString('latin1');
}

function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function parseReference(bytes: string, strict: boolean): UrlParts {
  if (/[\0-\x1f\x7f]/.test(bytes)) fail('invalid control character');
  if (bytes === '' && strict) fail('empty url');
  const none = { scheme: '', opaque: '', user: undefined, host: '', query: undefined };
  if (bytes === '*') return { ...none, path: '*', fragment: '' };
  const [scheme, afterScheme] = splitScheme(bytes);
  const [rest, query] = cut(afterScheme, '?');
  const start = { scheme, opaque: '', query: query === undefined ? undefined : textOf(query) };
  if (!rest.startsWith('/')) {
    if (scheme !== '') {
      const opaque = textOf(rest);
      return { ...start, opaque, user: undefined, host: '', path: '', fragment: '' };
    }
    if (strict) fail('invalid URI for request');
    if (cut(rest, '/')[0]?.includes(':')) fail('first path segment in URL cannot contain colon');
  }
  const hasAuthority =
    rest.startsWith('//') && (scheme !== '' || (!strict && !rest.startsWith('///')));
  if (!hasAuthority) {
    return { ...start, user: undefined, host: '', path: escapedPath(rest), fragment: '' };
  }
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const path = slash < 0 ? '' : rest.slice(slash);
  return { ...start, ...readAuthority(scheme, authority), path: escapedPath(path), fragment: '' };
}

function splitScheme(bytes: string): readonly [scheme: string, rest: string] {
  if (bytes.startsWith(':')) fail('missing protocol scheme');
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(bytes)?.[1];
  return scheme === undefined
    ? ['', bytes]
    : [scheme.toLowerCase(), bytes.slice(scheme.length + 1)];
}

function readAuthority(scheme: string, authority: string): Pick<UrlParts, 'user' | 'host'> {
  const at = authority.lastIndexOf('@');
  const host = textOf(readHost(scheme, authority.slice(at + 1)));
  if (at < 0) return { user: undefined, host };
  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) fail('invalid userinfo');
  return { user: JSON.stringify(cut(user, ':').map((part) => decode(part ?? '', 'user'))), host };
}

function readHost(scheme: string, host: string): string {
  const open = host.lastIndexOf('[');
  if (open > 0) fail('invalid IP-literal');
  if (open === 0) return readBracketedHost(host);
  const colon = host.indexOf(':');
  // Lists of hosts with ports, as databases have them, may carry several colons; http may not.
  const single = scheme === 'http' || scheme === 'https';
  const port = colon < 0 ? '' : host.slice(single ? colon : host.lastIndexOf(':'));
  if (!isOptionalPort(port)) fail('invalid port after host');
  return decode(host, 'host');
}

function readBracketedHost(host: string): string {
  const close = host.lastIndexOf(']');
  if (close < 0) fail("missing ']' in host");
  const port = host.slice(close + 1);
  if (!isOptionalPort(port)) fail('invalid port after host');
  const name = host.slice(1, close);
  const zone = name.indexOf('%25');
  const decoded =
    zone < 0
      ? decode(name, 'host')
      : decode(name.slice(0, zone), 'host') + decode(name.slice(zone), 'zone');
  if (!isIpv6Host(decoded)) fail('invalid IP-literal');
  return `[${decoded}]${port}`;
}

function isOptionalPort(text: string): boolean {
  return /^(?::\d*)?$/.test(text);
}

function splitHost(host: string): readonly [name: string, port: string] {
  const colon = host.lastIndexOf(':');
  const hasPort = colon >= 0 && isOptionalPort(host.slice(colon));
  const name = hasPort ? host.slice(0, colon) : host;
  const bare = /^\[(.*)\]$/s.exec(name)?.[1] ?? name;
  return [bare, hasPort ? host.slice(colon + 1) : ''];
}

/** The path as written where that is a valid encoding of it, else encoded anew. */
function escapedPath(path: string): string {
  const decoded = decode(path, 'path');
  if (/^[A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]%]*$/.test(path)) return path;
  return decoded === '*' ? '*' : encode(decoded, /[^A-Za-z0-9\-_.~$&+,/:;=@]/g);
}

function escapedFragment(fragment: string): string {
  const decoded = decode(fragment, 'path');
  if (/^[A-Za-z0-9\-_.~$&+,/:;=?@!'()*[\]%]*$/.test(fragment)) return fragment;
  return encode(decoded, /[^A-Za-z0-9\-_.~$&+,/:;=?@!()*]/g);
}

function encode(bytes: string, others: RegExp): string {
  return bytes.replace(others, (byte) => {
    return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

type Part = 'path' | 'user' | 'host' | 'zone';

/** What a host may hold unencoded, besides bytes of non-ASCII characters. */
const HOST_BYTES = /^[A-Za-z0-9!$&'()*+,;=:[\]<>"\-_.~\x80-\xff]*$/;

/** Decodes %XX; in a host only non-ASCII bytes and (in zones) `%` may be encoded. */
function decode(bytes: string, part: Part): string {
  const inHost = part === 'host' || part === 'zone';
  if (inHost && !HOST_BYTES.test(bytes.replaceAll('%', ''))) fail('invalid character in host name');
  return bytes.replace(/%(.{0,2})/gs, (escape, hex: string) => {
    if (!/^[0-9a-fA-F]{2}$/.test(hex)) fail('invalid URL escape');
    const byte = String.fromCharCode(Number.parseInt(hex, 16));
    if (part === 'host' && byte < '\x80' && escape !== '%25') fail('invalid URL escape');
    if (part === 'zone' && escape !== '%25' && byte !== ' ' && !HOST_BYTES.test(byte)) {
      fail('invalid URL escape');
    }
    return byte;
  });
}

/** A key or value of a query, undefined where it cannot be decoded. */
function decodeQuery(bytes: string): string | undefined {
  if (/%(?![0-9a-fA-F]{2})/.test(bytes)) return undefined;
  return textOf(decode(bytes.replaceAll('+', ' '), 'path'));
}

function cut(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function fail(reason: string): never {
  throw celError('invalidArgument', `not a URL: ${reason}`);
}
