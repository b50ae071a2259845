// What a probe answers, and how answers of several probes become one.

export type ProbeStatus = 'True' | 'False' | 'Unknown';

export interface ProbeResult {
  /** Unknown: the object does not (yet) say enough to decide. Only True lets a phase pass. */
  readonly status: ProbeStatus;
  /** One sentence per finding, in the newest wording of Package Operator (package-operator §9). */
  readonly messages: readonly string[];
  /**
   * What decided, for people: sub-expressions with their values, `self.status.readyReplicas (1)`.
   * Empty for objects that hold secrets.
   */
  readonly because: readonly string[];
}

/** Something that can be asked about an object as it was last read; `undefined` for one that is not there. */
export interface Prober {
  probe(object: ProbedObject | undefined): ProbeResult;
}

/** An object as plain JSON. */
export type ProbedObject = Readonly<Record<string, unknown>>;

export function passed(...messages: readonly string[]): ProbeResult {
  return { status: 'True', messages, because: [] };
}

export function failed(...messages: readonly string[]): ProbeResult {
  return { status: 'False', messages, because: [] };
}

export function unknown(...messages: readonly string[]): ProbeResult {
  return { status: 'Unknown', messages, because: [] };
}

/**
 * All of them: Unknown if one is Unknown, else False if one is False. What passed is not repeated
 * beside what did not: every message of the others is kept, in order (package-operator §9).
 */
export function all(results: readonly ProbeResult[]): ProbeResult {
  const open = results.filter((result) => result.status !== 'True');
  const told = open.length === 0 ? results : open;
  return {
    status: statusOf(results),
    messages: told.flatMap((result) => result.messages),
    because: told.flatMap((result) => result.because),
  };
}

function statusOf(results: readonly ProbeResult[]): ProbeStatus {
  if (results.some((result) => result.status === 'Unknown')) return 'Unknown';
  return results.every((result) => result.status === 'True') ? 'True' : 'False';
}
