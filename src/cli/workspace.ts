// What one-shot commands share: a snapshot of a directory, a revision or a remote, and what it asks for.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { settleSettings } from '../daemon/settings.ts';
import type { RunFlags, Settings } from '../daemon/settings.ts';
import type { PackageInputs } from '../inputs/package-inputs.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { createDocumentCache } from '../reconcile/document-cache.ts';
import { createIntakeReader } from '../reconcile/create-intake.ts';
import type { IntakeReader, ReadIntake } from '../reconcile/create-intake.ts';
import type { Target } from '../targets/target.ts';
import { createWiring } from '../wiring.ts';
import { CONFIG_FILE } from '../render/load.ts';
import type { Location, Wiring } from '../wiring.ts';
import { readDaemonConfigFile } from './daemon-config-file.ts';
import type { CliIo } from './io.ts';

export interface WorkspaceFlags {
  readonly repo?: string;
  readonly ref?: string;
  readonly branch?: string;
  readonly config?: string;
  readonly dataDir?: string;
  readonly instance?: string;
}

export interface Workspace {
  readonly wiring: Wiring;
  readonly settings: Settings;
  readonly place: Location;
  readonly snapshot: Snapshot;
  /** The directory, absolute; with `--repo` the one that the command runs in. */
  readonly root: string;
  /** Reads the snapshot, with these targets to ask about kinds. */
  read(targets: WorkspaceTargets): Promise<ReadIntake>;
  /** Reads another state of the same repository. */
  readAt(revision: string, targets: WorkspaceTargets): Promise<ReadIntake>;
}

export interface WorkspaceTargets {
  /** By name; made when a configuration names it. */
  get(name: string): Target | undefined;
  define(names: readonly string[]): void;
  all(): readonly Target[];
  close(): Promise<void>;
}

/** The snapshot that `[DIR]`, `--repo` and `--ref` mean. */
export async function openWorkspace(
  directory: string | undefined,
  flags: WorkspaceFlags,
  io: CliIo,
): Promise<Workspace> {
  const wiring = createWiring({ environment: io.environment, cwd: io.cwd });
  const config = await readDaemonConfigFile(flags.config, io);
  const root = path.resolve(io.cwd, directory ?? '.');
  const runFlags: RunFlags = {
    ...(flags.repo === undefined
      ? config?.repository === undefined
        ? { watch: root }
        : {}
      : { repo: flags.repo }),
    ...(flags.branch === undefined ? {} : { branch: flags.branch }),
    ...(flags.dataDir === undefined ? {} : { dataDir: flags.dataDir }),
    ...(flags.instance === undefined ? {} : { instance: flags.instance }),
  };
  const settings = settleSettings(runFlags, config, io.cwd);
  if (runFlags.watch !== undefined && flags.ref === undefined) await tellOfRootAbove(root, io);
  const place = await wiring.locate(settings, io.signal);
  const snapshot = await readSnapshot({ wiring, settings, place, root }, flags, io);
  return {
    wiring,
    settings,
    place,
    snapshot,
    root,
    read: async (targets) => {
      const outside = wiring.openPackages(settings);
      try {
        return await readerOf(settings, targets, outside.packages).take(snapshot, io.signal);
      } finally {
        await outside.close();
      }
    },
    readAt: async (revision, targets) => {
      if (flags.repo !== undefined && place.remote?.transport !== 'file') {
        throw new SluiceError(
          'UsageInvalid',
          'an earlier state is read from a clone: name its DIR',
        );
      }
      const from = flags.repo === undefined ? root : localPath(flags.repo);
      const before = await wiring.commit(from, revision, io.signal);
      return readerOf(settings, targets).take(before, io.signal);
    },
  };
}

/** A folder of a repository taken for the whole of it has other units, and no sluice.yaml. */
async function tellOfRootAbove(root: string, io: CliIo): Promise<void> {
  const has = (folder: string, name: string): Promise<boolean> =>
    stat(path.join(folder, name)).then(
      () => true,
      () => false,
    );
  if (await has(root, CONFIG_FILE)) return;
  for (let folder = root; !(await has(folder, '.git'));) {
    const above = path.dirname(folder);
    if (above === folder) return;
    folder = above;
    if (!(await has(folder, CONFIG_FILE))) continue;
    const name = path.relative(io.cwd, folder);
    io.err(
      `${root} is taken for a whole repository; the ${CONFIG_FILE} of ${folder} above it is not read. For that repository name its folder: ${name === '' ? '.' : name}\n`,
    );
    return;
  }
}

function readerOf(
  settings: Settings,
  targets: WorkspaceTargets,
  packages?: PackageInputs,
): IntakeReader {
  return createIntakeReader({
    documents: createDocumentCache(),
    targets: settings.targets.map(({ name, environment }) => ({
      name,
      ...(environment === undefined ? {} : { environment }),
    })),
    define: (names) => targets.define(names),
    target: (name) => Promise.resolve(targets.get(name)),
    holder: () => undefined,
    // As if there had been none: a wrong sluice.yaml is said, and everything else is looked at all the same.
    memory: { config: undefined, roots: [] },
    packages,
  });
}

async function readSnapshot(
  from: {
    readonly wiring: Wiring;
    readonly settings: Settings;
    readonly place: Location;
    readonly root: string;
  },
  flags: WorkspaceFlags,
  io: CliIo,
): Promise<Snapshot> {
  const { wiring, settings, place, root } = from;
  if (flags.repo === undefined) {
    if (flags.ref !== undefined) return wiring.commit(root, flags.ref, io.signal);
    return wiring.workingTree(root);
  }
  if (flags.ref !== undefined && place.remote?.transport === 'file') {
    return wiring.commit(localPath(flags.repo), flags.ref, io.signal);
  }
  const fetched =
    flags.ref === undefined
      ? settings
      : { ...settings, source: { ...settings.source, branch: flags.ref } };
  const target =
    flags.ref === undefined ? place : await wiring.locate(fetched as Settings, io.signal);
  const source = wiring.openSource(fetched as Settings, target);
  const result = await source.poll(io.signal);
  if (result.kind === 'changed') return result.snapshot;
  if (result.kind === 'unchanged')
    throw new SluiceError('Internal', 'a first poll cannot be unchanged');
  throw new SluiceError(result.diagnostic.code, result.diagnostic.message);
}

/** Targets of a command that only looks: the daemon's own where its data is there, empty ones where it is not. */
export function openWorkspaceTargets(
  workspace: Workspace,
  access: 'read' | 'empty',
): WorkspaceTargets {
  const { wiring, settings, place } = workspace;
  const opened = wiring.openTargets(settings, place, access);
  const byName = new Map(opened.defined.map(({ target }) => [target.name, target]));
  return {
    get: (name) => byName.get(name),
    define: (names) => {
      for (const name of names) if (!byName.has(name)) byName.set(name, opened.embedded(name));
    },
    all: () => [...byName.values()],
    close: async () => {
      await Promise.all([...byName.values()].map((target) => target.close()));
    },
  };
}

/** Targets of a command that needs none: kinds are known from tables and CRDs only. */
export function noTargets(): WorkspaceTargets {
  return {
    get: () => undefined,
    define: () => undefined,
    all: () => [],
    close: () => Promise.resolve(),
  };
}

function localPath(url: string): string {
  return url.startsWith('file://') ? decodeURIComponent(new URL(url).pathname) : url;
}
