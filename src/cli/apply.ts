// `sluice apply`: one reconcile of a working directory, after showing the plan and asking.
import path from 'node:path';
import { hasChanges } from '../plan/plan.ts';
import { runCommand } from './run.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { printPlan, readPlan } from './plan.ts';
import type { PlanFlags } from './plan.ts';
import { openWorkspace } from './workspace.ts';

export interface ApplyFlags extends PlanFlags {
  readonly yes?: boolean;
}

/** @returns the exit code */
export async function applyCommand(
  directory: string | undefined,
  flags: ApplyFlags,
  io: CliIo,
): Promise<number> {
  const workspace = await openWorkspace(directory, flags, io);
  const outcome = await readPlan(workspace, flags, io);
  printPlan(outcome, { ...flags, output: 'text' }, io);
  if (outcome.unknown === true) return EXIT.failed;
  if (
    !outcome.plans.some(hasChanges) &&
    outcome.diagnostics.every((item) => item.severity !== 'error')
  ) {
    io.err('Nothing to do.\n');
    return EXIT.done;
  }
  if (flags.yes !== true && !(await io.confirm('Apply this plan?'))) {
    io.err('Nothing was changed.\n');
    return EXIT.failed;
  }
  return runCommand(
    {
      watch: path.resolve(io.cwd, directory ?? '.'),
      once: true,
      log: 'lines',
      instance: workspace.place.instance,
      dataDir: workspace.place.dataDir,
      ...(flags.config === undefined ? {} : { config: flags.config }),
    },
    io,
  );
}
