// Readiness of an object: the six states of kstatus, the reason and a sentence.

export type ReadinessStatus =
  'Current' | 'InProgress' | 'Failed' | 'Terminating' | 'NotFound' | 'Unknown';

export interface Readiness {
  readonly status: ReadinessStatus;
  /** A word for programs: that of the `Reconciling` or `Stalled` condition which kstatus would set; empty while Current. */
  readonly reason: string;
  readonly message: string;
}

export function current(message: string): Readiness {
  return { status: 'Current', reason: '', message };
}

export function inProgress(reason: string, message: string): Readiness {
  return { status: 'InProgress', reason, message };
}

export function stalled(reason: string, message: string): Readiness {
  return { status: 'Failed', reason, message };
}

export function undecided(reason: string, message: string): Readiness {
  return { status: 'Unknown', reason, message };
}

export function terminating(message: string): Readiness {
  return { status: 'Terminating', reason: 'Terminating', message };
}
