// Desired state from one branch of a remote repository: polled by one ref lookup, fetched only when it moved.
import { createHash } from 'node:crypto';
import {
  branchRef,
  changedPaths,
  createObjectReader,
  fetchBranch,
  isAncestor,
  lookUpRefs,
  MAINTENANCE_EVERY,
  openBareRepository,
  packRepository,
  rootCommits,
} from '../git/index.ts';
import type { Git, GitObject, Remote } from '../git/index.ts';
import { createSerial } from '../lib/serial.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { snapshotCommit } from './commit-snapshot.ts';
import { isSafePath } from './snapshot-index.ts';
import type { PollResult, Source, StatusTip } from './source.ts';

export interface GitSourceDependencies {
  readonly git: Git;
  readonly remote: Remote;
  /** Bare repository of our own, made when it is not there: `<data directory>/source.git`. */
  readonly gitDir: string;
  /** Looked up in the same breath; leave out when status goes to another repository or is not pushed. */
  readonly statusBranch?: string;
}

interface Lookup {
  readonly tip: string | undefined;
  readonly statusTip: StatusTip;
}

/** A source over one branch. Polls may be called at any time; they run one after another. */
export function createGitSource(dependencies: GitSourceDependencies): Source {
  const { git, remote, gitDir, statusBranch } = dependencies;
  const sourceRef = branchRef(remote.branch);
  const statusRef = statusBranch === undefined ? undefined : branchRef(statusBranch);
  const localRef = localRefOf(remote);
  const place = { gitDir };
  const reader = createObjectReader(git, place);
  const serial = createSerial();
  let opened = false;
  let fetches = 0;
  let current: Snapshot | undefined;

  const lookUp = async (signal: AbortSignal | undefined): Promise<Lookup> => {
    const refs = statusRef === undefined ? [sourceRef] : [sourceRef, statusRef];
    const found = await lookUpRefs(git, remote, refs, { signal });
    const statusTip = statusRef === undefined ? undefined : (found.get(statusRef) ?? null);
    return { tip: found.get(sourceRef), statusTip };
  };

  const open = async (tip: string | undefined): Promise<void> => {
    if (opened) return;
    await openBareRepository(git, gitDir, { format: tip?.length === 64 ? 'sha256' : 'sha1' });
    opened = true;
  };

  /** Brings the tip here; the branch may have moved on since the lookup, then the newer one is taken. */
  const bring = async (tip: string, signal: AbortSignal | undefined): Promise<GitObject> => {
    const known = await reader.resolve(localRef, signal);
    if (known?.oid === tip) return known;
    await fetchBranch(git, remote, { gitDir, into: localRef, signal });
    const fetched = await reader.resolve(localRef, signal);
    if (fetched?.type !== 'commit') {
      throw new SluiceError('GitFailed', `${sourceRef} is no commit`);
    }
    fetches += 1;
    if (fetches % MAINTENANCE_EVERY === 0) await packRepository(git, gitDir, signal);
    return fetched;
  };

  const missing = async (statusTip: StatusTip): Promise<PollResult> => {
    await open(undefined);
    const existed = (await reader.resolve(localRef)) !== undefined;
    const what = existed ? 'was deleted' : 'does not exist';
    const message = `branch ${remote.branch} ${what} in ${remote.display}`;
    return { kind: 'missing', diagnostic: diagnostic('SourceBranchMissing', message), statusTip };
  };

  const change = async (lookup: Lookup & { readonly tip: string }, signal?: AbortSignal) => {
    await open(lookup.tip);
    const before = current?.id ?? (await reader.resolve(localRef, signal))?.oid;
    const commit = await bring(lookup.tip, signal);
    if (commit.oid === current?.id)
      return { kind: 'unchanged', statusTip: lookup.statusTip } as const;
    const options = { gitDir, signal };
    const previous = current;
    const [listing, paths, descends, newRoots] = await Promise.all([
      snapshotCommit({ git, place, reader }, { commit, roots: [], signal }),
      previous ? changedPaths(git, previous.id, commit.oid, options) : undefined,
      before === undefined ? true : isAncestor(git, before, commit.oid, options),
      rootCommits(git, commit.oid, previous?.id, options),
    ]);
    const roots = descends
      ? [...new Set([...(previous?.roots ?? []), ...newRoots])].toSorted()
      : await rootCommits(git, commit.oid, undefined, options);
    const diagnostics: Diagnostic[] = listing.unsafePaths.map(unsafePath);
    if (!descends) diagnostics.push(rewritten(remote, before, commit.oid));
    const snapshot = { ...listing.snapshot, roots };
    current = snapshot;
    return {
      kind: 'changed',
      snapshot,
      changedPaths: paths?.filter(isSafePath),
      diagnostics,
      statusTip: lookup.statusTip,
    } as const;
  };

  const poll = async (signal: AbortSignal | undefined): Promise<PollResult> => {
    try {
      const lookup = await lookUp(signal);
      const { tip, statusTip } = lookup;
      if (tip === undefined) return await missing(statusTip);
      if (tip === current?.id) return { kind: 'unchanged', statusTip };
      return await change({ tip, statusTip }, signal);
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== 'GitFailed') throw error;
      const message = `${remote.display}: ${error.message}`;
      return { kind: 'unreachable', diagnostic: diagnostic('SourceUnreachable', message) };
    }
  };

  return {
    description: `${remote.display} (${remote.branch})`,
    poll: (signal) => serial(() => poll(signal)),
    onHint: () => undefined,
    close: () =>
      serial(async () => {
        reader.close();
      }),
  };
}

/** One ref per address and branch: after a change of configuration the old tip must not look like a rewritten one. */
function localRefOf(remote: Remote): string {
  const key = createHash('sha256').update(`${remote.display}\n${remote.branch}`).digest('hex');
  return `refs/sluice/source/${key.slice(0, 16)}`;
}

function rewritten(remote: Remote, before: string | undefined, after: string): Diagnostic {
  const message =
    `branch ${remote.branch} of ${remote.display} was rewritten: ` +
    `${after.slice(0, 12)} does not descend from ${before?.slice(0, 12)}`;
  return diagnostic('SourceRewritten', message);
}

function unsafePath(path: string): Diagnostic {
  return diagnostic('FileSkipped', `the path "${path}" is unsafe and is not read`, {
    file: path,
    severity: 'warning',
    hint: 'Rename the file; no part of a path may be empty, ".", ".." or ".git".',
  });
}
