// How to log in at a host: what the daemon's configuration names first, for registries then Docker's own file.
import type { HostAccess, SecretSource } from '../api/daemon-config.ts';
import { readCredentials } from '../git/index.ts';
import type { CredentialOptions, Environment, RemoteOptions } from '../git/index.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { CredentialLookup, RegistryCredentials } from './registry/docker-config.ts';
import { isAllowedHost } from './registry/host.ts';

/** Looks the login of a registry up, afresh every time because files rotate. */
export function createRegistryAccess(
  entries: readonly HostAccess[],
  docker: CredentialLookup,
  environment: Environment,
): CredentialLookup {
  return async (registry, repository) => {
    const entry = entries.find(({ host }) => isAllowedHost(registry, [host], 443));
    const own = entry && (await readEntry(entry, environment));
    return own ?? docker(registry, repository);
  };
}

/** What git needs for a repository of this host. */
export function repositoryAccess(
  entries: readonly HostAccess[],
  host: string,
  port: number,
): Omit<RemoteOptions, 'url' | 'branch'> {
  const entry = entries.find((item) => isAllowedHost(host, [item.host], port));
  if (!entry) return {};
  const credentials = credentialsOf(entry);
  const key = entry.sshKeyFrom?.file;
  return {
    ...(credentials ? { credentials } : {}),
    ...(key === undefined ? {} : { sshKeyFile: key }),
    ...(entry.knownHosts === undefined ? {} : { knownHostsFile: entry.knownHosts }),
    ...(entry.caFile === undefined ? {} : { caFile: entry.caFile }),
  };
}

/** Entries for ssh alone hold nothing for a registry; a token without a user is sent as it is. */
async function readEntry(
  entry: HostAccess,
  environment: Environment,
): Promise<RegistryCredentials | undefined> {
  const options = credentialsOf(entry);
  if (!options) return undefined;
  const { username, password } = await readCredentials(options, environment);
  const bare = entry.usernameFrom === undefined && entry.passwordFrom === undefined;
  return bare ? { kind: 'token', token: password } : { kind: 'password', username, password };
}

function credentialsOf(entry: HostAccess): CredentialOptions | undefined {
  const { usernameFrom } = entry;
  const secret = entry.passwordFrom ?? entry.tokenFrom;
  if (!secret) return undefined;
  return {
    passwordFrom: sourceOf(secret),
    ...(usernameFrom ? { usernameFrom: sourceOf(usernameFrom) } : {}),
  };
}

function sourceOf({ env, file }: SecretSource): CredentialOptions['passwordFrom'] {
  if (env !== undefined) return { env };
  if (file !== undefined) return { file };
  throw new SluiceError('ConfigInvalid', 'a secret needs env or file');
}
