// The status branch on the remote: where it is, how it stands to the journal, and pushing with that as the lease.
import {
  branchRef,
  fetchBranch,
  isAncestor,
  lookUpRefs,
  pushWithLease,
  trackingRef,
} from '../git/index.ts';
import type { Git, Remote } from '../git/index.ts';
import { createSerial } from '../lib/serial.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { standingOf } from './branch-standing.ts';
import type { Standing } from './branch-standing.ts';
import type { Journal } from './journal.ts';
import type { PushResult } from './store.ts';

export interface ReplicaDependencies {
  readonly git: Git;
  readonly journal: Journal;
  readonly remote: Remote;
  readonly instance: string;
}

export interface Sighting {
  readonly tip: string;
  readonly standing: Standing;
}

export interface Replica {
  readonly remote: Remote;
  /** The last commit that the remote is known to have accepted, over restarts. */
  acknowledged(): string | undefined;
  load(signal: AbortSignal | undefined): Promise<void>;
  /** True for the commit where the remote was seen, or which it accepted last. */
  hasTaken(commit: string): boolean;
  /** Looks where the branch is and takes that as the next lease; null when it is not there. */
  look(signal: AbortSignal | undefined): Promise<Sighting | null>;
  /** Forgets where the branch is: the next push looks first. */
  distrust(): void;
  /** True, and distrusted from now on, when a poll saw the branch where it should not be. */
  notice(tip: string | null): boolean;
  push(signal: AbortSignal | undefined): Promise<PushResult>;
}

/** Where the branch is: a commit, `null` for nowhere, undefined when we have to look. */
type Lease = string | null | undefined;

/** Local ref that a look fetches into. */
const SEEN_REF = 'refs/sluice/seen';
const REMOTE_NAME = 'status';
/** Tries of one push while others keep moving the branch. */
const PUSH_TRIES = 5;

/** The remote side of a journal. Pushes run one after another. */
export function createReplica(dependencies: ReplicaDependencies): Replica {
  const { git, journal, remote, instance } = dependencies;
  const { gitDir, reader } = journal;
  const ref = branchRef(remote.branch);
  const serial = createSerial();
  let acknowledged: string | undefined;
  let lease: Lease;
  let refusal: Diagnostic | undefined;

  const look = async (signal: AbortSignal | undefined): Promise<Sighting | null> => {
    let tip = (await lookUpRefs(git, remote, [ref], { signal })).get(ref);
    if (tip === undefined) {
      lease = null;
      return null;
    }
    const local = journal.tip();
    if (tip !== local && tip !== acknowledged) {
      await fetchBranch(git, remote, { gitDir, into: SEEN_REF, signal });
      // The branch may have moved between the lookup and the fetch.
      tip = (await reader.resolve(SEEN_REF, signal))?.oid ?? tip;
    }
    const question = { git, gitDir, reader, remote, instance, local, acknowledged, tip, signal };
    const standing = await standingOf(question);
    lease = tip;
    return { tip, standing };
  };

  /** Puts our tree on top of strangers' commits: theirs is the first parent, so that the push is a fast-forward. */
  const join = (theirs: string, signal: AbortSignal | undefined): Promise<unknown> =>
    journal.exclusively(async () => {
      const ours = journal.tip() ?? '';
      const tree = await reader.resolve(`${ours}^{tree}`, signal);
      const below = await isAncestor(git, ours, theirs, { gitDir, signal });
      const message = `Go on after ${theirs.slice(0, 12)}, which Sluice did not write\n\nIts content was not read.`;
      return journal.write({
        parents: below ? [theirs] : [theirs, ours],
        tree: tree?.oid,
        changes: [],
        message,
        record: journal.record(),
      });
    });

  /** Where the lease is unknown, finds it out, and whether the branch is still ours to push to. */
  const settleLease = async (signal: AbortSignal | undefined): Promise<Diagnostic | undefined> => {
    if (lease !== undefined) return undefined;
    const seen = await look(signal);
    if (seen?.standing.kind === 'claimed') return seen.standing.diagnostic;
    if (seen?.standing.kind === 'stranger') await join(seen.tip, signal);
    return undefined;
  };

  const accepted = (commit: string): PushResult => {
    acknowledged = commit;
    lease = commit;
    return { kind: 'pushed', commit };
  };

  const tryToPush = async (signal: AbortSignal | undefined): Promise<PushResult> => {
    let rejected: { readonly at: Lease; readonly reason: string } | undefined;
    for (let tries = 0; tries < PUSH_TRIES; tries++) {
      refusal = await settleLease(signal);
      if (refusal) return { kind: 'fenced', diagnostic: refusal };
      const expected = lease;
      // The branch stands where the lease said, so it was not the lease that the server refused.
      if (rejected && rejected.at === expected) break;
      const commit = journal.tip() ?? '';
      if (expected === commit) {
        return acknowledged === commit ? { kind: 'upToDate' } : accepted(commit);
      }
      const outcome = await pushWithLease(git, remote, {
        gitDir,
        commit,
        expected: expected ?? undefined,
        tracking: { name: REMOTE_NAME },
        signal,
      });
      if (outcome.kind === 'pushed') return accepted(commit);
      rejected = { at: expected, reason: outcome.reason };
      lease = undefined;
    }
    throw new SluiceError('GitFailed', `the push was rejected: ${rejected?.reason}`);
  };

  return {
    remote,
    acknowledged: () => acknowledged,
    async load(signal) {
      lease = undefined;
      const pushed = trackingRef(REMOTE_NAME, remote.branch);
      acknowledged = (await reader.resolve(pushed, signal))?.oid;
    },
    hasTaken: (commit) => commit === acknowledged || commit === lease,
    look,
    distrust() {
      lease = undefined;
    },
    notice(tip) {
      // A poll that began before our last push shows an older commit of ours.
      if (tip === lease || (tip !== null && journal.wrote(tip))) return false;
      lease = undefined;
      return true;
    },
    push: (signal) =>
      serial(async () => {
        if (refusal) return { kind: 'fenced', diagnostic: refusal };
        try {
          return await tryToPush(signal);
        } catch (error) {
          // Whether the remote has taken it is unknown now.
          lease = undefined;
          if (!isGitFailure(error)) throw error;
          return { kind: 'unreachable', diagnostic: unpushed(remote, error) };
        }
      }),
  };
}

/** The diagnostic for a remote that could not be reached, or did not accept. */
export function unpushed(remote: Remote, error: SluiceError): Diagnostic {
  const message = `status branch ${remote.branch} of ${remote.display}: ${error.message}`;
  return diagnostic('StatusUnpushed', message);
}

/** True for an error that git reported, as opposed to a fault of ours or an interruption. */
export function isGitFailure(error: unknown): error is SluiceError {
  return error instanceof SluiceError && error.code === 'GitFailed';
}
