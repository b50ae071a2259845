// The wrapper around every list of probes: a status of an older generation decides nothing.
import { generationOf, integerAt } from './object-fields.ts';
import { unknown } from './result.ts';
import type { Prober } from './result.ts';

/** Asks the inner probe only where `status.observedGeneration` is absent or up to date. */
export function observedGenerationProber(inner: Prober): Prober {
  return {
    probe: (object) => {
      const observed = integerAt(object, 'status', 'observedGeneration');
      if (observed !== undefined && observed !== generationOf(object)) {
        return unknown('.status outdated');
      }
      return inner.probe(object);
    },
  };
}
