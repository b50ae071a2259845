// Credentials as `docker login` leaves them in a configuration file; helper programs are named, never run.
import { readFile } from 'node:fs/promises';
import { isObject, objectAt, stringAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { SluiceError } from '../../model/sluice-error.ts';

export type RegistryCredentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A token that is exchanged for others (`identitytoken`). */
  | { readonly kind: 'identity'; readonly token: string }
  /** A token that is sent as it is (`registrytoken`). */
  | { readonly kind: 'token'; readonly token: string }
  /** They are with a program that we do not run. */
  | { readonly kind: 'helper'; readonly program: string };

/** Credentials for a host, asked afresh for every login because files rotate. */
export type CredentialLookup = (
  registry: string,
  repository: string,
) => Promise<RegistryCredentials | undefined>;

const HUB = 'index.docker.io';

/**
 * Looks credentials up in a Docker configuration file.
 * @param optional a file that is not there holds none; otherwise that is an error
 * @throws SluiceError ConfigInvalid for a file that cannot be read; its content is never repeated
 */
export function createDockerConfigLookup(file: string, optional: boolean): CredentialLookup {
  return async (registry, repository) => {
    const config = await readConfig(file, optional);
    return config && findCredentials(config, registry, repository);
  };
}

/** The entry for a host, the most special one first: `host/team/shop` before `host`. */
export function findCredentials(
  config: JsonObject,
  registry: string,
  repository: string,
): RegistryCredentials | undefined {
  const auths = objectAt(config, 'auths');
  for (const name of namesOf(registry, repository)) {
    for (const [key, entry] of Object.entries(auths)) {
      if (normalKey(key) !== name || !isObject(entry)) continue;
      const found = readEntry(entry);
      if (found) return found;
    }
  }
  const helpers = objectAt(config, 'credHelpers');
  for (const [key, program] of Object.entries(helpers)) {
    if (typeof program === 'string' && normalKey(key) === registry) {
      return { kind: 'helper', program: `docker-credential-${program}` };
    }
  }
  const store = stringAt(config, 'credsStore');
  return store === undefined || store === ''
    ? undefined
    : { kind: 'helper', program: `docker-credential-${store}` };
}

function namesOf(registry: string, repository: string): readonly string[] {
  const segments = repository === '' ? [] : repository.split('/');
  const paths = segments.map((_part, index) =>
    segments.slice(0, segments.length - index).join('/'),
  );
  return [...paths.map((path) => `${registry}/${path}`), registry];
}

/** `https://index.docker.io/v1/` and `docker.io` are the same place. */
function normalKey(key: string): string {
  const bare = key
    .replace(/^https?:\/\//u, '')
    .replace(/\/+$/u, '')
    .replace(/\/v[12]$/u, '');
  return bare.replace(/^(?:docker\.io|registry-1\.docker\.io)(?=\/|$)/u, HUB);
}

function readEntry(entry: JsonObject): RegistryCredentials | undefined {
  const identity = stringAt(entry, 'identitytoken');
  if (identity) return { kind: 'identity', token: identity };
  const token = stringAt(entry, 'registrytoken');
  if (token) return { kind: 'token', token };
  const username = stringAt(entry, 'username');
  const password = stringAt(entry, 'password');
  if (username && password !== undefined) return { kind: 'password', username, password };
  const auth = stringAt(entry, 'auth');
  if (!auth) return undefined;
  const decoded = Buffer.from(auth, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon <= 0) return undefined;
  // Old versions of Docker pad the password with NULs.
  const secret = decoded.slice(colon + 1).replace(/\0+$/u, '');
  return { kind: 'password', username: decoded.slice(0, colon), password: secret };
}

async function readConfig(file: string, optional: boolean): Promise<JsonObject | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (optional && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    throw unreadable(file, code ?? 'error');
  }
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw unreadable(file, 'it is no JSON');
  }
  if (!isObject(value)) throw unreadable(file, 'it holds no object');
  return value;
}

function unreadable(file: string, why: string): SluiceError {
  return new SluiceError(
    'ConfigInvalid',
    `the Docker configuration ${file} cannot be read: ${why}`,
  );
}
