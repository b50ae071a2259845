// Decides at a start what the status branch goes on from: the local branch, the remote's, both, or nothing yet.
import { isAncestor } from '../git/index.ts';
import type { Git } from '../git/index.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { readMemory } from './branch-standing.ts';
import type { Memory } from './branch-standing.ts';
import { STATUS_FORMAT } from './instance.ts';
import type { Journal } from './journal.ts';
import { isGitFailure, unpushed } from './replica.ts';
import type { Replica, Sighting } from './replica.ts';

export interface OpeningQuestion {
  readonly git: Git;
  readonly journal: Journal;
  /** Undefined where status is not pushed. */
  readonly replica: Replica | undefined;
  readonly instance: string;
  readonly takeover: boolean;
  readonly signal: AbortSignal | undefined;
}

export type Opening =
  | {
      readonly kind: 'base';
      readonly parents: readonly string[];
      /** What is known; undefined for a fresh branch. */
      readonly memory: Memory | undefined;
      /** Undefined when this is a new writer. */
      readonly writer: string | undefined;
      /** Highest epoch seen; the next one is ours. */
      readonly epoch: number;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly kind: 'refused'; readonly diagnostic: Diagnostic }
  | { readonly kind: 'unreachable'; readonly diagnostic: Diagnostic };

type Base = Extract<Opening, { kind: 'base' }>;

/** Reads the local branch, then looks at the remote's. */
export async function findOpening(question: OpeningQuestion): Promise<Opening> {
  const { journal, replica, signal } = question;
  const tip = journal.tip();
  const memory = tip === undefined ? undefined : await readMemory({ ...journal, signal }, tip);
  const refusal = tip === undefined ? undefined : refuseLocal(question, memory);
  if (refusal) return { kind: 'refused', diagnostic: refusal };
  const local: Base = {
    kind: 'base',
    parents: tip === undefined ? [] : [tip],
    memory,
    writer: memory?.record.instance === question.instance ? memory.record.writer : undefined,
    epoch: memory?.record.epoch ?? 0,
    diagnostics: [],
  };
  if (!replica) {
    const message = 'status is committed locally and pushed nowhere';
    return { ...local, diagnostics: [diagnostic('StatusLocalOnly', message)] };
  }
  try {
    return await compare(question, local, await replica.look(signal));
  } catch (error) {
    if (!isGitFailure(error)) throw error;
    const reason = unpushed(replica.remote, error);
    // The local branch is enough to go on with; the first push looks at the remote before it sends anything.
    replica.distrust();
    if (memory) return { ...local, diagnostics: [reason] };
    return { kind: 'unreachable', diagnostic: reason };
  }
}

function refuseLocal(
  question: OpeningQuestion,
  memory: Memory | undefined,
): Diagnostic | undefined {
  const place = `the local status branch in ${question.journal.gitDir}`;
  if (memory && memory.record.formatVersion > STATUS_FORMAT) {
    const message = `${place} has format ${memory.record.formatVersion}, this program knows ${STATUS_FORMAT}`;
    return diagnostic('DataDirInvalid', message);
  }
  if (memory?.record.instance === question.instance || (memory && question.takeover)) {
    return undefined;
  }
  const owner = memory
    ? `belongs to instance ${memory.record.instance}`
    : 'was not written by Sluice';
  return diagnostic('StatusForeign', `${place} ${owner}, not to ${question.instance}`);
}

async function compare(
  question: OpeningQuestion,
  local: Base,
  seen: Sighting | null,
): Promise<Opening> {
  if (seen === null) return { ...local, diagnostics: restored(question) };
  const { tip, standing } = seen;
  switch (standing.kind) {
    case 'known':
      return local;
    case 'stranger':
      return { ...local, parents: await parentsOn(question, tip) };
    case 'memory': {
      const { memory } = standing;
      const { epoch } = memory.record;
      return {
        ...local,
        parents: [tip],
        memory,
        epoch,
        diagnostics: [continued(question, memory)],
      };
    }
    case 'claimed': {
      if (!question.takeover || !standing.takeover) {
        return { kind: 'refused', diagnostic: standing.diagnostic };
      }
      // The higher epoch is the newer memory; of equal ones that which the remote has accepted.
      const theirs = standing.memory;
      const newer = theirs && theirs.record.epoch >= local.epoch ? theirs : local.memory;
      const epoch = Math.max(local.epoch, theirs?.record.epoch ?? 0);
      return { ...local, parents: await parentsOn(question, tip), memory: newer, epoch };
    }
  }
}

/** The remote's tip first; ours beside it where it is not below. */
async function parentsOn(question: OpeningQuestion, tip: string): Promise<readonly string[]> {
  const { git, journal, signal } = question;
  const local = journal.tip();
  if (local === undefined) return [tip];
  const below = await isAncestor(git, local, tip, { gitDir: journal.gitDir, signal });
  return below ? [tip] : [tip, local];
}

function restored(question: OpeningQuestion): readonly Diagnostic[] {
  if (question.replica?.acknowledged() === undefined) return [];
  const message = `${branchOf(question)} was deleted and is restored from this machine`;
  return [diagnostic('StatusRestored', message)];
}

function continued(question: OpeningQuestion, memory: Memory): Diagnostic {
  const { epoch, writer } = memory.record;
  const message =
    `${branchOf(question)} is continued after epoch ${epoch} of writer ${writer}; ` +
    'nothing was known on this machine';
  return diagnostic('StatusRestored', message);
}

function branchOf(question: OpeningQuestion): string {
  const remote = question.replica?.remote;
  return `status branch ${remote?.branch} of ${remote?.display}`;
}
