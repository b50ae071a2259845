// The port to where desired state comes from: a branch of a remote repository, or a directory.
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Snapshot } from '../model/snapshot.ts';

/**
 * The status branch's commit on the remote as seen by the same lookup; `null` when the branch is not there,
 * undefined when it was not looked up (directories, status in another repository).
 */
export type StatusTip = string | null | undefined;

export type PollResult =
  /** Costs one ref lookup; nothing else was read. */
  | { readonly kind: 'unchanged'; readonly statusTip: StatusTip }
  | {
      readonly kind: 'changed';
      readonly snapshot: Snapshot;
      /** Paths that differ from the snapshot before, sorted; undefined when there was none. */
      readonly changedPaths: readonly string[] | undefined;
      /** SourceRewritten and the like: said, but the content is in force. */
      readonly diagnostics: readonly Diagnostic[];
      readonly statusTip: StatusTip;
    }
  /** The branch is not there (yet, or any more). */
  | { readonly kind: 'missing'; readonly diagnostic: Diagnostic; readonly statusTip: StatusTip }
  | { readonly kind: 'unreachable'; readonly diagnostic: Diagnostic };

export interface Source {
  /** Address fit for people: no user, no password, no token. */
  readonly description: string;
  poll(signal?: AbortSignal): Promise<PollResult>;
  /** Calls back when something may have changed before the next poll (directory sources). */
  onHint(callback: () => void): void;
  close(): Promise<void>;
}
