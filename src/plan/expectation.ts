// Which object a write was planned on: uid and version of the observation.
import type { Expectation, LiveObject } from '../targets/target.ts';

/** The expectation that a write of this live object carries. */
export function expectationOf(live: LiveObject): Expectation {
  return {
    uid: String(live.metadata['uid'] ?? ''),
    version: String(live.metadata['resourceVersion'] ?? ''),
  };
}
