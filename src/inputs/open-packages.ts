// Puts the inputs for packages together from the daemon's configuration.
import { homedir } from 'node:os';
import path from 'node:path';
import type { ExternalSources } from '../api/daemon-config.ts';
import type { Environment, Git } from '../git/index.ts';
import type { Clock } from '../lib/clock.ts';
import { createGitCache } from './git-cache.ts';
import { createGitPackages } from './git-package.ts';
import { createRegistryAccess, repositoryAccess } from './host-access.ts';
import { createKeptContents } from './kept-contents.ts';
import { createPackageInputs } from './package-inputs.ts';
import type { PackageInputs } from './package-inputs.ts';
import { createRegistryClient } from './registry/client.ts';
import type { RegistryClient } from './registry/client.ts';
import { createDockerConfigLookup } from './registry/docker-config.ts';
import { createRemoteContent } from './remote-content.ts';

export interface OpenPackagesDeps {
  readonly sources: ExternalSources;
  readonly git: Git;
  readonly clock: Clock;
  readonly random: () => number;
  readonly environment: Environment;
  /** Directory of our own for fetched repositories. */
  readonly cacheDir: string;
  /** Bytes of all fetched repositories. Default 1 GiB. */
  readonly cacheMaxBytes?: number;
  /** Told when no room can be made for fetched repositories. */
  readonly onCacheTrouble?: (message: string) => void;
  /** Where contents are kept for the next start. Default: in memory alone. */
  readonly kept?: OpenKept;
  /** Milliseconds for which a tag or branch is taken to stand where it stood. */
  readonly freshMs: number;
  /** Milliseconds that a render waits for content. Default: to the end. */
  readonly patienceMs?: number;
  /** Repositories of this machine and without encryption are let in; for tests alone. Default false. */
  readonly localRepositories?: boolean;
}

export interface OpenKept {
  /** Directory of our own. */
  readonly directory: string;
  /** Bytes of all contents. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Told when the disk does not work. */
  readonly onTrouble: (message: string) => void;
}

/** Everything that answers asks for packages from outside. */
export function openPackages(deps: OpenPackagesDeps): PackageInputs {
  const { sources, environment } = deps;
  const entries = sources.credentials ?? [];
  const kept = deps.kept && createKeptContents({ ...deps.kept, clock: deps.clock });
  const { cacheMaxBytes, onCacheTrouble } = deps;
  return createPackageInputs({
    hosts: sources.hosts,
    registry: openRegistryClient(deps),
    git: createGitPackages({
      git: deps.git,
      environment,
      cache: createGitCache({
        git: deps.git,
        directory: deps.cacheDir,
        clock: deps.clock,
        ...(cacheMaxBytes === undefined ? {} : { maxBytes: cacheMaxBytes }),
        ...(onCacheTrouble ? { onTrouble: onCacheTrouble } : {}),
      }),
      access: ({ host, port }) => repositoryAccess(entries, host, port),
    }),
    content: createRemoteContent({
      clock: deps.clock,
      random: deps.random,
      freshMs: deps.freshMs,
      kept,
      ...(deps.patienceMs === undefined ? {} : { patienceMs: deps.patienceMs }),
    }),
    kept,
    ...(deps.localRepositories === undefined ? {} : { localRepositories: deps.localRepositories }),
  });
}

/** A registry client with the logins of the configuration, then of Docker's configuration file. */
export function openRegistryClient(
  deps: Pick<OpenPackagesDeps, 'sources' | 'clock' | 'environment'>,
): RegistryClient {
  const { sources, clock, environment } = deps;
  const named = sources.dockerConfig;
  const docker = createDockerConfigLookup(
    named ?? dockerConfigFile(environment),
    named === undefined,
  );
  return createRegistryClient({
    credentials: createRegistryAccess(sources.credentials ?? [], docker, environment),
    insecureHosts: sources.insecureHosts ?? [],
    now: () => clock.now(),
  });
}

/** Where Docker keeps its configuration. */
function dockerConfigFile(environment: Environment): string {
  const folder =
    environment['DOCKER_CONFIG'] ?? path.join(environment['HOME'] ?? homedir(), '.docker');
  return path.join(folder, 'config.json');
}
