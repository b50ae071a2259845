// Desired state from a directory: for `--watch DIR` and one-shot commands in a working tree.
import path from 'node:path';
import { watch } from 'chokidar';
import type { FSWatcher } from 'chokidar';
import type { Clock } from '../lib/clock.ts';
import { createSerial } from '../lib/serial.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { readScanned, scanDirectory } from './directory-scan.ts';
import type { Scan } from './directory-scan.ts';
import { createSnapshot } from './snapshot-index.ts';
import type { PollResult, Source } from './source.ts';

export interface DirectorySourceDependencies {
  readonly directory: string;
  readonly clock: Clock;
  /** Quiet time after which writes count as settled, in milliseconds; 150 unless given. */
  readonly settleMs?: number;
}

/** A directory that keeps being written to is taken as it is after so many looks. */
const MOST_LOOKS = 20;

/** A source over a directory. Hints come after writes have settled; watching starts with the first `onHint`. */
export function createDirectorySource(dependencies: DirectorySourceDependencies): Source {
  const directory = path.resolve(dependencies.directory);
  const settleMs = dependencies.settleMs ?? 150;
  const serial = createSerial();
  const callbacks: (() => void)[] = [];
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let current: Scan | undefined;

  const settled = async (signal: AbortSignal | undefined): Promise<Scan> => {
    let scan = await scanDirectory(directory, current);
    if (scan.id === current?.id) return scan;
    for (let looks = 1; looks < MOST_LOOKS; looks++) {
      await dependencies.clock.sleep(settleMs, signal);
      const next = await scanDirectory(directory, scan);
      if (next.id === scan.id) return next;
      scan = next;
    }
    return scan;
  };

  const poll = async (signal: AbortSignal | undefined): Promise<PollResult> => {
    const before = current;
    try {
      const scan = await settled(signal);
      current = scan;
      if (scan.id === before?.id) return { kind: 'unchanged', statusTip: undefined };
      return {
        kind: 'changed',
        snapshot: snapshotOf(directory, scan),
        changedPaths: before && differences(before, scan),
        diagnostics: scan.unreadable.map(unreadableFile),
        statusTip: undefined,
      };
    } catch (error) {
      if (signal?.aborted) throw error;
      return { kind: 'unreachable', diagnostic: unreachable(directory, error) };
    }
  };

  const hint = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => callbacks.forEach((callback) => callback()), settleMs);
  };

  const startWatching = (): void => {
    if (watcher) return;
    watcher = watch(directory, {
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (file) => isGitFolder(directory, file),
    });
    // An error of the watcher costs a hint, not a change: the next poll sees it.
    watcher.on('all', hint).on('ready', hint).on('error', hint);
  };

  return {
    description: directory,
    poll: (signal) => serial(() => poll(signal)),
    onHint(callback) {
      callbacks.push(callback);
      startWatching();
    },
    async close() {
      clearTimeout(timer);
      callbacks.length = 0;
      await watcher?.close();
    },
  };
}

/**
 * The Snapshot of a directory as it is now, for one-shot commands; nothing waits for writes to settle.
 * @throws SluiceError UsageInvalid when the directory cannot be listed
 */
export async function createWorkingTreeSnapshot(directory: string): Promise<Snapshot> {
  const root = path.resolve(directory);
  try {
    return snapshotOf(root, await scanDirectory(root));
  } catch (error) {
    throw new SluiceError('UsageInvalid', unreachable(root, error).message, { cause: error });
  }
}

function snapshotOf(directory: string, scan: Scan): Snapshot {
  const byOid = new Map(scan.files.map((file) => [file.oid, file]));
  return createSnapshot({
    id: scan.id,
    commit: undefined,
    roots: [],
    files: scan.files.map(({ path: name, oid, mode, size }) => ({ path: name, oid, mode, size })),
    read: async (oids) => {
      const contents = new Map<string, Uint8Array>();
      for (const oid of oids) {
        const file = byOid.get(oid);
        const content = file && (await readScanned(directory, file));
        if (content) contents.set(oid, content);
      }
      return contents;
    },
  });
}

function differences(before: Scan, after: Scan): readonly string[] {
  const old = new Map(before.files.map((file) => [file.path, `${file.mode} ${file.oid}`]));
  const paths: string[] = [];
  for (const file of after.files) {
    if (old.get(file.path) !== `${file.mode} ${file.oid}`) paths.push(file.path);
    old.delete(file.path);
  }
  return [...paths, ...old.keys()].toSorted();
}

function isGitFolder(root: string, file: string): boolean {
  return path.relative(root, file).split(path.sep).includes('.git');
}

function unreadableFile(file: string): Diagnostic {
  return diagnostic('FileSkipped', `${file} cannot be read`, {
    severity: 'warning',
    file,
    hint: 'Make the file readable for the user that Sluice runs as.',
  });
}

function unreachable(directory: string, error: unknown): Diagnostic {
  const why = (error as NodeJS.ErrnoException).code ?? String(error);
  return diagnostic('SourceUnreachable', `the directory ${directory} cannot be read: ${why}`, {
    hint: 'Check the path and its permissions; running rollouts go on.',
  });
}
