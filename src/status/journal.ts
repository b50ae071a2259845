// The local status branch: every commit reaches the disk before it counts, and ends with the line of its writer.
import {
  branchRef,
  createObjectReader,
  importCommit,
  isAtLeast,
  MAINTENANCE_EVERY,
  openBareRepository,
  packRepository,
} from '../git/index.ts';
import type { Author, Git, GitVersion, ObjectReader } from '../git/index.ts';
import type { Clock } from '../lib/clock.ts';
import { createSerial } from '../lib/serial.ts';
import type { Serial } from '../lib/serial.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { signMessage } from './branch-standing.ts';
import type { InstanceRecord } from './instance.ts';
import type { StatusChange } from './store.ts';

export interface JournalDependencies {
  readonly git: Git;
  readonly version: GitVersion;
  /** Bare repository of our own, made when it is not there. */
  readonly gitDir: string;
  readonly branch: string;
  readonly author: Author;
  readonly clock: Clock;
}

export interface JournalEntry {
  readonly parents: readonly string[];
  /** Tree that the changes are made on; the first parent's unless given. */
  readonly tree?: string | undefined;
  readonly changes: readonly StatusChange[];
  readonly message: string;
  /** Who writes from now on. */
  readonly record: InstanceRecord;
}

export interface Journal {
  readonly gitDir: string;
  readonly reader: ObjectReader;
  /** Lock around everything that moves the branch. */
  readonly exclusively: Serial;
  /** Makes the repository where needed and finds the branch. */
  load(signal: AbortSignal | undefined): Promise<void>;
  /** Where the branch is; undefined before the first commit. */
  tip(): string | undefined;
  /** True for a commit that this process wrote not long ago. */
  wrote(commit: string): boolean;
  /** Commits and moves the branch; to be called under the lock. */
  write(entry: JournalEntry): Promise<string>;
  /** Who writes; to be called after the first `write`. */
  record(): InstanceRecord;
}

/** Commits of ours that a late poll may still show as the remote's tip. */
const REMEMBERED_COMMITS = 100;

/** A journal over one branch. */
export function createJournal(dependencies: JournalDependencies): Journal {
  const { git, gitDir, branch, clock } = dependencies;
  const ref = branchRef(branch);
  const config = durability(dependencies.version);
  const reader = createObjectReader(git, { gitDir });
  const recent = new Set<string>();
  let tip: string | undefined;
  let record: InstanceRecord | undefined;
  let written = 0;
  return {
    gitDir,
    reader,
    exclusively: createSerial(),
    async load(signal) {
      await openBareRepository(git, gitDir, { branch });
      tip = (await reader.resolve(ref, signal))?.oid;
    },
    tip: () => tip,
    wrote: (commit) => recent.has(commit),
    record() {
      if (!record) throw new SluiceError('Internal', 'the status store is not open');
      return record;
    },
    async write(entry) {
      const commit = await importCommit(git, {
        gitDir,
        ref,
        parents: entry.parents,
        tree: entry.tree,
        changes: entry.changes,
        message: signMessage(entry.message, entry.record),
        author: dependencies.author,
        time: Math.floor(clock.now() / 1000),
        config,
      });
      tip = commit;
      record = entry.record;
      remember(recent, commit);
      written += 1;
      if (written % MAINTENANCE_EVERY === 0) await packRepository(git, gitDir);
      return commit;
    },
  };
}

/** Everything that a commit consists of is synced; the setting has another name before git 2.36. */
function durability(version: GitVersion): readonly string[] {
  return isAtLeast(version, { major: 2, minor: 36 })
    ? ['core.fsync=all']
    : ['core.fsyncObjectFiles=true'];
}

function remember(commits: Set<string>, commit: string): void {
  commits.add(commit);
  for (const oldest of commits) {
    if (commits.size <= REMEMBERED_COMMITS) return;
    commits.delete(oldest);
  }
}
