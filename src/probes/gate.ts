// The gate between two phases: open when every object of the phase passes its probes.
import type { ObjectKey } from '../model/object-key.ts';
import type { ProbeResult, ProbeStatus } from './result.ts';

export interface ObjectProbe {
  readonly object: ObjectKey;
  readonly result: ProbeResult;
}

export interface GateFailure {
  readonly object: ObjectKey;
  readonly status: Exclude<ProbeStatus, 'True'>;
  readonly messages: readonly string[];
  readonly because: readonly string[];
}

export interface GateVerdict {
  readonly open: boolean;
  /** In the order of the phase. */
  readonly failures: readonly GateFailure[];
  /** `Phase "deploy" failed: apps Deployment web/api: …` (package-operator §7.1); empty while open. */
  readonly message: string;
}

/**
 * Judges a phase by the probe results of all of its objects. A phase without objects is open.
 * @param phase the name of the phase, for the message
 */
export function judgeGate(phase: string, probes: readonly ObjectProbe[]): GateVerdict {
  const failures = probes.flatMap(({ object, result }): readonly GateFailure[] => {
    const { status, messages, because } = result;
    return status === 'True' ? [] : [{ object, status, messages, because }];
  });
  const open = failures.length === 0;
  return { open, failures, message: open ? '' : formatGateFailure(phase, failures) };
}

/** The core group is empty and so is the namespace of cluster-scoped objects: ` ConfigMap /name`. */
export function formatGateFailure(phase: string, failures: readonly GateFailure[]): string {
  const parts = failures.map(({ object, messages }) => {
    const { group, kind, namespace, name } = object;
    return `${group} ${kind} ${namespace}/${name}: ${messages.join(', ')}`;
  });
  return `Phase "${phase}" failed: ${parts.join(', ')}`;
}
