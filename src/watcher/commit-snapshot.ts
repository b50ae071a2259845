// The Snapshot of one commit, listed and read from the object database of a repository.
import { listTree, parseCommit, rootCommits } from '../git/index.ts';
import type { Git, GitObject, ObjectReader } from '../git/index.ts';
import { createObjectReader } from '../git/index.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { CommitInfo, Snapshot, SnapshotFile } from '../model/snapshot.ts';
import { createSnapshot, isSafePath } from './snapshot-index.ts';

/** Where a repository is: a bare one by its directory, a clone by any directory inside it. */
export type RepositoryPlace = { readonly gitDir: string } | { readonly directory: string };

export interface SnapshotSource {
  readonly git: Git;
  readonly place: RepositoryPlace;
  readonly reader: ObjectReader;
}

export interface SnapshotRequest {
  /** The commit as the reader gave it. */
  readonly commit: GitObject;
  readonly roots: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface CommitSnapshot {
  readonly snapshot: Snapshot;
  /** Paths with `..`, `.git` or the like, which no snapshot carries. */
  readonly unsafePaths: readonly string[];
}

/** Lists the commit; contents are read when they are asked for. */
export async function snapshotCommit(
  source: SnapshotSource,
  request: SnapshotRequest,
): Promise<CommitSnapshot> {
  const { oid, content } = request.commit;
  const listed = await listTree(source.git, {
    ...source.place,
    commit: oid,
    signal: request.signal,
  });
  const files: SnapshotFile[] = [];
  const unsafePaths: string[] = [];
  for (const file of listed) {
    if (isSafePath(file.path)) files.push(file);
    else unsafePaths.push(file.path);
  }
  const snapshot = createSnapshot({
    id: oid,
    commit: commitInfo(oid, content),
    roots: request.roots,
    files,
    read: (oids, signal) => source.reader.readBlobs(oids, signal),
  });
  return { snapshot, unsafePaths };
}

/**
 * The Snapshot of one revision of somebody's clone or bare repository, for one-shot commands.
 * @param directory the repository or any directory inside it
 * @param revision what people write: a branch, a tag, `HEAD~1`, a commit id
 * @throws SluiceError UsageInvalid when there is no such commit, GitFailed when there is no repository
 */
export async function createCommitSnapshot(
  git: Git,
  directory: string,
  revision: string,
  signal?: AbortSignal,
): Promise<Snapshot> {
  const place = { directory };
  // Fails with git's own words when this is no repository.
  await git.succeed({ directory, args: ['rev-parse', '--git-dir'], signal });
  const reader = createObjectReader(git, place);
  const commit = await reader.resolve(`${revision}^{commit}`, signal);
  if (commit?.type !== 'commit') {
    throw new SluiceError('UsageInvalid', `"${revision}" names no commit in ${directory}`);
  }
  const roots = await rootCommits(git, commit.oid, undefined, { ...place, signal });
  const { snapshot } = await snapshotCommit({ git, place, reader }, { commit, roots, signal });
  return snapshot;
}

function commitInfo(id: string, content: Uint8Array): CommitInfo {
  const { author, time, subject } = parseCommit(id, content);
  return { id, author, time, subject };
}
