// DaemonConfig: what whoever runs the daemon decides, never the watched repository (design: config-repo).
import type { JsonObject } from '../model/json.ts';
import type { ApiKind } from './api-kind.ts';
import {
  ANY_OBJECT,
  BOOLEAN,
  NON_EMPTY,
  STRING,
  list,
  object,
  oneOf,
  resource,
  withDefault,
} from './schema-parts.ts';

/** A secret is named, never written: an environment variable or a file of the daemon's machine. */
export interface SecretSource {
  readonly env?: string;
  readonly file?: string;
}

export interface RepositoryConnection {
  readonly url: string;
  readonly branch: string;
  /** Time between polls, as text. */
  readonly interval: string;
  readonly credentials?: {
    readonly usernameFrom?: SecretSource;
    readonly passwordFrom?: SecretSource;
    readonly tokenFrom?: SecretSource;
    /** Private key for ssh. */
    readonly sshKeyFrom?: SecretSource;
  };
  /** File of known ssh hosts. */
  readonly knownHosts?: string;
  /** Certificates to trust beside the system's. */
  readonly caFile?: string;
  readonly proxy?: string;
}

export interface TargetDefinition {
  readonly name: string;
  readonly type: 'embedded' | 'kubernetes' | 'kraken' | 'wayfinder';
  /** Context of the kubeconfig. */
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly server?: string;
  readonly caFile?: string;
  /** Header that carries the token; default `Authorization: Bearer`. */
  readonly tokenHeader?: string;
  readonly tokenFrom?: SecretSource;
  readonly errorStarting?: string;
  readonly owner?: string;
  /** `.environment` of package templates where the target does not tell. */
  readonly environment?: JsonObject;
}

/** How to log in at one host, for repositories and registries alike. */
export interface HostAccess {
  /** With a port where it is not the usual one. */
  readonly host: string;
  readonly usernameFrom?: SecretSource;
  readonly passwordFrom?: SecretSource;
  readonly tokenFrom?: SecretSource;
  /** Private key for ssh. */
  readonly sshKeyFrom?: SecretSource;
  /** File of known ssh hosts. */
  readonly knownHosts?: string;
  /** Certificates to check the host's repositories against. */
  readonly caFile?: string;
}

export interface ExternalSources {
  /** Hosts that packages and charts may be loaded from. */
  readonly hosts: readonly string[];
  /** Registries that are spoken to without encryption. */
  readonly insecureHosts?: readonly string[];
  /** Docker configuration file with logins; default: where Docker has it. */
  readonly dockerConfig?: string;
  readonly credentials?: readonly HostAccess[];
}

export interface SyncPermission {
  readonly path: string;
  readonly targets?: readonly string[];
  readonly identity?: { readonly impersonate?: string };
  readonly allow?: {
    readonly namespaces?: readonly string[];
    readonly kinds?: readonly string[];
    readonly clusterScoped?: boolean;
  };
}

export interface DaemonConfigSpec {
  readonly instance?: string;
  readonly repository?: RepositoryConnection;
  readonly verify: {
    readonly mode: 'none' | 'head' | 'all';
    readonly allowedSigners?: string;
    readonly pgpKeys?: string;
  };
  readonly status: {
    readonly branch: string;
    readonly push: boolean;
    readonly pushesPerMinute: number;
    readonly repository?: string | null;
    readonly author: { readonly name: string; readonly email: string };
  };
  readonly targets?: readonly TargetDefinition[];
  readonly sync?: readonly SyncPermission[];
  readonly sources: ExternalSources;
  readonly decryption?: { readonly ageKeysFrom?: SecretSource };
  readonly listen?: string;
  readonly dataDir?: string;
}

const SECRET = object({ env: NON_EMPTY, file: NON_EMPTY });
const DURATION: JsonObject = { type: 'string', pattern: '^([0-9]+(\\.[0-9]+)?(ms|s|m|h|d))+$' };
const NAME: JsonObject = {
  type: 'string',
  pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$',
  maxLength: 63,
};

const SPEC = object({
  instance: NAME,
  repository: object(
    {
      url: NON_EMPTY,
      branch: withDefault(NON_EMPTY, 'main'),
      interval: withDefault(DURATION, '30s'),
      credentials: object({
        usernameFrom: SECRET,
        passwordFrom: SECRET,
        tokenFrom: SECRET,
        sshKeyFrom: SECRET,
      }),
      knownHosts: NON_EMPTY,
      caFile: NON_EMPTY,
      proxy: NON_EMPTY,
    },
    ['url'],
  ),
  verify: withDefault(
    object({
      mode: withDefault(oneOf('none', 'head', 'all'), 'none'),
      allowedSigners: NON_EMPTY,
      pgpKeys: NON_EMPTY,
    }),
    {},
  ),
  status: withDefault(
    object({
      branch: withDefault(NON_EMPTY, 'sluice/status'),
      push: withDefault(BOOLEAN, true),
      pushesPerMinute: withDefault({ type: 'number', minimum: 0 }, 6),
      repository: { ...STRING, nullable: true },
      author: withDefault(
        object({
          name: withDefault(NON_EMPTY, 'Sluice'),
          email: withDefault(NON_EMPTY, 'sluice@localhost'),
        }),
        {},
      ),
    }),
    {},
  ),
  targets: list(
    object(
      {
        name: NAME,
        type: withDefault(oneOf('embedded', 'kubernetes', 'kraken', 'wayfinder'), 'embedded'),
        context: NON_EMPTY,
        kubeconfig: NON_EMPTY,
        server: NON_EMPTY,
        caFile: NON_EMPTY,
        tokenHeader: NON_EMPTY,
        tokenFrom: SECRET,
        errorStarting: NON_EMPTY,
        owner: NON_EMPTY,
        environment: ANY_OBJECT,
      },
      ['name'],
    ),
  ),
  sync: list(
    object(
      {
        path: STRING,
        targets: list(NAME),
        identity: object({ impersonate: NON_EMPTY }),
        allow: object({
          namespaces: list(NON_EMPTY),
          kinds: list(NON_EMPTY),
          clusterScoped: BOOLEAN,
        }),
      },
      ['path'],
    ),
  ),
  sources: withDefault(
    object({
      hosts: withDefault(list(NON_EMPTY), []),
      insecureHosts: list(NON_EMPTY),
      dockerConfig: NON_EMPTY,
      credentials: list(
        object(
          {
            host: NON_EMPTY,
            usernameFrom: SECRET,
            passwordFrom: SECRET,
            tokenFrom: SECRET,
            sshKeyFrom: SECRET,
            knownHosts: NON_EMPTY,
            caFile: NON_EMPTY,
          },
          ['host'],
        ),
      ),
    }),
    {},
  ),
  decryption: object({ ageKeysFrom: SECRET }),
  listen: NON_EMPTY,
  dataDir: NON_EMPTY,
});

export const DAEMON_CONFIG: ApiKind = {
  group: 'sluice.dev',
  version: 'v1alpha1',
  kind: 'DaemonConfig',
  scope: 'Cluster',
  schema: resource({ spec: SPEC }, ['spec']),
  immutable: [],
  role: 'configuration',
};
