// What to do with one object: desired × observed → a decision. Used by the plan and, again, at write time.
import { ANNOTATION } from '../model/annotations.ts';
import type { DesiredObject } from '../model/desired.ts';
import { annotationOf } from '../model/manifest.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { LiveObject, ReadResult } from '../targets/target.ts';
import { situationOf } from './situation.ts';
import type { OwnerContext, Situation } from './situation.ts';

export type Takeover = 'adopt' | 'transfer' | 'handover';

export type Decision =
  | { readonly kind: 'create' }
  /** Ours already: write only what differs. */
  | { readonly kind: 'apply'; readonly live: LiveObject }
  /** Not ours yet, but we may take it: the write carries our markers. */
  | {
      readonly kind: 'take';
      readonly live: LiveObject;
      readonly how: Takeover;
      readonly from: string;
    }
  /** Exists and is ours, but a lever says to leave it as it is. */
  | { readonly kind: 'leave'; readonly live: LiveObject; readonly drift: 'report' | 'ignore' }
  /** A newer revision of the same unit has it. */
  | { readonly kind: 'progressed'; readonly live: LiveObject; readonly revision: number }
  | { readonly kind: 'collision'; readonly live: LiveObject; readonly message: string }
  /** It is being deleted: wait until it is gone, then create. */
  | { readonly kind: 'terminating'; readonly live: LiveObject }
  | { readonly kind: 'unknownKind'; readonly message: string }
  | { readonly kind: 'unreadable'; readonly message: string; readonly retryable: boolean };

/** Decides from one observation; the table is package-operator §16.1 and §16.13. */
export function decideObject(
  desired: DesiredObject,
  observed: ReadResult,
  context: OwnerContext,
): Decision {
  switch (observed.state) {
    case 'absent':
      return { kind: 'create' };
    case 'terminating':
      return decideTerminating(desired, observed, context);
    case 'unreadable':
      return { kind: 'unreadable', message: observed.reason, retryable: observed.retryable };
    case 'unknownKind':
      // Wording of upstream's preflight (package-operator §7.3, APIExistence).
      return {
        kind: 'unknownKind',
        message: `${gvk(desired.ref)} not registered on the api server.`,
      };
    case 'live':
      return decideLive(desired, observed.object, context);
  }
}

/** What is wanted again is kept where the deletion can be taken back, and by nobody but who may write it. */
function decideTerminating(
  desired: DesiredObject,
  observed: Extract<ReadResult, { state: 'terminating' }>,
  context: OwnerContext,
): Decision {
  const { object: live, revocable } = observed;
  const isRevoked = revocable === true && context.isLeaving?.(desired.ref) !== true;
  const decision = isRevoked ? decideLive(desired, live, context) : undefined;
  const isWritten = decision?.kind === 'apply' || decision?.kind === 'take';
  return isWritten ? decision : { kind: 'terminating', live };
}

function decideLive(desired: DesiredObject, live: LiveObject, context: OwnerContext): Decision {
  const situation = situationOf(live, desired.ref, context);
  switch (situation.kind) {
    case 'ours': {
      const drift = annotationOf(desired.manifest, ANNOTATION.drift);
      if (drift === 'report' || drift === 'ignore') return { kind: 'leave', live, drift };
      return { kind: 'apply', live };
    }
    case 'olderSibling':
      return { kind: 'take', live, how: 'handover', from: `revision ${situation.revision}` };
    case 'transfer':
      return { kind: 'take', live, how: 'transfer', from: situation.from };
    case 'newerSibling':
      return { kind: 'progressed', live, revision: situation.revision };
    case 'sameNumberSibling':
      return collision(desired, live, 'refusing adoption, revision collision on');
    case 'foreign':
    case 'unowned':
      return decideForeign(desired, live, situation);
  }
}

function decideForeign(
  desired: DesiredObject,
  live: LiveObject,
  situation: Extract<Situation, { kind: 'foreign' | 'unowned' }>,
): Decision {
  const protection = desired.collisionProtection;
  const allowed =
    protection === 'None' || (protection === 'IfNoController' && situation.kind === 'unowned');
  if (allowed) {
    const from = situation.kind === 'foreign' ? situation.owner : 'nobody';
    return { kind: 'take', live, how: 'adopt', from };
  }
  const owner = situation.kind === 'foreign' ? ` (it belongs to ${situation.owner})` : '';
  return collision(
    desired,
    live,
    'refusing adoption, object',
    ` not owned by previous revision${owner}`,
  );
}

function collision(desired: DesiredObject, live: LiveObject, before: string, after = ''): Decision {
  const { namespace, name } = desired.ref;
  const message = `${before} ${gvk(desired.ref)} ${namespace}/${name}${after}`;
  return { kind: 'collision', live, message };
}

/** `apps/v1, Kind=Deployment`, as Go prints a GroupVersionKind. */
export function gvk(ref: ObjectRef): string {
  return `${ref.apiVersion}, Kind=${ref.kind}`;
}
