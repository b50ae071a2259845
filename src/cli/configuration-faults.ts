// What keeps a plan from being made: without the sluice.yaml that is asked for nobody knows what is wanted. Pure.
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ReadIntake } from '../reconcile/create-intake.ts';
import { CONFIG_FILE } from '../render/load.ts';

/**
 * Faults of sluice.yaml: with a wrong one the daemon goes on with the last good one, which only it knows, so that no
 * plan can say what would happen.
 */
export function configurationFaults(intake: ReadIntake): readonly Diagnostic[] {
  return intake.diagnostics.filter(
    ({ severity, file }) => severity === 'error' && file === CONFIG_FILE,
  );
}
