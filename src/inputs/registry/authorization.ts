// Logging in to registries: Basic, and tokens from the server that a Bearer challenge names.
import { isObject, stringAt } from '../../model/json.ts';
import type { Json } from '../../model/json.ts';
import { SluiceError } from '../../model/sluice-error.ts';
import { parseChallenges } from './challenge.ts';
import type { Challenge } from './challenge.ts';
import type { CredentialLookup, RegistryCredentials } from './docker-config.ts';
import { displayUrl } from './http.ts';
import type { Http } from './http.ts';

/** What a request wants to do, and where. */
export interface Access {
  readonly registry: string;
  readonly repository: string;
  readonly actions: 'pull' | 'pull,push';
}

export interface Authorization {
  /** The header of an earlier login that is still good, or undefined. */
  known(access: Access): string | undefined;
  /**
   * Logs in after a 401.
   * @returns the header to try again with; undefined when there is nothing to log in with
   * @throws SluiceError RegistryFailed when the token server refuses, or credentials are with a helper
   */
  answer(access: Access, challenge: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Everything that must not appear in a message. */
  secrets(): readonly string[];
}

export interface AuthorizationDeps {
  readonly http: Http;
  readonly credentials: CredentialLookup;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether a login for this registry may go to this address. */
  readonly isSafe: (url: URL, registry: string) => boolean;
}

interface Given {
  readonly credentials: RegistryCredentials | undefined;
  readonly signal: AbortSignal | undefined;
}

interface Login {
  readonly header: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Tokens are good for a minute unless the server says otherwise (distribution token specification). */
const TOKEN_SECONDS = 60;
/** A token that is about to end is not used any more. */
const MARGIN_MS = 10_000;
const MAX_TOKEN_BYTES = 256 * 1024;
const MAX_SECRETS = 1_000;

/** Keeps logins for as long as they are good. */
export function createAuthorization(deps: AuthorizationDeps): Authorization {
  const logins = new Map<string, Login>();
  const secrets = new Set<string>();
  const keep = (secret: string): string => {
    if (secrets.size > MAX_SECRETS) secrets.clear();
    secrets.add(secret);
    return secret;
  };

  const fetchToken = async (
    access: Access,
    challenge: Challenge,
    { credentials, signal }: Given,
  ): Promise<Login> => {
    const realm = realmOf(challenge, access, deps.isSafe);
    const scope =
      challenge.parameters['scope'] ?? `repository:${access.repository}:${access.actions}`;
    const service = challenge.parameters['service'];
    const fields = { scope, ...(service === undefined ? {} : { service }) };
    const exchange = credentials?.kind === 'identity';
    if (!exchange)
      for (const [key, value] of Object.entries(fields)) realm.searchParams.set(key, value);
    const form = new URLSearchParams({
      ...fields,
      client_id: 'sluice',
      grant_type: 'refresh_token',
      refresh_token: exchange ? credentials.token : '',
    });
    const answer = await deps.http({
      method: exchange ? 'POST' : 'GET',
      url: realm,
      headers: {
        accept: 'application/json',
        ...(exchange ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...(credentials?.kind === 'password' ? { authorization: keep(basic(credentials)) } : {}),
      },
      ...(exchange ? { body: form.toString() } : {}),
      signal,
    });
    if (answer.status !== 200) {
      await answer.discard();
      const who = credentials === undefined ? 'without credentials' : 'with the credentials given';
      const message = `${displayUrl(realm)} gave no token for ${scope} ${who} (status ${answer.status})`;
      throw new SluiceError('RegistryFailed', message);
    }
    const { token, seconds } = readToken(await answer.bytes(MAX_TOKEN_BYTES), realm);
    return { header: `Bearer ${keep(token)}`, until: deps.now() + seconds * 1000 - MARGIN_MS };
  };

  const logIn = async (
    access: Access,
    bearer: Challenge | undefined,
    { credentials, signal }: Given,
  ): Promise<Login | undefined> => {
    if (credentials?.kind === 'helper') {
      // Public images are given to everybody, so the helper matters only where that fails.
      const open =
        bearer && access.actions === 'pull'
          ? await fetchToken(access, bearer, { credentials: undefined, signal }).catch(
              () => undefined,
            )
          : undefined;
      if (open) return open;
      throw withHelper(access, credentials.program);
    }
    if (bearer) return fetchToken(access, bearer, { credentials, signal });
    if (credentials?.kind !== 'password') return undefined;
    return { header: keep(basic(credentials)), until: deps.now() + TOKEN_SECONDS * 1000 };
  };

  return {
    known: (access) => {
      const login = logins.get(loginKey(access));
      return login && login.until > deps.now() ? login.header : undefined;
    },
    answer: async (access, header, signal) => {
      const challenges = parseChallenges(header);
      const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
      const wantsPassword = challenges.some(({ scheme }) => scheme === 'basic');
      if (!bearer && !wantsPassword) return undefined;
      const credentials = await deps.credentials(access.registry, access.repository);
      if (credentials && 'password' in credentials) keep(credentials.password);
      if (credentials && 'token' in credentials) keep(credentials.token);
      if (credentials?.kind === 'token') return `Bearer ${credentials.token}`;
      const login = await logIn(access, bearer, { credentials, signal });
      if (login) logins.set(loginKey(access), login);
      return login?.header;
    },
    secrets: () => [...secrets],
  };
}

function loginKey({ registry, repository, actions }: Access): string {
  return `${registry} ${repository} ${actions}`;
}

function basic(credentials: { readonly username: string; readonly password: string }): string {
  const pair = `${credentials.username}:${credentials.password}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function realmOf(challenge: Challenge, access: Access, isSafe: AuthorizationDeps['isSafe']): URL {
  const text = challenge.parameters['realm'] ?? '';
  let realm: URL | undefined;
  try {
    realm = new URL(text);
  } catch {
    // Said below.
  }
  if (realm && realm.username === '' && realm.password === '' && isSafe(realm, access.registry)) {
    return realm;
  }
  const where = realm ? `${realm.protocol}//${realm.host}` : 'an address that is none';
  const message = `${access.registry} wants a login at ${where}, which is refused`;
  throw new SluiceError('RegistryFailed', message);
}

function readToken(
  bytes: Uint8Array,
  realm: URL,
): { readonly token: string; readonly seconds: number } {
  let value: Json = null;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8')) as Json;
  } catch {
    // Said below.
  }
  const body = isObject(value) ? value : {};
  const token = stringAt(body, 'token') ?? stringAt(body, 'access_token') ?? '';
  if (token === '' || /[\r\n]/u.test(token)) {
    throw new SluiceError('RegistryFailed', `${displayUrl(realm)} answered without a token`);
  }
  const expires = body['expires_in'];
  const seconds =
    typeof expires === 'number' && expires > 0 ? Math.min(expires, 3600) : TOKEN_SECONDS;
  return { token, seconds };
}

function withHelper(access: Access, program: string): SluiceError {
  const message =
    `${access.registry} wants credentials, and the Docker configuration leaves them to the program ` +
    `${program}, which is never run; put them under auths in a configuration file of their own`;
  return new SluiceError('RegistryFailed', message);
}
