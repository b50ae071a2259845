// The one place that imports adapters: builds sources, stores and targets from settings.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Logger } from 'pino';
import { defaultDataDir, deriveInstance } from './daemon/settings.ts';
import type { Settings } from './daemon/settings.ts';
import { openDataDir } from './daemon/data-dir.ts';
import type { DaemonDeps } from './daemon/run.ts';
import { checkGitVersion, createGit, createRemote } from './git/index.ts';
import type { Git, Remote, RemoteOptions, SecretSource } from './git/index.ts';
import { lookUpDefaultBranch } from './git/index.ts';
import { createSystemClock } from './lib/clock.ts';
import type { Clock } from './lib/clock.ts';
import { openPackages, openRegistryClient } from './inputs/open-packages.ts';
import type { PackageInputs } from './inputs/package-inputs.ts';
import type { RegistryClient } from './inputs/registry/client.ts';
import { SluiceError } from './model/sluice-error.ts';
import type { Json } from './model/json.ts';
import type { Snapshot } from './model/snapshot.ts';
import { createDirectoryStatusStore } from './status/directory-store.ts';
import { createGitStatusStore } from './status/git-store.ts';
import type { StatusStore } from './status/store.ts';
import { createEmbeddedTarget } from './targets/embedded/index.ts';
import type { Target } from './targets/target.ts';
import {
  createCommitSnapshot,
  createDirectorySource,
  createGitSource,
  createWorkingTreeSnapshot,
} from './watcher/index.ts';
import type { Source } from './watcher/index.ts';

export interface WiringDeps {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface DaemonParts {
  readonly deps: Omit<DaemonDeps, 'log' | 'watcher'>;
  readonly dataDir: string;
  /** After the daemon has ended. */
  release(): Promise<void>;
}

export interface Wiring {
  readonly clock: Clock;
  readonly git: Git;
  /** Everything that `sluice run` needs; takes the data directory's lock. */
  openDaemon(settings: Settings, log: Logger, signal: AbortSignal): Promise<DaemonParts>;
  /** The instance and data directory that these settings lead to. */
  locate(settings: Settings, signal?: AbortSignal): Promise<Location>;
  /** Targets as the daemon would use them, or for looking only. */
  openTargets(settings: Settings, place: Location, access: TargetAccess): OpenTargets;
  /** Packages from outside for a one-shot command; fetched repositories go when they are closed. */
  openPackages(settings: Settings): OpenPackages;
  /** For commands that work with registries themselves. */
  openRegistry(sources: Settings['sources']): RegistryClient;
  workingTree(directory: string): Promise<Snapshot>;
  commit(directory: string, revision: string, signal?: AbortSignal): Promise<Snapshot>;
  /** The source that the daemon would poll. */
  openSource(settings: Settings, place: Location): Source;
}

export interface Location {
  readonly instance: string;
  readonly dataDir: string;
  /** Address and branch for people. */
  readonly source: string;
  readonly branch: string;
  readonly remote: Remote | undefined;
}

/** `read`: beside a daemon that writes; `empty`: embedded targets hold nothing and live in memory. */
export type TargetAccess = 'write' | 'read' | 'empty';

export interface OpenPackages {
  readonly packages: PackageInputs;
  close(): Promise<void>;
}

export interface OpenTargets {
  readonly defined: readonly { readonly target: Target; readonly environment?: Json }[];
  readonly embedded: (name: string) => Target;
}

/** Passes at the same time. Most of them wait for an intent, and those that wait together share one push. */
const CONCURRENCY = 512;
/** Simulated readiness of the embedded target, in milliseconds. */
const EMBEDDED_READY_MS = 300;

/** A look-up of the last poll is too old for the next one, even when that comes a little early. */
const FRESH_SHARE = 0.75;
/** How long a slow registry may hold up a snapshot, in milliseconds; then its units are read without. */
const PATIENCE_MS = 10_000;

/** Builds the wiring of one process. */
export function createWiring(deps: WiringDeps): Wiring {
  const git = createGit({ environment: deps.environment });
  const clock = createSystemClock();

  const locate = async (settings: Settings, signal?: AbortSignal): Promise<Location> => {
    const { source } = settings;
    if (source.kind === 'directory') {
      const instance = settings.instance ?? deriveInstance(source.directory, '');
      const dataDir = settings.dataDir ?? defaultDataDir(instance, deps.environment);
      return { instance, dataDir, source: source.directory, branch: '', remote: undefined };
    }
    const options = remoteOptions(settings, source.branch ?? 'main');
    const known = createRemote(options, deps.environment, deps.cwd);
    const branch =
      source.branch ??
      (await lookUpDefaultBranch(git, known, { signal }).catch(() => undefined)) ??
      'main';
    const remote = createRemote({ ...options, branch }, deps.environment, deps.cwd);
    const instance = settings.instance ?? deriveInstance(remote.display, branch);
    const dataDir = settings.dataDir ?? defaultDataDir(instance, deps.environment);
    return { instance, dataDir, source: remote.display, branch, remote };
  };

  const openSource = (settings: Settings, place: Location): Source => {
    if (settings.source.kind === 'directory' || !place.remote) {
      return createDirectorySource({ directory: place.source, clock });
    }
    const pushesHere = settings.status.push && settings.status.repository === undefined;
    return createGitSource({
      git,
      remote: place.remote,
      gitDir: path.join(place.dataDir, 'source.git'),
      ...(pushesHere ? { statusBranch: settings.status.branch } : {}),
    });
  };

  const openStore = async (settings: Settings, place: Location): Promise<StatusStore> => {
    if (settings.source.kind === 'directory') {
      return createDirectoryStatusStore({
        directory: path.join(place.dataDir, 'status'),
        instance: place.instance,
        repository: place.source,
      });
    }
    const { status } = settings;
    const options = remoteOptions(settings, status.branch);
    const remote = status.push
      ? createRemote(
          { ...options, url: status.repository ?? options.url },
          deps.environment,
          deps.cwd,
        )
      : undefined;
    return createGitStatusStore({
      git,
      version: await checkGitVersion(git),
      gitDir: path.join(place.dataDir, 'status.git'),
      branch: status.branch,
      remote,
      instance: place.instance,
      repository: place.source,
      author: status.author,
      clock,
    });
  };

  const openTargets = (settings: Settings, place: Location, access: TargetAccess): OpenTargets => {
    const embedded = (name: string): Target => {
      const folder = path.join(place.dataDir, 'targets', name);
      if (access === 'write') {
        return createEmbeddedTarget({
          name,
          clock,
          path: folder,
          controllers: { readyAfterMs: EMBEDDED_READY_MS },
        });
      }
      const stored = access === 'read' && existsSync(folder);
      return createEmbeddedTarget({
        name,
        clock,
        controllers: 'off',
        ...(stored ? { path: folder, readOnly: true } : {}),
      });
    };
    const defined = settings.targets.map((definition) => {
      if (definition.type !== 'embedded') {
        throw new SluiceError(
          'TargetUnknown',
          `target ${definition.name}: type ${definition.type} is not available in this version`,
        );
      }
      const { environment } = definition;
      return {
        target: embedded(definition.name),
        ...(environment === undefined ? {} : { environment }),
      };
    });
    return { defined, embedded };
  };

  const inputDeps = (sources: Settings['sources']) => {
    const { environment } = deps;
    return { sources, git, clock, random: Math.random, environment };
  };

  return {
    clock,
    git,
    locate,
    openSource,
    openTargets,
    openPackages: (settings) => {
      // Made only when a package of another repository is asked for.
      const cacheDir = path.join(tmpdir(), `sluice-packages-${randomUUID()}`);
      const packages = openPackages({
        ...inputDeps(settings.sources),
        cacheDir,
        freshMs: Number.POSITIVE_INFINITY,
      });
      return {
        packages,
        close: async () => {
          packages.close();
          await rm(cacheDir, { recursive: true, force: true, maxRetries: 5 });
        },
      };
    },
    openRegistry: (sources) => openRegistryClient(inputDeps(sources)),
    workingTree: (directory) => createWorkingTreeSnapshot(path.resolve(deps.cwd, directory)),
    commit: (directory, revision, signal) =>
      createCommitSnapshot(git, path.resolve(deps.cwd, directory), revision, signal),
    openDaemon: async (settings, log, signal) => {
      await checkGitVersion(git);
      const place = await locate(settings, signal);
      const dataDir = await openDataDir(place.dataDir);
      try {
        const targets = openTargets(settings, place, 'write');
        const store = await openStore(settings, place);
        const packages = openPackages({
          ...inputDeps(settings.sources),
          cacheDir: path.join(place.dataDir, 'packages'),
          onCacheTrouble: (detail) =>
            log.warn({ detail }, 'room for fetched repositories cannot be made'),
          kept: {
            directory: path.join(place.dataDir, 'contents'),
            onTrouble: (detail) => log.warn({ detail }, 'contents of packages cannot be kept'),
          },
          freshMs: settings.intervalMs * FRESH_SHARE,
          ...(settings.once ? {} : { patienceMs: PATIENCE_MS }),
        });
        return {
          dataDir: place.dataDir,
          release: async () => {
            packages.close();
            await dataDir.release();
          },
          deps: {
            source: openSource(settings, place),
            clock,
            random: Math.random,
            intervalMs: settings.intervalMs,
            once: settings.once,
            listen: settings.listen,
            session: {
              instance: place.instance,
              source: place.source,
              branch: place.branch,
              store,
              targets: targets.defined,
              embedded: targets.embedded,
              clock,
              random: Math.random,
              concurrency: CONCURRENCY,
              pushesPerMinute: settings.status.pushesPerMinute,
              unlimitedPushes:
                place.remote?.transport === 'file' || settings.source.kind === 'directory',
              takeover: settings.takeover,
              packages,
            },
          },
        };
      } catch (error) {
        await dataDir.release();
        throw error;
      }
    },
  };
}

function remoteOptions(settings: Settings, branch: string): RemoteOptions {
  if (settings.source.kind !== 'git')
    throw new SluiceError('Internal', 'a directory has no remote');
  const { url, connection } = settings.source;
  const credentials = connection?.credentials;
  const password = credentials?.passwordFrom ?? credentials?.tokenFrom;
  const username = credentials?.usernameFrom;
  const key = credentials?.sshKeyFrom?.file;
  return {
    url,
    branch,
    ...(password
      ? {
          credentials: {
            passwordFrom: secretSource(password),
            ...(username ? { usernameFrom: secretSource(username) } : {}),
          },
        }
      : {}),
    ...(key === undefined ? {} : { sshKeyFile: key }),
    ...(connection?.knownHosts === undefined ? {} : { knownHostsFile: connection.knownHosts }),
    ...(connection?.caFile === undefined ? {} : { caFile: connection.caFile }),
    ...(connection?.proxy === undefined ? {} : { proxy: connection.proxy }),
  };
}

function secretSource(source: { readonly env?: string; readonly file?: string }): SecretSource {
  if (source.env !== undefined) return { env: source.env };
  if (source.file !== undefined) return { file: source.file };
  throw new SluiceError('ConfigInvalid', 'a secret needs env or file');
}
