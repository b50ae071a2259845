// `sluice plan`: what would change, phase by phase; changes nothing anywhere.
import { compareDiagnostics, hasErrors } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { hasChanges } from '../plan/plan.ts';
import type { UnitPlan } from '../plan/plan.ts';
import { planSnapshot } from '../reconcile/plan-reader.ts';
import { configurationFaults } from './configuration-faults.ts';
import { EXIT, PLAN_EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { jsonText, planJson } from './output/plan-json.ts';
import { formatPlanMarkdown } from './output/plan-markdown.ts';
import { formatDiagnostics, formatPlanText, planDiagnostics } from './output/plan-text.ts';
import { planAgainstStatus } from './plan-status.ts';
import { chooseUnits, unitFilter } from './unit-choice.ts';
import { openWorkspace, openWorkspaceTargets } from './workspace.ts';
import type { Workspace, WorkspaceFlags } from './workspace.ts';

export interface PlanFlags extends WorkspaceFlags {
  readonly against?: string;
  readonly unit?: string;
  readonly exitCode?: boolean;
  readonly output?: string;
  readonly showCreated?: boolean;
  readonly statusBranch?: string;
}

export interface PlanOutcome {
  readonly plans: readonly UnitPlan[];
  readonly diagnostics: readonly Diagnostic[];
  /** No plan could be made: nothing is to be read from its being empty. */
  readonly unknown?: true;
}

/** @returns the exit code */
export async function planCommand(
  directory: string | undefined,
  flags: PlanFlags,
  io: CliIo,
): Promise<number> {
  const workspace = await openWorkspace(directory, flags, io);
  const outcome = await readPlan(workspace, flags, io);
  printPlan(outcome, flags, io);
  const failed = hasErrors(outcome.diagnostics);
  if (flags.exitCode === true) {
    if (failed) return PLAN_EXIT.failed;
    return outcome.plans.some(hasChanges) ? PLAN_EXIT.changes : PLAN_EXIT.unchanged;
  }
  return failed ? EXIT.failed : EXIT.done;
}

/** The plan that the flags ask for. */
export async function readPlan(
  workspace: Workspace,
  flags: PlanFlags,
  io: CliIo,
): Promise<PlanOutcome> {
  const against = flags.against ?? 'live';
  const { instance } = workspace.place;
  switch (against) {
    case 'live':
    case 'empty': {
      const targets = openWorkspaceTargets(workspace, against === 'live' ? 'read' : 'empty');
      try {
        const intake = await workspace.read(targets);
        const faults = configurationFaults(intake);
        if (faults.length > 0) return { plans: [], diagnostics: faults, unknown: true };
        const result = await planSnapshot(intake, {
          instance,
          targets: targets.all(),
          ...(flags.unit === undefined ? {} : { only: unitFilter(flags.unit) }),
          signal: io.signal,
        });
        const ids = new Set([...intake.works.keys(), ...result.plans.map((plan) => plan.unit)]);
        if (flags.unit !== undefined) chooseUnits(flags.unit, [...ids]);
        return collect(result.plans, result.diagnostics);
      } finally {
        await targets.close();
      }
    }
    case 'status': {
      const result = await planAgainstStatus(workspace, flags, io);
      if (result.unknown === true) return result;
      const ids = result.plans.map((plan) => plan.unit);
      const wanted = new Set(flags.unit === undefined ? ids : chooseUnits(flags.unit, ids));
      const plans = result.plans.filter((plan) => wanted.has(plan.unit));
      return collect(plans, result.diagnostics);
    }
    default:
      throw new SluiceError('UsageInvalid', `--against ${against}: live, status or empty`);
  }
}

/** Prints data to standard output and everything for people to standard error. */
export function printPlan(outcome: PlanOutcome, flags: PlanFlags, io: CliIo): void {
  const { plans, diagnostics } = outcome;
  switch (flags.output ?? 'text') {
    case 'json':
      io.out(`${jsonText(planJson(plans, diagnostics))}\n`);
      return;
    case 'markdown':
      io.out(`${formatPlanMarkdown(plans)}\n`);
      break;
    case 'text':
      if (outcome.unknown === true) {
        io.err('No plan: what sluice.yaml asks for is not known.\n');
        break;
      }
      io.out(
        `${formatPlanText(plans, { style: io.outStyle, showCreated: flags.showCreated === true })}\n`,
      );
      break;
    default:
      throw new SluiceError('UsageInvalid', `-o ${flags.output ?? ''}: text, json or markdown`);
  }
  if (diagnostics.length > 0) io.err(`${formatDiagnostics(diagnostics, io.errStyle)}\n`);
}

function collect(plans: readonly UnitPlan[], diagnostics: readonly Diagnostic[]): PlanOutcome {
  const seen = new Map<string, Diagnostic>();
  for (const item of [...diagnostics, ...planDiagnostics(plans)]) {
    seen.set(JSON.stringify([item.code, item.file, item.line, item.column, item.message]), item);
  }
  return { plans, diagnostics: [...seen.values()].toSorted(compareDiagnostics) };
}
