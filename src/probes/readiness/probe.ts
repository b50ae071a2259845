// Built-in readiness as a probe, for phases whose gate waits for it.
import { failed, passed, unknown } from '../result.ts';
import type { Prober, ProbeResult } from '../result.ts';
import { readinessOf } from './compute.ts';
import type { ReadinessOptions } from './compute.ts';
import type { Readiness } from './readiness.ts';

/** A prober that passes objects which are Current. */
export function readinessProber(options: ReadinessOptions = {}): Prober {
  return { probe: (object) => probeOf(readinessOf(object, options)) };
}

/** Current passes; Unknown decides nothing; everything else fails with its sentence. */
export function probeOf({ status, message }: Readiness): ProbeResult {
  if (status === 'Current') return passed(message);
  return status === 'Unknown' ? unknown(message) : failed(`${status}: ${message}`);
}
