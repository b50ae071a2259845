// `sluice explain`: why a unit or an object is not ready, or where it comes from; from the status branch alone.
import { lastChange } from '../git/index.ts';
import { formatTime } from '../lib/clock.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { likelyUnits } from './unit-choice.ts';
import { createWiring } from '../wiring.ts';
import type { Wiring } from '../wiring.ts';
import { explainObject, explainUnit, findSubjects, objectKeys } from './explanation.ts';
import type { ExplainSources, OriginChange } from './explanation.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { explanationJson } from './output/explain-json.ts';
import { formatExplanation } from './output/explain-text.ts';
import { jsonText } from './output/plan-json.ts';
import { readManifestsOf } from './recorded-objects.ts';
import { openStatusBranch } from './status-branch.ts';
import type { StatusBranchFlags } from './status-branch.ts';
import { readUnitFacts } from './unit-facts.ts';

export interface ExplainFlags extends StatusBranchFlags {
  readonly output?: string;
  /** Directory of the clone. */
  readonly dir?: string;
}

/** @returns the exit code */
export async function explainCommand(
  subject: string,
  flags: ExplainFlags,
  io: CliIo,
): Promise<number> {
  const wiring = createWiring({ environment: io.environment, cwd: io.cwd });
  const { reader, directory } = await openStatusBranch(flags.dir, flags, wiring, io);
  const units = await readUnitFacts(reader);
  const subjects = findSubjects(subject, units);
  if (subjects.length === 0) {
    const known = [...units.keys(), ...[...units.values()].flatMap(objectKeys)];
    const message = `the status branch knows no unit and no object ${subject}${likelyUnits(subject, known)}`;
    throw new SluiceError('UsageInvalid', message);
  }
  const sources: ExplainSources = {
    units,
    manifests: (unit) => readManifestsOf(reader, unit.memory),
    lastChange: rememberChanges(wiring, directory, io),
  };
  const explanations = await Promise.all(
    subjects.map(({ unit, key }) =>
      key === undefined ? explainUnit(unit, sources) : explainObject(unit, key, sources),
    ),
  );
  io.out(
    flags.output === 'json'
      ? `${jsonText(explanationJson(explanations))}\n`
      : `${explanations.map((item) => formatExplanation(item, io.outStyle)).join('\n\n')}\n`,
  );
  return EXIT.done;
}

/** Many objects come from one file, and asking costs a process each time. */
function rememberChanges(
  wiring: Wiring,
  directory: string,
  io: CliIo,
): ExplainSources['lastChange'] {
  const known = new Map<string, Promise<OriginChange | undefined>>();
  const ask = async (commit: string, file: string): Promise<OriginChange | undefined> => {
    const found = await lastChange(wiring.git, commit, file, { directory, signal: io.signal });
    return (
      found && {
        commit: found.id,
        author: found.author,
        time: formatTime(found.time * 1_000),
        subject: found.subject,
      }
    );
  };
  return (commit, file) => {
    // A watched directory has no commits.
    if (!/^[0-9a-f]{40,64}$/u.test(commit)) return Promise.resolve(undefined);
    const key = `${commit} ${file}`;
    const answer = known.get(key) ?? ask(commit, file);
    known.set(key, answer);
    return answer;
  };
}
