// Status of units that no API describes, folders above all: the words of a deployment, and no fields but the revision. Pure.
import { rolloutConditions } from './deployment.ts';
import { invalid } from './invalid.ts';
import { paused } from './paused.ts';
import type { ApiStatus, StatusView } from './view.ts';

/** Conditions and fields of any other unit. */
export function genericStatus(view: StatusView): ApiStatus {
  const newest = view.memory.revisions.at(-1);
  return {
    conditions: [...rolloutConditions(view), ...invalid(view), ...paused(view)],
    fields: newest ? { revision: newest.number, templateHash: newest.hash } : {},
  };
}
