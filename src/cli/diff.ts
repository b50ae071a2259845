// `sluice diff`: what differs between two revisions of a unit, by the objects that the status branch records.
import { isSecret } from '../model/secrecy.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { RevisionRecord, UnitMemory } from '../model/unit-memory.ts';
import { createWiring } from '../wiring.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { differenceJson, formatDifference } from './output/difference.ts';
import { jsonText } from './output/plan-json.ts';
import { readManifestsOf } from './recorded-objects.ts';
import { compareRevisions } from './revision-difference.ts';
import type { RecordedRevision } from './revision-difference.ts';
import { openStatusBranch } from './status-branch.ts';
import type { StatusBranchFlags, StatusReader } from './status-branch.ts';
import { readUnit } from './unit-facts.ts';

export interface DiffFlags extends StatusBranchFlags {
  readonly output?: string;
  /** Directory of the clone. */
  readonly dir?: string;
}

/**
 * @param numbers of the older and the newer revision; the last two where left out
 * @returns the exit code
 */
export async function diffCommand(
  text: string,
  numbers: { readonly from: string | undefined; readonly to: string | undefined },
  flags: DiffFlags,
  io: CliIo,
): Promise<number> {
  const wiring = createWiring({ environment: io.environment, cwd: io.cwd });
  const { reader } = await openStatusBranch(flags.dir, flags, wiring, io);
  const { id, memory } = await readUnit(reader, text);
  const to = chooseRevision(memory, numbers.to, -1);
  const from = chooseRevision(memory, numbers.from, memory.revisions.indexOf(to) - 1);
  const before = await readRecorded(reader, memory, from);
  const after = await readRecorded(reader, memory, to);
  const difference = compareRevisions(id, before, after);
  io.out(
    flags.output === 'json'
      ? `${jsonText(differenceJson(difference))}\n`
      : `${formatDifference(difference, io.outStyle)}\n`,
  );
  if ([...before.manifests.values(), ...after.manifests.values()].some(isSecret)) {
    io.err('The values of Secrets are not recorded: where only a value changed, nothing shows.\n');
  }
  return EXIT.done;
}

/** @param fallback position in the list, from the end where negative */
function chooseRevision(
  memory: UnitMemory,
  text: string | undefined,
  fallback: number,
): RevisionRecord {
  const known = memory.revisions.map(({ number }) => number).join(', ');
  const found =
    text === undefined
      ? memory.revisions.at(fallback)
      : memory.revisions.find(({ number }) => String(number) === text);
  if (text !== undefined && !found) {
    throw new SluiceError(
      'UsageInvalid',
      `${memory.id} has no revision ${text} on the branch; there are: ${known || 'none'}`,
    );
  }
  if (!found || (text === undefined && memory.revisions.length < 2)) {
    throw new SluiceError(
      'UsageInvalid',
      `${memory.id} has fewer than two revisions on the branch; there are: ${known || 'none'}`,
    );
  }
  return found;
}

async function readRecorded(
  reader: StatusReader,
  memory: UnitMemory,
  record: RevisionRecord,
): Promise<RecordedRevision> {
  return { record, manifests: await readManifestsOf(reader, memory, record.number) };
}
