// `sluice history`: the revisions of a unit, with the commit that asked for each and when it began.
import { timesAdded } from '../git/index.ts';
import { formatTime } from '../lib/clock.ts';
import { unitDirectory } from '../status/paths.ts';
import { createWiring } from '../wiring.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { formatHistory, historyJson } from './output/history.ts';
import type { HistoryRow } from './output/history.ts';
import { jsonText } from './output/plan-json.ts';
import { openStatusBranch } from './status-branch.ts';
import type { StatusBranchFlags } from './status-branch.ts';
import { readUnit } from './unit-facts.ts';

export interface HistoryFlags extends StatusBranchFlags {
  readonly output?: string;
  /** Directory of the clone. */
  readonly dir?: string;
}

/** @returns the exit code */
export async function historyCommand(
  text: string,
  flags: HistoryFlags,
  io: CliIo,
): Promise<number> {
  const wiring = createWiring({ environment: io.environment, cwd: io.cwd });
  const { reader, commit, directory } = await openStatusBranch(flags.dir, flags, wiring, io);
  const unit = await readUnit(reader, text);
  const folder = `${unitDirectory(unit.memory.name)}/revisions`;
  const added = await timesAdded(wiring.git, commit, folder, { directory, signal: io.signal });
  const rows = unit.memory.revisions.toReversed().map((record): HistoryRow => {
    const time = added.get(`${folder}/${record.number}/revision.yaml`);
    return { record, time: time === undefined ? undefined : formatTime(time * 1_000) };
  });
  io.out(
    flags.output === 'json'
      ? `${jsonText(historyJson(unit.id, rows))}\n`
      : `${formatHistory(rows)}\n`,
  );
  return EXIT.done;
}
