// A planned object without the values of Secrets: what a server said about it, and fields that rest on one. Pure.
import type { DesiredObject } from '../model/desired.ts';
import { REDACTED, scrub, secretsOf } from '../model/secrecy.ts';
import type { FieldChange } from './field-change.ts';
import type { PlannedObject } from './plan.ts';

/**
 * Where values of a Secret went into the object, of its changes only the places are told.
 * @param wasConfidential they did when the object was last written
 */
export function concealed(
  desired: DesiredObject,
  planned: PlannedObject,
  wasConfidential: boolean,
): PlannedObject {
  const { reason } = planned;
  const secrets = secretsOf(desired);
  const scrubbed = reason === undefined ? {} : { reason: scrub(reason, secrets) };
  if (!desired.secrecy && !wasConfidential) return { ...planned, ...scrubbed };
  return {
    ...planned,
    ...scrubbed,
    changes: planned.changes.map((change) => placeOnly(change, secrets)),
  };
}

/** A key may rest on a Secret as well, and is part of the path. */
function placeOnly(
  { path, op, before, after }: FieldChange,
  secrets: readonly string[],
): FieldChange {
  return {
    path: scrub(path, secrets),
    op,
    ...(before === undefined ? {} : { before: REDACTED }),
    ...(after === undefined ? {} : { after: REDACTED }),
  };
}
