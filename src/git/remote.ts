// A remote repository as configured, and made ready for one git process.
import { SluiceError } from '../model/sluice-error.ts';
import { credentialSettings, readCredentials } from './credentials.ts';
import type { CredentialOptions, Credentials } from './credentials.ts';
import type { Environment } from './environment.ts';
import { isBranchName } from './ref-name.ts';
import { parseRemoteAddress } from './remote-address.ts';
import type { RemoteAddress, Transport } from './remote-address.ts';
import { sshCommand } from './ssh-command.ts';

export interface RemoteOptions {
  /** `file://`, a path, `http(s)://`, `ssh://` or `user@host:path`. */
  readonly url: string;
  readonly branch: string;
  /** For http(s); user information in the address is used when absent. */
  readonly credentials?: CredentialOptions;
  readonly sshKeyFile?: string;
  readonly knownHostsFile?: string;
  /** Certificates that https servers are checked against, instead of the machine's. */
  readonly caFile?: string;
  /** `http://host:port`; may hold user and password. */
  readonly proxy?: string;
}

/** What a GitCommand needs to talk to the remote. */
export interface RemoteAccess {
  readonly url: string;
  readonly config: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

export interface Remote {
  readonly branch: string;
  readonly transport: Transport;
  /** The address for people: no user, no password, no token. */
  readonly display: string;
  /** Reads credentials afresh; called for every process, because files with tokens rotate. */
  access(): Promise<RemoteAccess>;
}

/** Stops a transfer that stands still, well before the time limit of the process. */
const STALLED_HTTP = ['http.lowSpeedLimit=1', 'http.lowSpeedTime=30'];

/**
 * Checks the options and keeps them.
 * @param base directory that relative paths start from
 * @throws SluiceError UsageInvalid for an address or branch name that must not reach git
 */
export function createRemote(
  options: RemoteOptions,
  environment: Environment,
  base = process.cwd(),
): Remote {
  const address = parseRemoteAddress(options.url, base);
  if (!isBranchName(options.branch)) {
    throw new SluiceError('UsageInvalid', `"${options.branch}" is not a branch name`);
  }
  return {
    branch: options.branch,
    transport: address.transport,
    display: address.display,
    access: async () => {
      if (address.transport === 'file') return plainAccess(address);
      if (address.transport === 'ssh') return sshAccess(address, options);
      return httpAccess(address, options, environment);
    },
  };
}

function plainAccess(address: RemoteAddress): RemoteAccess {
  return { url: address.url, config: [], environment: {}, secrets: [] };
}

function sshAccess(address: RemoteAddress, options: RemoteOptions): RemoteAccess {
  return {
    url: address.url,
    config: ['ssh.variant=ssh'],
    environment: { GIT_SSH_COMMAND: sshCommand(options) },
    secrets: [],
  };
}

async function httpAccess(
  address: RemoteAddress,
  options: RemoteOptions,
  machine: Environment,
): Promise<RemoteAccess> {
  const credentials = await credentialsOf(address, options, machine);
  const settings =
    credentials && address.scope !== undefined
      ? credentialSettings(credentials, address.scope)
      : undefined;
  return {
    url: address.url,
    config: [...STALLED_HTTP, ...(settings?.config ?? [])],
    environment: {
      ...settings?.environment,
      ...(options.caFile === undefined ? {} : { GIT_SSL_CAINFO: options.caFile }),
      ...(options.proxy === undefined ? {} : proxyVariables(options.proxy)),
    },
    secrets: [
      ...(credentials ? [credentials.password] : []),
      ...(options.proxy === undefined ? [] : proxySecrets(options.proxy)),
    ],
  };
}

async function credentialsOf(
  address: RemoteAddress,
  options: RemoteOptions,
  machine: Environment,
): Promise<Credentials | undefined> {
  return options.credentials ? readCredentials(options.credentials, machine) : address.userInfo;
}

/** By environment, not by http.proxy: the proxy's address may hold a password. */
function proxyVariables(proxy: string): Record<string, string> {
  return {
    http_proxy: proxy,
    https_proxy: proxy,
    HTTPS_PROXY: proxy,
    all_proxy: proxy,
    ALL_PROXY: proxy,
    no_proxy: '',
    NO_PROXY: '',
  };
}

function proxySecrets(proxy: string): string[] {
  const password = /^[a-z0-9]+:\/\/[^/@]*:([^/@]*)@/iu.exec(proxy)?.[1];
  return password === undefined ? [] : [password, decodeURIComponent(password)];
}
