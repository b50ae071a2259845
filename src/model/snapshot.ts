// The files of one commit or one directory: immutable, read from the object database, never from a checkout.

export type FileMode = 'file' | 'executable' | 'symlink' | 'submodule';

export interface SnapshotFile {
  /** Relative to the root, with `/`, never with `..` or a leading `/`. */
  readonly path: string;
  /** Content address: git blob id, or the same kind of hash for a directory source. */
  readonly oid: string;
  readonly mode: FileMode;
  /** Bytes. */
  readonly size: number;
}

export interface CommitInfo {
  readonly id: string;
  readonly author: string;
  /** Seconds since 1970, from the commit. */
  readonly time: number;
  readonly subject: string;
}

export interface Snapshot {
  /** Commit id, or `dir-<hash>` for a directory. */
  readonly id: string;
  readonly commit: CommitInfo | undefined;
  /** First commits of the history, to notice another repository behind the same address; empty for a directory. */
  readonly roots: readonly string[];
  /** Sorted by path in code-unit order. */
  readonly files: readonly SnapshotFile[];
  /** The file at this path, symlinks not followed. */
  file(path: string): SnapshotFile | undefined;
  /** Files below `prefix/` (or all for the empty prefix), sorted by path. */
  under(prefix: string): readonly SnapshotFile[];
  /** Contents by object id; ids that do not exist are absent from the answer. One batched read. */
  read(oids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Uint8Array>>;
}
