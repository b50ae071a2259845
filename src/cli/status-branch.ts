// Reads the status branch: from a clone, a bare repository or a remote, at its tip or at an older commit.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Snapshot } from '../model/snapshot.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { StatusStore } from '../status/store.ts';
import type { Wiring } from '../wiring.ts';
import type { CliIo } from './io.ts';

/** The reading half of a status store. */
export type StatusReader = Pick<StatusStore, 'list' | 'read'>;

export interface StatusBranchFlags {
  readonly repo?: string;
  readonly statusBranch?: string;
  /** A commit of the status branch. */
  readonly at?: string;
}

export interface StatusBranch {
  readonly reader: StatusReader;
  readonly commit: string;
  /** Directory inside the repository that holds the branch. */
  readonly directory: string;
}

/**
 * Opens the status branch.
 * @throws SluiceError UsageInvalid when there is none
 */
export async function openStatusBranch(
  directory: string | undefined,
  flags: StatusBranchFlags,
  wiring: Wiring,
  io: CliIo,
): Promise<StatusBranch> {
  const branch = flags.statusBranch ?? 'sluice/status';
  const place = localRepository(flags.repo) ?? path.resolve(io.cwd, directory ?? '.');
  const names =
    flags.at === undefined ? [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`] : [flags.at];
  for (const name of names) {
    const snapshot = await wiring.commit(place, name, io.signal).catch(async (error: unknown) => {
      if (!(await isFolder(place))) {
        throw new SluiceError(
          'UsageInvalid',
          `${place} is no folder; name a clone with --dir or --repo`,
        );
      }
      if (error instanceof SluiceError && error.code === 'UsageInvalid') return undefined;
      if (error instanceof SluiceError && error.message.includes('not a git repository')) {
        const message = `${place} is no git repository; name a clone with --dir or --repo`;
        throw new SluiceError('UsageInvalid', message, { cause: error });
      }
      throw error;
    });
    if (snapshot) return { reader: readerOf(snapshot), commit: snapshot.id, directory: place };
  }
  if (flags.at !== undefined) {
    const message = `"${flags.at}" names no commit in ${place}; fetch the status branch, or correct --at`;
    throw new SluiceError('UsageInvalid', message);
  }
  throw new SluiceError(
    'UsageInvalid',
    `no status branch ${branch} in ${place}; fetch it, or name it with --status-branch`,
  );
}

function isFolder(place: string): Promise<boolean> {
  return stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function readerOf(snapshot: Snapshot): StatusReader {
  return {
    list: (prefix) =>
      Promise.resolve(
        snapshot.files
          .filter((file) => file.path.startsWith(prefix))
          .map(({ path: name, oid }) => ({ path: name, oid })),
      ),
    read: async (paths) => {
      const files = paths.flatMap((name) => snapshot.file(name) ?? []);
      const contents = await snapshot.read([...new Set(files.map((file) => file.oid))]);
      return new Map(
        files.flatMap((file) => {
          const bytes = contents.get(file.oid);
          return bytes ? [[file.path, Buffer.from(bytes).toString('utf8')] as const] : [];
        }),
      );
    },
  };
}

function localRepository(repo: string | undefined): string | undefined {
  if (repo === undefined) return undefined;
  if (repo.startsWith('file://')) return decodeURIComponent(new URL(repo).pathname);
  if (/^[a-z+]+:\/\/|^[^/]+@[^/]+:/i.test(repo)) {
    throw new SluiceError(
      'UsageInvalid',
      'the status branch is read from a clone: fetch it there and name the directory',
    );
  }
  return repo;
}
