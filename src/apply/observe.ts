// One look at one object: a target that gives no answer is unreadable, never absent.
import type { ObjectRef } from '../model/object-key.ts';
import type { ReadResult, Target } from '../targets/target.ts';

/** How often one pass observes and decides again before it leaves an object to the next pass. */
export const MAX_ATTEMPTS = 6;

export async function observe(
  target: Target,
  ref: ObjectRef,
  signal?: AbortSignal,
): Promise<ReadResult> {
  const [observed] = await target.read([ref], signal);
  return observed ?? { state: 'unreadable', reason: 'the target gave no answer', retryable: true };
}
