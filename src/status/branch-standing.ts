// How the remote's status branch stands to what we have: ours, ours with a stranger's commits, or somebody else's.
//
// How design/config-repo.md, "What comes back", is read here:
// - Every commit of a daemon ends with a `Sluice-Writer` line. A commit without one is a stranger's: it is kept as
//   parent and nothing in it is read, not even instance.json. So the branch's owner is whoever wrote its newest
//   commit *with* that line.
// - No local branch (a new or lost data directory) and the newest daemon commit carries our instance: the remote is
//   the memory. We go on from it as a new writer with the next epoch, and a daemon that is still running finds
//   itself fenced at its next push. Refusing here would make every lost disk a manual repair.
// - A local branch, and the remote has daemon commits that it lacks: another writer of the instance took over, or
//   this data directory is an old copy. We do not fight back: Fenced, unless --takeover.
// - What we pushed last is no longer in the remote's branch: StatusRewritten, unless --takeover. A branch that is
//   gone altogether is restored from the local one instead.
import { isAncestor, newestWithMessage } from '../git/index.ts';
import type { Git, ObjectReader, Remote } from '../git/index.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { INSTANCE_PATH, parseInstance, STATUS_FORMAT } from './instance.ts';
import type { InstanceRecord } from './instance.ts';

/** A commit of a daemon and what it says about itself. */
export interface Memory {
  readonly commit: string;
  readonly tree: string;
  readonly record: InstanceRecord;
}

export type Standing =
  /** The remote's tip is ours already, or something that we have built on. */
  | { readonly kind: 'known' }
  /** Only strangers' commits are on top of what we have. */
  | { readonly kind: 'stranger' }
  /** We have nothing, and the remote carries our instance. */
  | { readonly kind: 'memory'; readonly memory: Memory }
  /** Not ours to write. `memory` is what a takeover would go on from, absent where there is nothing to take over. */
  | {
      readonly kind: 'claimed';
      readonly diagnostic: Diagnostic;
      readonly memory: Memory | undefined;
      readonly takeover: boolean;
    };

export interface StandingQuestion {
  readonly git: Git;
  readonly gitDir: string;
  readonly reader: ObjectReader;
  readonly remote: Remote;
  readonly instance: string;
  /** Tip of the local branch. */
  readonly local: string | undefined;
  /** The last commit that the remote is known to have accepted. */
  readonly acknowledged: string | undefined;
  /** Tip of the remote's branch, fetched already. */
  readonly tip: string;
  readonly signal?: AbortSignal | undefined;
}

const WRITER_LINE = 'Sluice-Writer: ';

/** Adds the line that tells a daemon's commits from a stranger's. */
export function signMessage(message: string, record: InstanceRecord): string {
  return `${message.trimEnd()}\n\n${WRITER_LINE}${record.writer} ${record.epoch}\n`;
}

/** Compares the remote's tip with the local branch. */
export async function standingOf(question: StandingQuestion): Promise<Standing> {
  const { git, local, acknowledged, tip, signal } = question;
  const place = { gitDir: question.gitDir, signal };
  if (acknowledged !== undefined && !(await isAncestor(git, acknowledged, tip, place))) {
    return rewritten(question, acknowledged);
  }
  if (local !== undefined && (await isAncestor(git, tip, local, place))) return { kind: 'known' };
  const unknown = await newestDaemonCommit(question, local);
  if (local !== undefined && unknown === undefined) {
    // Without any commit of ours in it the branch is no status branch at all.
    const ours = await newestDaemonCommit(question, undefined);
    return ours === undefined ? notOurs(question, undefined) : { kind: 'stranger' };
  }
  const memory = unknown === undefined ? undefined : await readMemory(question, unknown);
  if (memory === undefined || memory.record.instance !== question.instance) {
    return notOurs(question, memory);
  }
  if (memory.record.formatVersion > STATUS_FORMAT) return tooNew(question, memory);
  return local === undefined ? { kind: 'memory', memory } : fenced(question, memory);
}

/** Tree and instance record of a daemon's commit, or undefined when it has none. */
export async function readMemory(
  question: Pick<StandingQuestion, 'reader' | 'signal'>,
  commit: string,
): Promise<Memory | undefined> {
  const tree = await question.reader.resolve(`${commit}^{tree}`, question.signal);
  const file = await question.reader.resolve(`${commit}:${INSTANCE_PATH}`, question.signal);
  const record = file && parseInstance(Buffer.from(file.content).toString('utf8'));
  return tree && record && { commit, tree: tree.oid, record };
}

async function newestDaemonCommit(
  question: StandingQuestion,
  without: string | undefined,
): Promise<string | undefined> {
  return newestWithMessage(question.git, question.tip, `^${WRITER_LINE}`, {
    gitDir: question.gitDir,
    signal: question.signal,
    without,
  });
}

async function rewritten(question: StandingQuestion, acknowledged: string): Promise<Standing> {
  const newest = await newestDaemonCommit(question, question.local);
  const memory = newest === undefined ? undefined : await readMemory(question, newest);
  const message =
    `${branchOf(question)} no longer holds ${acknowledged.slice(0, 12)}, which was pushed there; ` +
    `it is now at ${question.tip.slice(0, 12)}`;
  return {
    kind: 'claimed',
    diagnostic: diagnostic('StatusRewritten', message),
    memory,
    takeover: true,
  };
}

function fenced(question: StandingQuestion, memory: Memory): Standing {
  const { writer, epoch } = memory.record;
  const message =
    `${branchOf(question)} is written by another daemon of instance ${question.instance} ` +
    `(writer ${writer}, epoch ${epoch})`;
  return { kind: 'claimed', diagnostic: diagnostic('Fenced', message), memory, takeover: true };
}

function notOurs(question: StandingQuestion, memory: Memory | undefined): Standing {
  if (memory) {
    const message = `${branchOf(question)} belongs to instance ${memory.record.instance}, not to ${question.instance}`;
    return {
      kind: 'claimed',
      diagnostic: diagnostic('StatusForeign', message),
      memory,
      takeover: true,
    };
  }
  const message = `${branchOf(question)} exists and was not written by Sluice`;
  return {
    kind: 'claimed',
    diagnostic: diagnostic('StatusForeign', message, { hint: 'Name another status branch.' }),
    memory: undefined,
    takeover: false,
  };
}

function tooNew(question: StandingQuestion, memory: Memory): Standing {
  const message = `${branchOf(question)} has format ${memory.record.formatVersion}, this program knows ${STATUS_FORMAT}`;
  return {
    kind: 'claimed',
    diagnostic: diagnostic('StatusForeign', message, { hint: 'Use the newer version of Sluice.' }),
    memory,
    takeover: false,
  };
}

function branchOf(question: StandingQuestion): string {
  return `status branch ${question.remote.branch} of ${question.remote.display}`;
}
