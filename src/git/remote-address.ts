// Reads the address of a repository: which transport it uses, and whether it is safe to hand to git.
import path from 'node:path';
import { SluiceError } from '../model/sluice-error.ts';

export type Transport = 'file' | 'http' | 'ssh';

export interface RemoteAddress {
  readonly transport: Transport;
  /** What git is called with: no password in it, and never starting with `-`. */
  readonly url: string;
  /** For people: no user information, no query. */
  readonly display: string;
  /** User and password that stood in the address; they travel as credentials instead. */
  readonly userInfo?: { readonly username: string; readonly password: string };
  /** Scheme, host and port that credentials are good for (http only). */
  readonly scope?: string;
}

/**
 * Takes an address apart: `file://`, a path, `http(s)://`, `ssh://` or `user@host:path`.
 * @param base directory that a relative path starts from
 * @throws SluiceError UsageInvalid for other transports and for what could be read as an option
 */
export function parseRemoteAddress(text: string, base: string): RemoteAddress {
  if (text === '' || /[\u0000-\u001f\u007f]/u.test(text)) {
    throw refused('it is empty or holds a control character');
  }
  if (text.startsWith('-')) throw refused('it starts with "-"');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//u.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) return parseUrl(text, scheme);
  // `ext::command` and its relatives start helper programs.
  if (/^[A-Za-z0-9+.-]+::/u.test(text)) throw refused('only file, http(s) and ssh are allowed');
  const scp = /^(?:([^@/\s]+)@)?([^:/\s]+):(.*)$/u.exec(text);
  if (scp && !/^[A-Za-z]:[\\/]/u.test(text)) return parseScp(text, scp[1], scp[2] ?? '');
  const absolute = path.resolve(base, text);
  return { transport: 'file', url: absolute, display: absolute };
}

function parseUrl(text: string, scheme: string): RemoteAddress {
  if (scheme === 'file') return { transport: 'file', url: text, display: text };
  const url = parseOrRefuse(text);
  if (url.hostname === '' || url.hostname.startsWith('-')) throw refused('it has no host');
  if (scheme === 'ssh') return sshUrl(url);
  if (scheme !== 'http' && scheme !== 'https') {
    throw refused('only file, http(s) and ssh are allowed');
  }
  const username = decode(url.username);
  const password = decode(url.password);
  url.username = '';
  url.password = '';
  const clean = url.href;
  url.search = '';
  url.hash = '';
  return {
    transport: 'http',
    url: clean,
    display: url.href,
    scope: url.origin,
    ...(username === '' && password === '' ? {} : { userInfo: tokenOrPair(username, password) }),
  };
}

/** `https://TOKEN@host` carries the token in the place of the user. */
function tokenOrPair(username: string, password: string): { username: string; password: string } {
  return password === ''
    ? { username: 'x-access-token', password: username }
    : { username, password };
}

/** The account stays, ssh needs it; a password there would be ignored by ssh and shown by `ps`. */
function sshUrl(url: URL): RemoteAddress {
  if (decode(url.username).startsWith('-')) throw refused('its user starts with "-"');
  url.password = '';
  return { transport: 'ssh', url: url.href, display: url.href };
}

function parseScp(text: string, user: string | undefined, host: string): RemoteAddress {
  if (host.startsWith('-') || user?.startsWith('-')) throw refused('its host starts with "-"');
  return { transport: 'ssh', url: text, display: text };
}

function parseOrRefuse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw refused('it is not a valid URL');
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address itself is not repeated: it may hold a password. */
function refused(why: string): SluiceError {
  return new SluiceError('UsageInvalid', `this repository address is refused: ${why}`);
}
