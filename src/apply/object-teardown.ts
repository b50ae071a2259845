// One object that goes: deleted with its uid and version, released with its markers off, or held with the reason.
import { diagnostic } from '../model/diagnostic.ts';
import type { ErrorCode } from '../model/error-codes.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { isObject, listAt } from '../model/json.ts';
import { MARKER } from '../model/annotations.ts';
import { expectationOf } from '../plan/expectation.ts';
import { decideRemoval } from '../plan/removal.ts';
import type { RemovalContext } from '../plan/removal.ts';
import type { LiveObject, Target } from '../targets/target.ts';
import { MAX_ATTEMPTS, observe } from './observe.ts';
import type { TeardownResult } from './result.ts';

export interface TeardownDeps {
  readonly target: Target;
  /** Field manager, `sluice-<instance>`. */
  readonly manager: string;
}

/**
 * Removes or releases the object of an inventory entry: observe, decide, delete with preconditions, again if the
 * world moved.
 * @param context asked after each observation
 */
export async function tearDownObject(
  entry: InventoryEntry,
  context: () => RemovalContext,
  deps: TeardownDeps,
): Promise<TeardownResult> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const step = await teardownOnce(deps, entry, context);
    if (step !== 'again') return step;
  }
  const message = 'the object changed faster than it could be removed';
  return teardownFailed(entry, 'TargetUnreachable', message, true);
}

async function teardownOnce(
  deps: TeardownDeps,
  entry: InventoryEntry,
  context: () => RemovalContext,
): Promise<TeardownResult | 'again'> {
  const seen = await observe(deps.target, entry.ref);
  const decision = decideRemoval(entry, seen, context());
  switch (decision.kind) {
    case 'gone':
      return { kind: 'gone', entry };
    case 'terminating':
      return { kind: 'deleting', entry };
    case 'release':
      return release(deps, entry, decision.live, decision.reason);
    case 'held':
      return {
        kind: 'held',
        entry,
        diagnostic: diagnostic(decision.code, decision.reason, { object: entry.ref }),
      };
    case 'unreadable':
      return teardownFailed(entry, 'TargetUnreachable', decision.message, true);
    case 'delete':
      return remove(deps, entry, decision.live);
  }
}

async function remove(
  deps: TeardownDeps,
  entry: InventoryEntry,
  live: LiveObject,
): Promise<TeardownResult | 'again'> {
  const { uid, version } = expectationOf(live);
  const result = await deps.target.remove(entry.ref, {
    uid,
    version,
    ...(entry.propagation === undefined ? {} : { propagation: entry.propagation }),
    ...(entry.gracePeriodSeconds === undefined
      ? {}
      : { gracePeriodSeconds: entry.gracePeriodSeconds }),
  });
  switch (result.kind) {
    case 'accepted':
      return result.gone ? { kind: 'gone', entry } : { kind: 'deleting', entry };
    case 'absent':
      return { kind: 'gone', entry };
    case 'mismatch':
      return 'again';
    case 'rejected':
      return teardownFailed(entry, 'ObjectRejected', result.message, result.retryable);
    case 'unknown':
      return 'again';
  }
}

/** Takes our markers off, gives up the fields, and leaves everything else as it is. */
async function release(
  deps: TeardownDeps,
  entry: InventoryEntry,
  live: LiveObject,
  reason: string,
): Promise<TeardownResult | 'again'> {
  const writers = listAt(live.metadata, 'managedFields');
  // An entry of ours would say later that the object is still ours.
  const others = writers.filter((entry) => !isObject(entry) || entry['manager'] !== deps.manager);
  const patch = {
    metadata: {
      annotations: {
        [MARKER.owner]: null,
        [MARKER.revision]: null,
        [MARKER.confidential]: null,
      },
      labels: { [MARKER.instanceLabel]: null },
      ...(others.length === writers.length ? {} : { managedFields: others }),
    },
  };
  const result = await deps.target.write({
    verb: 'patch',
    ref: entry.ref,
    patch,
    manager: deps.manager,
    expect: expectationOf(live),
  });
  switch (result.kind) {
    case 'done':
    case 'gone':
      return { kind: 'released', entry, reason };
    case 'stale':
    case 'exists':
    case 'unknown':
      return 'again';
    case 'conflict':
      return teardownFailed(entry, 'ApplyConflict', result.message, true);
    case 'rejected':
      return teardownFailed(entry, 'ObjectRejected', result.message, result.retryable);
  }
}

function teardownFailed(
  entry: InventoryEntry,
  code: ErrorCode,
  message: string,
  retryable: boolean,
): TeardownResult {
  return {
    kind: 'failed',
    entry,
    diagnostic: diagnostic(code, message, { object: entry.ref }),
    retryable,
  };
}
