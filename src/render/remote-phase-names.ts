// Phases that somebody else runs: each becomes an ObjectSetPhase, whose name must be one that the API allows.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import { nameProblem } from './object-name.ts';
import type { RenderJob } from './render-context.ts';

export interface NamedPhase {
  readonly name: string;
  /** As it is rendered: undefined for our own doing. */
  readonly class: string | undefined;
  readonly locate: () => Location;
}

/** As long as a template hash is. */
const HASH = 'x'.repeat(10);

/**
 * Faults of phases whose class is neither ours nor a configured target (package-operator §7.4).
 * @param kind of the unit: sets keep their name, revisions of others have a hash in theirs
 */
export function remotePhaseFaults(
  phases: readonly NamedPhase[],
  { unit, context }: RenderJob,
  { kind, name }: { readonly kind: string; readonly name: string },
): readonly Diagnostic[] {
  const isOurs = (phaseClass: string | undefined): boolean =>
    phaseClass === undefined ||
    phaseClass === unit.target ||
    context.config.targets.some((target) => target.name === phaseClass);
  const set = kind.endsWith('ObjectSet') ? name : `${name}-${HASH}`;
  return phases.flatMap((phase) => {
    if (isOurs(phase.class)) return [];
    const problem = nameProblem('package-operator.run', 'ObjectSetPhase', `${set}-${phase.name}`);
    if (problem === undefined) return [];
    const message =
      `Phase ${JSON.stringify(phase.name)}: its class "${phase.class ?? ''}" is no target, so an ObjectSetPhase is ` +
      `named after it, and the name ${problem}`;
    return [diagnostic('NameInvalid', message, phase.locate())];
  });
}
