// Runs the rollout with at most one fault, and says what target and status branch looked like after each commit.
import type { Json } from '../../../src/model/json.ts';
import { createFaultLine } from '../../support/fault-line.ts';
import type { Fault } from '../../support/fault-line.ts';
import { createSimulation } from '../../support/simulation.ts';
import type { Commit, Simulation } from '../../support/simulation.ts';
import { objectsView, orphans, statusView } from '../../support/world-view.ts';

export interface Interruption {
  readonly at: number;
  readonly kind: Fault;
  /** The data directory is lost with the process: all that is left of the status is the remote. */
  readonly diskLost?: boolean;
}

/** What the sessions have around them. */
export interface RolloutWorld {
  /** Names of further targets. */
  readonly others?: readonly string[];
  /** Starts what runs beside the sessions, and outlives them. */
  readonly neighbours?: (simulation: Simulation) => void;
}

export interface Stage {
  readonly commit: string;
  readonly objects: Readonly<Record<string, Json>>;
  readonly status: Readonly<Record<string, Json>>;
  readonly orphans: readonly string[];
}

export interface RolloutRun {
  readonly stages: readonly Stage[];
  readonly steps: readonly string[];
  /** The step that was interrupted, for messages. */
  readonly interrupted: string | undefined;
  readonly faults: readonly unknown[];
}

export async function runRollout(
  commits: readonly Commit[],
  interruption?: Interruption,
  world: RolloutWorld = {},
): Promise<RolloutRun> {
  const simulation = createSimulation({ pushes: true, others: world.others ?? [] });
  world.neighbours?.(simulation);
  const line = createFaultLine(interruption);
  const stages: Stage[] = [];
  let alive = await simulation.start(line);
  for (const commit of commits) {
    if (alive) alive = await reach(simulation, commit);
    if (!alive) {
      simulation.crash();
      if (interruption?.diskLost === true) simulation.place.local = undefined;
      if (!(await simulation.start()) || !(await reach(simulation, commit))) {
        throw new Error('the second session died without being asked to');
      }
      alive = true;
    }
    stages.push(await stageOf(simulation, commit));
  }
  await simulation.stop();
  const { steps } = line;
  const interrupted = interruption && steps[interruption.at - 1];
  return { stages, steps, interrupted, faults: simulation.faults };
}

async function reach(simulation: Simulation, commit: Commit): Promise<boolean> {
  await simulation.accept(commit);
  return simulation.settle();
}

async function stageOf(simulation: Simulation, commit: Commit): Promise<Stage> {
  const objects = await simulation.objects();
  const files = simulation.place.local ?? new Map<string, string>();
  return {
    commit: commit.id,
    objects: objectsView(objects),
    status: statusView(files),
    orphans: orphans(objects, files),
  };
}
