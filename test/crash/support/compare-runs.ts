// Runs the rollout with a fault at each of some steps and tells where the world came out different.
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../src/model/json.ts';
import type { Commit } from '../../support/simulation.ts';
import { runRollout } from './interrupted-rollout.ts';
import type { Interruption, RolloutRun, RolloutWorld } from './interrupted-rollout.ts';

/** One sentence for each difference; empty where the interruption left no trace. */
export async function differences(
  commits: readonly Commit[],
  expected: RolloutRun,
  interruption: Interruption,
  world: RolloutWorld = {},
): Promise<readonly string[]> {
  const { at, kind, diskLost } = interruption;
  const where = (step: string | undefined): string =>
    `step ${at} (${step ?? '?'}), ${kind}${diskLost === true ? ', disk lost' : ''}`;
  try {
    const run = await runRollout(commits, interruption, world);
    return compare(run, expected).map((text) => `${where(run.interrupted)}: ${text}`);
  } catch (error) {
    const step = expected.steps[at - 1];
    return [`${where(step)}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function compare(run: RolloutRun, expected: RolloutRun): readonly string[] {
  const found = run.faults.map((fault) => `fault ${String(fault)}`);
  for (const [index, stage] of run.stages.entries()) {
    const before = expected.stages[index];
    for (const name of stage.orphans) found.push(`${stage.commit}: ${name} is orphaned`);
    for (const part of ['objects', 'status'] as const) {
      for (const [name, a, b] of changes(stage[part], before?.[part] ?? {})) {
        found.push(`${stage.commit}: ${part}: ${name} ${firstDifference(a, b, '')}`);
      }
    }
  }
  return found;
}

type Named = Readonly<Record<string, Json>>;

function changes(
  actual: Named,
  expected: Named,
): readonly (readonly [string, Json | undefined, Json | undefined])[] {
  return [...new Set([...Object.keys(actual), ...Object.keys(expected)])]
    .toSorted()
    .filter((name) => !isDeepStrictEqual(actual[name], expected[name]))
    .map((name) => [name, actual[name], expected[name]] as const);
}

function firstDifference(a: Json | undefined, b: Json | undefined, path: string): string {
  const isBox = (value: Json | undefined): value is Extract<Json, object> =>
    typeof value === 'object' && value !== null;
  if (isBox(a) && isBox(b)) {
    const left = new Map(Object.entries(a));
    const right = new Map(Object.entries(b));
    for (const key of new Set([...left.keys(), ...right.keys()])) {
      if (!isDeepStrictEqual(left.get(key), right.get(key))) {
        return firstDifference(left.get(key), right.get(key), `${path}.${key}`);
      }
    }
  }
  return `at ${path === '' ? '.' : path}: ${JSON.stringify(a)} instead of ${JSON.stringify(b)}`;
}
