// One object: observe, decide, write with preconditions, again if the world moved. The innermost engine.
import type { Clock } from '../lib/clock.ts';
import { ANNOTATION } from '../model/annotations.ts';
import type { DesiredObject } from '../model/desired.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ErrorCode } from '../model/error-codes.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { annotationOf } from '../model/manifest.ts';
import type { Json } from '../model/json.ts';
import { scrub, secretsOf } from '../model/secrecy.ts';
import { decideObject } from '../plan/decision.ts';
import type { Decision } from '../plan/decision.ts';
import { expectationOf } from '../plan/expectation.ts';
import { marked } from '../plan/marked.ts';
import { withoutPreviousOwners } from '../plan/previous-owner.ts';
import type { RemovalContext } from '../plan/removal.ts';
import type { OwnerContext } from '../plan/situation.ts';
import { namespaceHint } from './missing-namespace.ts';
import type { LiveObject, ReadResult, Target, WriteResult } from '../targets/target.ts';
import { withLiveFields } from './ignored-fields.ts';
import type { ObjectResult, TeardownResult } from './result.ts';
import { tearDownObject } from './object-teardown.ts';
import { MAX_ATTEMPTS, observe } from './observe.ts';

export interface ObjectEngineDeps {
  readonly target: Target;
  readonly clock: Clock;
  /** Field manager, `sluice-<instance>`. */
  readonly manager: string;
}

export interface ObjectEngine {
  /** Brings one object to its desired state as far as ownership allows. */
  reconcile(desired: DesiredObject, context: ObjectContext): Promise<ObjectResult>;
  /** Removes or releases the object of an inventory entry. */
  teardown(entry: InventoryEntry, context: () => RemovalContext): Promise<TeardownResult>;
}

export interface ObjectContext {
  readonly owner: OwnerContext;
  /** A replacement was begun and its deletion may have happened. */
  readonly replacing: boolean;
  /** Look and probe, but write nothing. */
  readonly paused: boolean;
  readonly signal: AbortSignal;
}

/** Builds the engine for one target. */
export function createObjectEngine(deps: ObjectEngineDeps): ObjectEngine {
  return {
    async reconcile(desired, context) {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const step = await reconcileOnce(deps, desired, context);
        if (step !== 'again') return step;
        await deps.clock.sleep(20 * 2 ** attempt, context.signal);
      }
      return failed(
        desired,
        'TargetUnreachable',
        'the object changed faster than it could be written',
        true,
      );
    },
    teardown: (entry, context) => tearDownObject(entry, context, deps),
  };
}

async function reconcileOnce(
  deps: ObjectEngineDeps,
  desired: DesiredObject,
  context: ObjectContext,
): Promise<ObjectResult | 'again'> {
  const observed = await observe(deps.target, desired.ref, context.signal);
  if (desired.external === true) return observeExternal(desired, observed);
  const decision = decideObject(desired, observed, context.owner);
  const { ref } = desired;
  switch (decision.kind) {
    case 'create':
      if (context.paused) return waiting(desired, 'not found, and the unit is suspended');
      return create(deps, desired, context);
    case 'apply':
    case 'take':
      if (context.paused) return untouched(desired, decision.live, decision.kind === 'apply');
      return apply(deps, desired, decision, context);
    case 'leave':
      return leave(deps, desired, decision, context);
    case 'progressed':
      return { kind: 'progressed', ref, live: decision.live, revision: decision.revision };
    case 'collision':
      // Whoever was to take it has taken it.
      if (desired.yielded === true) return untouched(desired, decision.live, false);
      return {
        kind: 'collision',
        ref,
        diagnostic: diagnostic('CollisionDetected', decision.message, {
          object: ref,
          ...desired.source,
        }),
      };
    case 'terminating':
      return {
        kind: 'waiting',
        ref,
        reason: 'the object of that name is still being deleted',
        replacing: context.replacing,
      };
    case 'unknownKind':
      return failed(desired, 'PreflightFailed', decision.message, true);
    case 'unreadable':
      return failed(desired, 'TargetUnreachable', decision.message, decision.retryable);
  }
}

async function create(
  deps: ObjectEngineDeps,
  desired: DesiredObject,
  context: ObjectContext,
): Promise<ObjectResult | 'again'> {
  // POST and not apply: an apply would stomp on an object that appeared since we looked (package-operator §13).
  const object = marked(desired, context.owner);
  const result = await deps.target.write({ verb: 'create', object, manager: deps.manager });
  if (result.kind === 'done') return { kind: 'created', ...applied(desired, result) };
  return settle(desired, result, context);
}

type WriteDecision = Extract<Decision, { kind: 'apply' | 'take' }>;

async function apply(
  deps: ObjectEngineDeps,
  desired: DesiredObject,
  decision: WriteDecision,
  context: ObjectContext,
): Promise<ObjectResult | 'again'> {
  const object = marked(yielding(desired, decision.live), context.owner);
  const expect = expectationOf(decision.live);
  const description = await deps.target.describe(
    desired.ref.apiVersion,
    desired.ref.kind,
    context.signal,
  );
  if (description?.update === 'put') {
    const result = await deps.target.write({ verb: 'put', object, manager: deps.manager, expect });
    return written({ desired, decision, result, conflicts: [] }, deps, context);
  }
  const write = { verb: 'apply', object, manager: deps.manager, expect } as const;
  const first = await deps.target.write({ ...write, force: false });
  if (first.kind !== 'conflict') {
    return written({ desired, decision, result: first, conflicts: [] }, deps, context);
  }
  const result = await deps.target.write({ ...write, force: true });
  return written({ desired, decision, result, conflicts: first.conflicts }, deps, context);
}

interface Written {
  readonly desired: DesiredObject;
  readonly decision: WriteDecision;
  readonly result: WriteResult;
  readonly conflicts: readonly { readonly field: string; readonly manager: string }[];
}

async function written(
  write: Written,
  deps: ObjectEngineDeps,
  context: ObjectContext,
): Promise<ObjectResult | 'again'> {
  const { desired, decision, result, conflicts } = write;
  if (result.kind === 'rejected' && result.immutable)
    return replace(deps, desired, decision.live, result);
  if (result.kind !== 'done') return settle(desired, result, context);
  const owners = withoutPreviousOwners(result.object, context.owner.previous ?? []);
  if (owners) return letGo(deps, write, owners, context);
  const base = applied(desired, result);
  if (decision.kind === 'apply') {
    if (conflicts.length > 0) {
      // The key of a map is part of the path of its field, and may rest on a Secret.
      const shown = conflicts.map(({ field, manager }) => {
        return { field: scrub(field, secretsOf(desired)), manager };
      });
      return { kind: 'recovered', ...base, conflicts: shown };
    }
    return { kind: result.changed ? 'updated' : 'idle', ...base };
  }
  switch (decision.how) {
    case 'adopt':
      return { kind: 'adopted', ...base, from: decision.from };
    case 'transfer':
      return { kind: 'transferred', ...base, from: decision.from };
    case 'handover':
      return { kind: 'handedOver', ...base, from: decision.from };
  }
}

/** After our markers are on it, the set that had it before is no owner any more. */
async function letGo(
  deps: ObjectEngineDeps,
  write: Written,
  ownerReferences: readonly Json[],
  context: ObjectContext,
): Promise<ObjectResult | 'again'> {
  const { desired, result } = write;
  if (result.kind !== 'done') return 'again';
  const patched = await deps.target.write({
    verb: 'patch',
    ref: desired.ref,
    patch: { metadata: { ownerReferences } },
    manager: deps.manager,
    expect: { uid: result.uid, version: result.version },
  });
  return written({ ...write, result: patched }, deps, context);
}

/** An immutable field changed: delete (with uid) and create anew, if the object's annotation allows it. */
async function replace(
  deps: ObjectEngineDeps,
  desired: DesiredObject,
  live: LiveObject,
  rejected: Extract<WriteResult, { kind: 'rejected' }>,
): Promise<ObjectResult | 'again'> {
  if (annotationOf(desired.manifest, ANNOTATION.replace) !== 'allowed') {
    return failed(desired, 'ReplaceRequired', rejected.message, false);
  }
  const { uid, version } = expectationOf(live);
  const result = await deps.target.remove(desired.ref, { uid, version, propagation: 'Foreground' });
  switch (result.kind) {
    case 'accepted':
    case 'absent':
      return {
        kind: 'waiting',
        ref: desired.ref,
        reason: 'replaced: the old object is being deleted',
        replacing: true,
      };
    case 'mismatch':
      return 'again';
    case 'rejected':
      return failed(desired, 'ObjectRejected', result.message, result.retryable);
    case 'unknown':
      return failed(desired, 'TargetUnreachable', result.message, true);
  }
}

/** The object exists and a lever says to leave it: a rehearsal tells whether it has drifted. */
async function leave(
  deps: ObjectEngineDeps,
  desired: DesiredObject,
  decision: Extract<Decision, { kind: 'leave' }>,
  context: ObjectContext,
): Promise<ObjectResult> {
  const { uid, version } = expectationOf(decision.live);
  const base = { ref: desired.ref, live: decision.live, uid, version, ours: true };
  if (decision.drift === 'ignore') return { kind: 'left', ...base, drifted: false };
  const object = marked(yielding(desired, decision.live), context.owner);
  const expect = expectationOf(decision.live);
  const write = { verb: 'apply', object, manager: deps.manager, force: true, expect } as const;
  const rehearsal = await deps.target.write(write, { dryRun: true });
  return { kind: 'left', ...base, drifted: rehearsal.kind === 'done' && rehearsal.changed };
}

function waiting(desired: DesiredObject, reason: string): ObjectResult {
  return { kind: 'waiting', ref: desired.ref, reason, replacing: false };
}

function untouched(desired: DesiredObject, live: LiveObject, ours: boolean): ObjectResult {
  return { kind: 'left', ref: desired.ref, live, ...expectationOf(live), drifted: false, ours };
}

/** What every write has in common: the answers that are not success. */
function settle(
  desired: DesiredObject,
  result: Exclude<WriteResult, { kind: 'done' }>,
  context: ObjectContext,
): ObjectResult | 'again' {
  switch (result.kind) {
    case 'exists':
    case 'gone':
    case 'stale':
      return 'again';
    case 'conflict':
      return failed(desired, 'ApplyConflict', result.message, true);
    case 'unknown':
      // It may or may not have happened: only looking again can tell.
      return context.signal.aborted
        ? failed(desired, 'TargetUnreachable', result.message, true)
        : 'again';
    case 'rejected':
      return rejected(desired, result);
  }
}

/** The object with the fields that `ignoreDifferences` leaves to others as they are. */
function yielding(desired: DesiredObject, live: LiveObject): DesiredObject {
  const paths = desired.ignoredFields ?? [];
  return paths.length === 0
    ? desired
    : { ...desired, manifest: withLiveFields(desired.manifest, live, paths) };
}

/** An external object is somebody else's: it is waited for and probed, and nothing more (package-operator §7.5). */
function observeExternal(desired: DesiredObject, observed: ReadResult): ObjectResult {
  switch (observed.state) {
    case 'live':
      return untouched(desired, observed.object, false);
    case 'absent':
    case 'unknownKind':
    case 'terminating':
      return waiting(desired, 'external resource not found');
    case 'unreadable':
      return failed(desired, 'TargetUnreachable', observed.reason, observed.retryable);
  }
}

function applied(
  desired: DesiredObject,
  result: Extract<WriteResult, { kind: 'done' }>,
): { ref: DesiredObject['ref']; live: LiveObject; uid: string; version: string; handle?: string } {
  const { object: live, uid, version, handle } = result;
  return { ref: desired.ref, live, uid, version, ...(handle === undefined ? {} : { handle }) };
}

function rejected(
  desired: DesiredObject,
  result: Extract<WriteResult, { kind: 'rejected' }>,
): ObjectResult {
  const outcome = failed(desired, 'ObjectRejected', result.message, result.retryable);
  const hint = namespaceHint(result.reason, desired.ref.namespace);
  if (hint === undefined || outcome.kind !== 'failed') return outcome;
  return { ...outcome, diagnostic: { ...outcome.diagnostic, hint } };
}

function failed(
  desired: DesiredObject,
  code: ErrorCode,
  message: string,
  retryable: boolean,
): ObjectResult {
  const text = scrub(message, secretsOf(desired));
  const item: Diagnostic = diagnostic(code, text, { object: desired.ref, ...desired.source });
  return { kind: 'failed', ref: desired.ref, diagnostic: item, retryable };
}
