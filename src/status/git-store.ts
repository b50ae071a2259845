// Status files on a Git branch: committed to a bare repository of our own, which is the journal, and pushed with a
// lease to a remote, which is its replica and its fence.
import { randomUUID } from 'node:crypto';
import { listTreeOids } from '../git/index.ts';
import type { Author, Git, GitVersion, Remote } from '../git/index.ts';
import type { Clock } from '../lib/clock.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { findOpening } from './branch-opening.ts';
import type { Opening } from './branch-opening.ts';
import { formatInstance, INSTANCE_PATH, parseInstance, STATUS_FORMAT } from './instance.ts';
import type { InstanceRecord } from './instance.ts';
import { createJournal } from './journal.ts';
import { createReplica } from './replica.ts';
import { createStatusTree } from './status-tree.ts';
import type { OpenResult, StatusChange, StatusStore } from './store.ts';

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
  /** `Sluice <sluice@localhost>` unless given. */
  readonly author?: Author;
  readonly clock: Clock;
  /** Ids of new writers; random unless given. */
  readonly newWriter?: () => string;
}

/** A store over one status branch. `open` comes first; a commit may overlap a push. */
export function createGitStatusStore(dependencies: GitStatusStoreDependencies): StatusStore {
  const { git, remote, instance } = dependencies;
  const author = dependencies.author ?? { name: 'Sluice', email: 'sluice@localhost' };
  const journal = createJournal({ ...dependencies, author });
  const replica = remote && createReplica({ git, journal, remote, instance });
  let tree = createStatusTree(new Map());

  const begin = async (base: Extract<Opening, { kind: 'base' }>): Promise<OpenResult> => {
    const { memory } = base;
    const record: InstanceRecord = {
      formatVersion: STATUS_FORMAT,
      instance,
      writer: base.writer ?? (dependencies.newWriter ?? randomUUID)(),
      epoch: base.epoch + 1,
      repository: memory?.record.repository ?? dependencies.repository,
      rootCommits: memory?.record.rootCommits ?? [],
    };
    const { gitDir } = journal;
    const unacknowledged = memory !== undefined && replica?.hasTaken(memory.commit) === false;
    const known = memory ? await listTreeOids(git, { gitDir, commit: memory.tree }) : new Map();
    const change = { path: INSTANCE_PATH, content: formatInstance(record) };
    await journal.write({
      parents: base.parents,
      tree: memory?.tree,
      changes: [change],
      message: `Start epoch ${record.epoch}\n\nInstance ${instance}`,
      record,
    });
    tree = createStatusTree(known);
    tree.apply([change]);
    const { diagnostics } = base;
    const { epoch } = record;
    const fresh = memory === undefined;
    return { kind: 'ready', epoch, fresh, unacknowledged, record, diagnostics };
  };

  return {
    open: ({ takeover }, signal) =>
      journal.exclusively(async () => {
        await journal.load(signal);
        await replica?.load(signal);
        const opening = await findOpening({ git, journal, replica, instance, takeover, signal });
        return opening.kind === 'base' ? begin(opening) : opening;
      }),
    list: async (prefix) => tree.list(prefix),
    async read(paths) {
      const oids = new Map<string, string>();
      for (const path of paths) {
        const oid = tree.oid(path);
        if (oid !== undefined) oids.set(path, oid);
      }
      const blobs = await journal.reader.readBlobs([...oids.values()]);
      const contents = new Map<string, string>();
      for (const [path, oid] of oids) {
        const content = blobs.get(oid);
        if (content) contents.set(path, Buffer.from(content).toString('utf8'));
      }
      return contents;
    },
    commit: (changes, message) =>
      journal.exclusively(async () => {
        const own = journal.record();
        const effective = tree.effective(changes.map((change) => keepIdentity(change, own)));
        if (effective.length === 0) return { kind: 'unchanged' };
        const parents = [journal.tip() ?? ''];
        const record = recordAfter(own, effective);
        const commit = await journal.write({ parents, changes: effective, message, record });
        tree.apply(effective);
        return { kind: 'committed', commit };
      }),
    async push(signal) {
      if (journal.tip() === undefined) {
        throw new SluiceError('Internal', 'the status store is not open');
      }
      return replica ? replica.push(signal) : { kind: 'localOnly' };
    },
    noticeRemoteTip: (tip) => replica?.notice(tip) ?? false,
    close: () => journal.exclusively(async () => journal.reader.close()),
  };
}

/** Who we are is ours to write; a caller may only record where the source is. */
function keepIdentity(change: StatusChange, own: InstanceRecord): StatusChange {
  if (change.path !== INSTANCE_PATH) return change;
  const { repository, rootCommits } = parseInstance(change.content ?? '') ?? own;
  return { path: INSTANCE_PATH, content: formatInstance({ ...own, repository, rootCommits }) };
}

function recordAfter(own: InstanceRecord, changes: readonly StatusChange[]): InstanceRecord {
  const change = changes.find((item) => item.path === INSTANCE_PATH);
  return (change?.content && parseInstance(change.content)) || own;
}
