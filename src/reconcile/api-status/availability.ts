// Whether the objects of one revision are available, worded as an ObjectSet words it (package-operator §7.1). Pure.
import type { ObjectState, PhaseResult } from '../../apply/phase-engine.ts';
import type { ConditionInput } from '../../model/conditions.ts';
import { gateMessage } from '../gate-message.ts';

/** Available of a revision whose phases were looked at; undefined when nobody has looked yet. */
export function setAvailability(
  phases: readonly PhaseResult[],
  available: boolean,
): ConditionInput | undefined {
  if (available) {
    const message = 'Object is available and passes all probes.';
    return { type: 'Available', status: 'True', reason: 'Available', message };
  }
  const closed = phases.find((phase) => phase.gate === 'closed');
  return closed && { type: 'Available', status: 'False', ...closedReason(closed) };
}

/** Why a gate is closed, in upstream's reasons and one of ours for writes that the target refused. */
export function closedReason(phase: PhaseResult): {
  readonly reason: string;
  readonly message: string;
} {
  const objects = [...phase.objects.values()];
  const collisions = objects.flatMap(collisionOf);
  if (phase.preflight.length > 0) return { reason: 'PreflightError', message: gateMessage(phase) };
  if (collisions.length > 0) return { reason: 'CollisionDetected', message: collisions.join(', ') };
  const failed = objects.some(({ outcome }) => outcome.kind === 'failed');
  return { reason: failed ? 'ApplyFailed' : 'ProbeFailure', message: gateMessage(phase) };
}

function collisionOf({ ref, outcome }: ObjectState): readonly string[] {
  if (outcome.kind !== 'collision') return [];
  const { kind, namespace, name } = ref;
  return [`object ${namespace}/${name} kind:${kind}: ${outcome.diagnostic.message}`];
}
