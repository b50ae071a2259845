// The port to where status files go: a Git branch with its remote, or a plain directory.
import type { Diagnostic } from '../model/diagnostic.ts';
import type { InstanceRecord } from './instance.ts';

/** One file to write (text or bytes) or, with `content: null`, to remove. Paths are already escaped. */
export interface StatusChange {
  readonly path: string;
  readonly content: string | null;
}

export interface StatusEntry {
  readonly path: string;
  /** Content address, to compare without reading. */
  readonly oid: string;
}

export type OpenResult =
  /** The branch (local or remote) carried our instance id and its epoch is now ours, or it did not exist. */
  | {
      readonly kind: 'ready';
      readonly epoch: number;
      readonly fresh: boolean;
      /** What is known here may be more than what the remote has taken. */
      readonly unacknowledged: boolean;
      /** instance.json as it is now, repository and root commits still as recorded before. */
      readonly record: InstanceRecord;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** Nothing is known locally and the remote, which may hold the memory, cannot be asked: try again. */
  | { readonly kind: 'unreachable'; readonly diagnostic: Diagnostic }
  /** Another instance, a rewritten branch, a foreign epoch: nothing may be changed anywhere. */
  | { readonly kind: 'refused'; readonly diagnostic: Diagnostic };

export type CommitResult =
  /** `durable`: pushed and acknowledged, or the store has no remote. */
  { readonly kind: 'committed'; readonly commit: string } | { readonly kind: 'unchanged' };

export type PushResult =
  | { readonly kind: 'pushed'; readonly commit: string }
  | { readonly kind: 'upToDate' }
  /** No remote is configured: local commits are all there is. */
  | { readonly kind: 'localOnly' }
  | { readonly kind: 'unreachable'; readonly diagnostic: Diagnostic }
  /** Somebody else holds the branch now; stop changing things. */
  | { readonly kind: 'fenced'; readonly diagnostic: Diagnostic };

export interface StatusStore {
  /** Reads the branch, checks whose it is, and writes the next epoch (not yet pushed). */
  open(options: { readonly takeover: boolean }, signal?: AbortSignal): Promise<OpenResult>;
  /** All files below the prefix, sorted by path. */
  list(prefix: string): Promise<readonly StatusEntry[]>;
  /** Contents by path; absent files are absent from the answer. One batched read. */
  read(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** One local, durable commit of all changes; nothing changed, no commit. */
  commit(changes: readonly StatusChange[], message: string): Promise<CommitResult>;
  /** Sends what was committed since the last push, with the expected old commit as lease. */
  push(signal?: AbortSignal): Promise<PushResult>;
  /**
   * Tells where a poll has seen the remote's branch (`null`: nowhere).
   * @returns true when that is not where we left it; the next `push` then looks before it does anything else
   */
  noticeRemoteTip(tip: string | null): boolean;
  close(): Promise<void>;
}
