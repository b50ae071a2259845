// Status files on a Git branch: committed to a bare repository of our own, which is the journal, and pushed with a
// lease to a remote, which is its replica and its fence.
import { randomUUID } from 'node:crypto';
import {
  branchRef,
  createObjectReader,
  fetchBranch,
  importCommit,
  isAncestor,
  isAtLeast,
  listTreeOids,
  lookUpRefs,
  MAINTENANCE_EVERY,
  openBareRepository,
  packRepository,
  pushWithLease,
  trackingRef,
} from '../git/index.ts';
import type { Author, Git, GitVersion, Remote } from '../git/index.ts';
import type { Clock } from '../lib/clock.ts';
import { createSerial } from '../lib/serial.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { readMemory, signMessage, standingOf } from './branch-standing.ts';
import type { Memory, Standing } from './branch-standing.ts';
import { formatInstance, INSTANCE_PATH, parseInstance, STATUS_FORMAT } from './instance.ts';
import type { InstanceRecord } from './instance.ts';
import { createStatusTree } from './status-tree.ts';
import type { OpenResult, PushResult, StatusChange, StatusStore } from './store.ts';

export interface GitStatusStoreDependencies {
  readonly git: Git;
  readonly version: GitVersion;
  /** Bare repository of our own, made when it is not there: `<data directory>/status.git`. */
  readonly gitDir: string;
  /** The status branch, also where there is no remote. */
  readonly branch: string;
  /** Where status is pushed, its branch being the status branch; undefined for local commits only. */
  readonly remote: Remote | undefined;
  readonly instance: string;
  /** Address of the source repository without credentials, recorded in a fresh branch. */
  readonly repository: string;
  readonly author?: Author;
  readonly clock: Clock;
  /** Ids of new writers; random unless given. */
  readonly newWriter?: () => string;
}

/** Where the remote's branch is: a commit, `null` for nowhere, undefined when we have to look. */
type Expected = string | null | undefined;

interface Base {
  readonly parents: readonly string[];
  /** What the new commit goes on from; undefined for a fresh branch. */
  readonly memory: Memory | undefined;
  readonly writer: string;
  /** Highest epoch seen. */
  readonly epoch: number;
}

/** Local ref that a look at the remote fetches into. */
const SEEN_REF = 'refs/sluice/seen';
const REMOTE_NAME = 'status';
/** Tries of one push while others keep moving the branch. */
const PUSH_TRIES = 5;
/** Commits of ours that a late poll may still show as the remote's tip. */
const REMEMBERED_TIPS = 100;

/** A store over one status branch. `open` comes first; commits and pushes may overlap, each kind runs one by one. */
export function createGitStatusStore(dependencies: GitStatusStoreDependencies): StatusStore {
  const { git, gitDir, remote, instance, clock } = dependencies;
  const author = dependencies.author ?? { name: 'Sluice', email: 'sluice@localhost' };
  const ref = branchRef(dependencies.branch);
  const pushedRef = trackingRef(REMOTE_NAME, dependencies.branch);
  const durable = durability(dependencies.version);
  const reader = createObjectReader(git, { gitDir });
  const commits = createSerial();
  const pushes = createSerial();
  const ownTips = new Set<string>();
  let tree = createStatusTree(new Map());
  let record: InstanceRecord | undefined;
  let local: string | undefined;
  let acknowledged: string | undefined;
  let expected: Expected;
  let refusal: Diagnostic | undefined;
  let written = 0;

  const writeCommit = async (
    parents: readonly string[],
    changes: readonly StatusChange[],
    message: string,
    from?: { readonly record: InstanceRecord; readonly tree?: string | undefined },
  ): Promise<string> => {
    const signer = from?.record ?? opened(record);
    const commit = await importCommit(git, {
      gitDir,
      ref,
      parents,
      tree: from?.tree,
      changes,
      message: signMessage(message, signer),
      author,
      time: Math.floor(clock.now() / 1000),
      config: durable,
    });
    local = commit;
    remember(ownTips, commit);
    written += 1;
    return commit;
  };

  /** Fetches where the remote's branch is and says how it stands to ours; null when it is not there. */
  const look = async (
    where: Remote,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly tip: string; readonly standing: Standing } | null> => {
    const found = await lookUpRefs(git, where, [branchRef(where.branch)], { signal });
    let tip = found.get(branchRef(where.branch));
    if (tip === undefined) return null;
    if (tip !== local && tip !== acknowledged) {
      await fetchBranch(git, where, { gitDir, into: SEEN_REF, signal });
      // The branch may have moved between the lookup and the fetch.
      tip = (await reader.resolve(SEEN_REF, signal))?.oid ?? tip;
    }
    const question = { git, gitDir, reader, remote: where, instance, local, acknowledged, tip };
    return { tip, standing: await standingOf({ ...question, signal }) };
  };

  /** Puts our tree on top of strangers' commits: theirs is the first parent, so that the push is a fast-forward. */
  const join = (tip: string, signal: AbortSignal | undefined): Promise<void> =>
    commits(async () => {
      const ours = opened(local);
      const memory = await reader.resolve(`${ours}^{tree}`, signal);
      const parents = (await isAncestor(git, ours, tip, { gitDir, signal })) ? [tip] : [tip, ours];
      const message = `Go on after ${tip.slice(0, 12)}, which Sluice did not write\n\nIts content was not read.`;
      await writeCommit(parents, [], message, { record: opened(record), tree: memory?.oid });
    });

  /** Looks before a push. Returns a refusal, or undefined when the push may go on. */
  const prepare = async (
    where: Remote,
    signal: AbortSignal | undefined,
  ): Promise<Diagnostic | undefined> => {
    const seen = await look(where, signal);
    if (seen === null) {
      expected = null;
      return undefined;
    }
    if (seen.standing.kind === 'claimed') return seen.standing.diagnostic;
    if (seen.standing.kind === 'stranger') await join(seen.tip, signal);
    expected = seen.tip;
    return undefined;
  };

  const pushTo = async (where: Remote, signal: AbortSignal | undefined): Promise<PushResult> => {
    let rejected: { readonly at: Expected; readonly reason: string } | undefined;
    for (let tries = 0; tries < PUSH_TRIES; tries++) {
      if (expected === undefined) {
        refusal = await prepare(where, signal);
        if (refusal) return { kind: 'fenced', diagnostic: refusal };
      }
      // The branch stands where the lease said, so it was not the lease that the server refused.
      if (rejected && rejected.at === expected) break;
      const commit = opened(local);
      if (expected === commit) {
        if (acknowledged === commit) return { kind: 'upToDate' };
        acknowledged = commit;
        return { kind: 'pushed', commit };
      }
      const outcome = await pushWithLease(git, where, {
        gitDir,
        commit,
        expected: expected ?? undefined,
        tracking: { name: REMOTE_NAME },
        signal,
      });
      if (outcome.kind === 'pushed') {
        acknowledged = commit;
        expected = commit;
        return { kind: 'pushed', commit };
      }
      rejected = { at: expected, reason: outcome.reason };
      expected = undefined;
    }
    throw new SluiceError('GitFailed', `the push was rejected: ${rejected?.reason}`);
  };

  const findBase = async (
    takeover: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Base | Exclude<OpenResult, { kind: 'ready' }>> => {
    const mine = local === undefined ? undefined : await readMemory({ reader, signal }, local);
    const own = mine?.record.instance === instance ? mine : undefined;
    if (mine && mine.record.formatVersion > STATUS_FORMAT) {
      const message = `${gitDir} has format ${mine.record.formatVersion}, this program knows ${STATUS_FORMAT}`;
      return { kind: 'refused', diagnostic: diagnostic('DataDirInvalid', message) };
    }
    if (local !== undefined && !own && !takeover) {
      const owner = mine
        ? `belongs to instance ${mine.record.instance}`
        : 'was not written by Sluice';
      const message = `the local status branch in ${gitDir} ${owner}, not to ${instance}`;
      return { kind: 'refused', diagnostic: diagnostic('StatusForeign', message) };
    }
    const newWriter = dependencies.newWriter ?? randomUUID;
    const writer = own?.record.writer ?? newWriter();
    const base: Base = {
      parents: local === undefined ? [] : [local],
      memory: mine,
      writer,
      epoch: mine?.record.epoch ?? 0,
    };
    if (!remote) return base;
    const seen = await look(remote, signal);
    expected = seen === null ? null : seen.tip;
    if (seen === null || seen.standing.kind === 'known') return base;
    const standing = seen.standing;
    if (standing.kind === 'claimed' && !(takeover && standing.takeover)) {
      return { kind: 'refused', diagnostic: standing.diagnostic };
    }
    const joined =
      local !== undefined && !(await isAncestor(git, local, seen.tip, { gitDir, signal }));
    const theirs = standing.kind === 'stranger' ? undefined : standing.memory;
    // The higher epoch is the newer memory; of equal ones that which the remote has accepted.
    const memory = theirs && theirs.record.epoch >= (mine?.record.epoch ?? 0) ? theirs : mine;
    return {
      parents: joined && local !== undefined ? [seen.tip, local] : [seen.tip],
      memory,
      writer,
      epoch: Math.max(mine?.record.epoch ?? 0, theirs?.record.epoch ?? 0),
    };
  };

  const begin = async (base: Base, diagnostics: readonly Diagnostic[]): Promise<OpenResult> => {
    const { memory } = base;
    const now: InstanceRecord = {
      formatVersion: STATUS_FORMAT,
      instance,
      writer: base.writer,
      epoch: base.epoch + 1,
      repository: memory?.record.repository ?? dependencies.repository,
      rootCommits: memory?.record.rootCommits ?? [],
    };
    const known = memory ? await listTreeOids(git, { gitDir, commit: memory.tree }) : new Map();
    const change = { path: INSTANCE_PATH, content: formatInstance(now) };
    const message = `Start epoch ${now.epoch}\n\nInstance ${instance}`;
    await writeCommit(base.parents, [change], message, { record: now, tree: memory?.tree });
    tree = createStatusTree(known);
    tree.apply([change]);
    record = now;
    const fresh = memory === undefined;
    return { kind: 'ready', epoch: now.epoch, fresh, record: now, diagnostics };
  };

  const open = async (takeover: boolean, signal: AbortSignal | undefined): Promise<OpenResult> => {
    await openBareRepository(git, gitDir, { branch: dependencies.branch });
    local = (await reader.resolve(ref, signal))?.oid;
    acknowledged = remote && (await reader.resolve(pushedRef, signal))?.oid;
    const had = { local, acknowledged };
    try {
      const base = await findBase(takeover, signal);
      if ('kind' in base) return base;
      return await begin(base, openingDiagnostics(dependencies, had, expected, base));
    } catch (error) {
      if (!isGitFailure(error) || !remote) throw error;
      const unpushed = unreachable(remote, error);
      if (local === undefined) return { kind: 'unreachable', diagnostic: unpushed };
      return openOffline(signal, unpushed, takeover);
    }
  };

  /** The local branch is enough to go on with; the first push looks at the remote before it sends anything. */
  const openOffline = async (
    signal: AbortSignal | undefined,
    unpushed: Diagnostic,
    takeover: boolean,
  ): Promise<OpenResult> => {
    expected = undefined;
    const tip = opened(local);
    const memory = await readMemory({ reader, signal }, tip);
    if (!memory || (memory.record.instance !== instance && !takeover)) {
      return { kind: 'unreachable', diagnostic: unpushed };
    }
    const { writer, epoch } = memory.record;
    return begin({ parents: [tip], memory, writer, epoch }, [unpushed]);
  };

  return {
    open: ({ takeover }, signal) => commits(() => open(takeover, signal)),
    list: async (prefix) => tree.list(prefix),
    async read(paths) {
      const oids = new Map<string, string>();
      for (const path of paths) {
        const oid = tree.oid(path);
        if (oid !== undefined) oids.set(path, oid);
      }
      const blobs = await reader.readBlobs([...oids.values()]);
      const contents = new Map<string, string>();
      for (const [path, oid] of oids) {
        const content = blobs.get(oid);
        if (content) contents.set(path, Buffer.from(content).toString('utf8'));
      }
      return contents;
    },
    commit: (changes, message) =>
      commits(async () => {
        const own = opened(record);
        const effective = tree.effective(changes.map((change) => keepIdentity(change, own)));
        if (effective.length === 0) return { kind: 'unchanged' };
        const commit = await writeCommit([opened(local)], effective, message);
        tree.apply(effective);
        record = recordAfter(own, effective);
        if (written % MAINTENANCE_EVERY === 0) await packRepository(git, gitDir);
        return { kind: 'committed', commit };
      }),
    push: (signal) =>
      pushes(async () => {
        if (!remote) return { kind: 'localOnly' };
        if (refusal) return { kind: 'fenced', diagnostic: refusal };
        try {
          return await pushTo(remote, signal);
        } catch (error) {
          if (!isGitFailure(error)) throw error;
          // Whether the remote has taken it is unknown now.
          expected = undefined;
          return { kind: 'unreachable', diagnostic: unreachable(remote, error) };
        }
      }),
    noticeRemoteTip(tip) {
      if (!remote || tip === expected) return false;
      // A poll that began before our last push shows an older commit of ours.
      if (tip !== null && ownTips.has(tip)) return false;
      expected = undefined;
      return true;
    },
    close: async () => {
      await Promise.all([commits(async () => undefined), pushes(async () => undefined)]);
      reader.close();
    },
  };
}

function openingDiagnostics(
  dependencies: GitStatusStoreDependencies,
  had: { readonly local: string | undefined; readonly acknowledged: string | undefined },
  expected: Expected,
  base: Base,
): readonly Diagnostic[] {
  const { remote } = dependencies;
  if (!remote) {
    return [diagnostic('StatusLocalOnly', 'status is committed locally and pushed nowhere')];
  }
  const branch = `status branch ${remote.branch} of ${remote.display}`;
  if (expected === null && had.acknowledged !== undefined) {
    return [
      diagnostic('StatusRestored', `${branch} was deleted and is restored from this machine`),
    ];
  }
  if (had.local === undefined && base.memory) {
    const { epoch, writer } = base.memory.record;
    const message = `${branch} is continued after epoch ${epoch} of writer ${writer}; nothing was known on this machine`;
    return [diagnostic('StatusRestored', message)];
  }
  return [];
}

/** Who we are is ours to write; a caller may only record where the source is. */
function keepIdentity(change: StatusChange, own: InstanceRecord): StatusChange {
  if (change.path !== INSTANCE_PATH) return change;
  const given = parseInstance(change.content ?? '') ?? own;
  const { repository, rootCommits } = given;
  return { path: INSTANCE_PATH, content: formatInstance({ ...own, repository, rootCommits }) };
}

function recordAfter(own: InstanceRecord, changes: readonly StatusChange[]): InstanceRecord {
  const change = changes.find((item) => item.path === INSTANCE_PATH);
  return (change?.content && parseInstance(change.content)) || own;
}

/** Everything that a commit consists of reaches the disk before the commit counts. */
function durability(version: GitVersion): readonly string[] {
  return isAtLeast(version, { major: 2, minor: 36 })
    ? ['core.fsync=all']
    : ['core.fsyncObjectFiles=true'];
}

function remember(tips: Set<string>, commit: string): void {
  tips.add(commit);
  for (const oldest of tips) {
    if (tips.size <= REMEMBERED_TIPS) return;
    tips.delete(oldest);
  }
}

function unreachable(remote: Remote, error: SluiceError): Diagnostic {
  const message = `status branch ${remote.branch} of ${remote.display}: ${error.message}`;
  return diagnostic('StatusUnpushed', message);
}

function isGitFailure(error: unknown): error is SluiceError {
  return error instanceof SluiceError && error.code === 'GitFailed';
}

function opened<T>(value: T | undefined): T {
  if (value === undefined) throw new SluiceError('Internal', 'the status store is not open');
  return value;
}
