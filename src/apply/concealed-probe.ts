// What probes and conditions say of an object that holds secrets, without the secrets. Pure.
import type { ConditionInput } from '../model/conditions.ts';
import type { DesiredObject } from '../model/desired.ts';
import { isSecret, REDACTED, scrub, secretsOf, secretValues } from '../model/secrecy.ts';
import type { LiveObject } from '../targets/target.ts';
import type { ProbeOutcome } from './phase-engine.ts';

/** `fieldsEqual` quotes both values (package-operator §9). */
const QUOTED = / expected: .* got: .*$/s;

/** Values are cut out of messages; the values that led to the outcome are left out altogether. */
export function concealProbe(
  outcome: ProbeOutcome,
  desired: DesiredObject,
  live: LiveObject | undefined,
): ProbeOutcome {
  if (!holdsSecrets(desired)) return outcome;
  const secrets = textsOf(desired, live);
  const messages = outcome.messages.map((message) =>
    scrub(message, secrets).replace(QUOTED, ` expected: ${REDACTED} got: ${REDACTED}`),
  );
  return { status: outcome.status, messages };
}

/** Conditions as they may stand in a status file. */
export function concealConditions(
  conditions: readonly ConditionInput[],
  desired: DesiredObject,
  live: LiveObject,
): readonly ConditionInput[] {
  if (!holdsSecrets(desired)) return conditions;
  // Of a restored object nobody knows any more what was hidden.
  if (desired.secrecy?.values.length === 0) {
    return conditions.map((item) => ({ ...item, message: REDACTED }));
  }
  const secrets = textsOf(desired, live);
  return conditions.map((item) => ({ ...item, message: scrub(item.message, secrets) }));
}

function holdsSecrets({ manifest, secrecy }: DesiredObject): boolean {
  return secrecy !== undefined || isSecret(manifest);
}

function textsOf(desired: DesiredObject, live: LiveObject | undefined): readonly string[] {
  const found = [...secretsOf(desired), ...(live ? secretValues(live) : [])];
  return found.toSorted((a, b) => b.length - a.length);
}
