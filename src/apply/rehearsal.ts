// What a target would answer to the write that an object needs now; nothing is changed.
import type { DesiredObject } from '../model/desired.ts';
import { decideObject } from '../plan/decision.ts';
import { expectationOf } from '../plan/expectation.ts';
import { marked } from '../plan/marked.ts';
import type { OwnerContext } from '../plan/situation.ts';
import type { ReadResult, Target, WriteResult } from '../targets/target.ts';

/** @returns undefined where there is nothing to write */
export async function rehearseWrite(
  desired: DesiredObject,
  observed: ReadResult,
  by: { readonly target: Target; readonly manager: string; readonly owner: OwnerContext },
): Promise<WriteResult | undefined> {
  const { target, manager, owner } = by;
  const decision = decideObject(desired, observed, owner);
  const object = marked(desired, owner);
  if (decision.kind === 'create') {
    return target.write({ verb: 'create', object, manager }, { dryRun: true });
  }
  if (decision.kind !== 'apply' && decision.kind !== 'take') return undefined;
  const expect = expectationOf(decision.live);
  return target.write({ verb: 'apply', object, manager, force: true, expect }, { dryRun: true });
}
