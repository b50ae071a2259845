// Why a gate is closed, worded as Package Operator words it (package-operator §7.1). Pure.
import type { PhaseResult } from '../apply/phase-engine.ts';

/** Long lists of failing objects are cut after this many. */
const MAX_OBJECTS = 20;

/**
 * `Phase "<p>" failed: <group> <Kind> <ns>/<name>: <msg>, …`
 * @param told `inner`: what a unit inside the unit says of itself stands behind the probe's words, which are upstream's
 */
export function gateMessage(phase: PhaseResult, told: 'probes' | 'inner' = 'probes'): string {
  if (phase.preflight.length > 0) return phase.preflight.map((item) => item.message).join(', ');
  if (phase.remote === true) return remoteMessage(phase);
  const failing = [...phase.objects.values()].filter((object) => object.probe.status !== 'True');
  const shown = failing.slice(0, MAX_OBJECTS).map(({ ref, probe, inner }) => {
    const messages = probe.messages.length === 0 ? ['not ready'] : probe.messages;
    const own = told === 'inner' && inner !== undefined ? ` (${inner})` : '';
    return `${ref.group} ${ref.kind} ${ref.namespace}/${ref.name}: ${messages.join(', ')}${own}`;
  });
  const rest = failing.length - shown.length;
  if (rest > 0) shown.push(`and ${rest} more`);
  return `Phase "${phase.name}" failed: ${shown.join(', ')}`;
}

/** The phase speaks for itself, so its stand-in is not named (package-operator §7.4). */
function remoteMessage(phase: PhaseResult): string {
  const messages = [...phase.objects.values()].flatMap(({ probe }) =>
    probe.status === 'True' ? [] : probe.messages,
  );
  return `Phase "${phase.name}" failed: ${messages.join(', ')}`;
}
