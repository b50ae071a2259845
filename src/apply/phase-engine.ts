// One phase: preflight, all its objects, then the gate. The middle engine.
import type { DesiredObject, DesiredPhase } from '../model/desired.ts';
import type { ConditionInput } from '../model/conditions.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { inventoryKey } from '../model/inventory.ts';
import type { JsonObject } from '../model/json.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { RemovalContext } from '../plan/removal.ts';
import type { OwnerContext } from '../plan/situation.ts';
import type { LiveObject } from '../targets/target.ts';
import { preflightPhase } from './preflight.ts';
import { concealConditions, concealProbe } from './concealed-probe.ts';
import { conditionFault, unitConditions } from './condition-map.ts';
import { innerReason } from './inner-unit.ts';
import { openPlaces, placeTrouble } from './target-place.ts';
import type { OpenPlace, TargetPlace } from './target-place.ts';
import { isApplied, outcomeOf } from './result.ts';
import type { ApplyEvent, ObjectOutcome, ObjectResult, TeardownResult } from './result.ts';

/** What a probe says of a live object; three-valued, with one message per failing probe. */
export interface ProbeOutcome {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly messages: readonly string[];
  /** What decided, sub-expressions with their values; nothing for objects that hold secrets. */
  readonly because?: readonly string[];
}

export type Probe = (live: LiveObject, ref: ObjectRef) => ProbeOutcome;

/** What is remembered of an object between passes: a few hundred bytes, never the live object itself. */
export interface ObjectState {
  readonly ref: ObjectRef;
  readonly source: Location;
  readonly outcome: ObjectOutcome;
  readonly probe: ProbeOutcome;
  /** Conditions of the object that its condition map carries over to the unit. */
  readonly mapped: readonly ConditionInput[];
  /** Why some conditions of the object cannot be carried over. */
  readonly conditionFault?: string;
  /** Of an object that is a unit itself and not ready: what that unit says. */
  readonly inner?: string;
  /** What the object controls itself, as an ObjectSetPhase reports it (package-operator §7.4). */
  readonly controls?: readonly JsonObject[];
}

export interface PhaseResult {
  readonly name: string;
  readonly index: number;
  /** By `inventoryKey`, in the order of the phase. */
  readonly objects: ReadonlyMap<string, ObjectState>;
  /** Reasons why nothing of the phase was applied. */
  readonly preflight: readonly Diagnostic[];
  /** Open: everything is in place and every probe passes. */
  readonly gate: 'open' | 'closed';
  /** Somebody else runs it: its one object is an ObjectSetPhase, whose words are the phase's. */
  readonly remote?: true;
}

export interface PhaseContext {
  readonly owner: OwnerContext;
  readonly probe: Probe;
  /** Rehearse the whole phase before its first write. */
  readonly rehearse: boolean;
  /** Results of the pass before; objects that are not dirty keep theirs. */
  readonly before: PhaseResult | undefined;
  readonly dirty: (key: string) => boolean;
  readonly entry: (key: string) => InventoryEntry | undefined;
  /** Look and probe, but write nothing. */
  readonly paused: boolean;
  readonly signal: AbortSignal;
}

export interface PhaseEngineDeps {
  readonly open: OpenPlace;
  /** Field manager. */
  readonly manager: string;
  readonly onEvent: (event: ApplyEvent) => void;
}

/** Asked after each observation and right before a deletion: a newer commit may have changed the answer. */
export type RemovalContextOf = (entry: InventoryEntry) => RemovalContext;

export interface PhaseEngine {
  reconcile(phase: DesiredPhase, index: number, context: PhaseContext): Promise<PhaseResult>;
  teardown(
    entries: readonly InventoryEntry[],
    context: RemovalContextOf,
  ): Promise<readonly TeardownResult[]>;
}

/** Builds the engine for units of one target; single objects may live elsewhere. */
export function createPhaseEngine(deps: PhaseEngineDeps): PhaseEngine {
  return {
    async reconcile(phase, index, context) {
      const { name } = phase;
      const closed = (preflight: readonly Diagnostic[]): PhaseResult => {
        return { name, index, objects: new Map(), preflight, gate: 'closed' };
      };
      const refs = phase.objects.map(({ ref }) => ref);
      const places = await openPlaces(refs, deps.open);
      if ('code' in places) return closed([places]);
      const first = context.before === undefined || context.before.preflight.length > 0;
      if (first && !context.paused) {
        const { manager } = deps;
        const preflight = await preflightPhase(phase, { places, manager }, context);
        if (preflight.length > 0) return closed(preflight);
      }
      const states = await Promise.all(
        phase.objects.map(async (desired) => {
          const { state, result } = await reconcileState(places.of(desired.ref), desired, context);
          if (result && result.kind !== 'idle') {
            deps.onEvent(resultEvent(context.owner.unit, name, result));
          }
          return state;
        }),
      );
      const objects = new Map(states.map((state) => [inventoryKey(state.ref), state]));
      const open = states.every((state) => state.probe.status === 'True');
      return { name, index, objects, preflight: [], gate: open ? 'open' : 'closed' };
    },
    teardown(entries, context) {
      return Promise.all(
        entries.map(async (entry) => {
          const { unit } = context(entry);
          const place = await deps.open(entry.ref.place);
          const result =
            'code' in place
              ? outOfReach(entry, place)
              : await place.slots.run(unit, () =>
                  place.objects.teardown(entry, () => context(entry)),
                );
          deps.onEvent(teardownEvent(unit, result));
          return result;
        }),
      );
    },
  };
}

/** A place that no configuration names any more may come back; whatever is there holds nothing else up. */
function outOfReach(entry: InventoryEntry, problem: Diagnostic): TeardownResult {
  const item = placeTrouble(entry.ref, problem);
  if (problem.code === 'TargetUnknown') return { kind: 'held', entry, diagnostic: item };
  return { kind: 'failed', entry, diagnostic: item, retryable: true };
}

async function reconcileState(
  place: TargetPlace,
  desired: DesiredObject,
  context: PhaseContext,
): Promise<{ readonly state: ObjectState; readonly result: ObjectResult | undefined }> {
  const key = inventoryKey(desired.ref);
  const before = context.before?.objects.get(key);
  // Only an event can change what is in place; everything else is tried again in each pass.
  if (before && !context.dirty(key) && isApplied(before.outcome)) {
    return { state: before, result: undefined };
  }
  const result = await place.slots.run(context.owner.unit, () =>
    place.objects.reconcile(desired, {
      owner: context.owner,
      replacing: context.entry(key)?.step === 'replacing',
      paused: context.paused,
      signal: context.signal,
    }),
  );
  const live = 'live' in result ? result.live : undefined;
  const probe = concealProbe(probeResult(result, context.probe), desired, live);
  const fault = isApplied(result) ? conditionFault(result.live, desired) : undefined;
  const inner = live && probe.status !== 'True' ? innerReason(live, desired.ref) : undefined;
  const state: ObjectState = {
    ref: desired.ref,
    source: desired.source,
    outcome: outcomeOf(result),
    probe,
    mapped: isApplied(result)
      ? concealConditions(unitConditions(result.live, desired), desired, result.live)
      : [],
    ...(fault === undefined ? {} : { conditionFault: fault }),
    ...(inner === undefined ? {} : { inner }),
  };
  return { state, result };
}

/** What does not exist or is not ours cannot be ready; what a newer revision has is probed like our own. */
function probeResult(result: ObjectResult, probe: Probe): ProbeOutcome {
  switch (result.kind) {
    case 'progressed':
      return probe(result.live, result.ref);
    case 'collision':
    case 'failed':
      return { status: 'False', messages: [result.diagnostic.message] };
    case 'waiting':
      return { status: 'Unknown', messages: [result.reason] };
    case 'created':
    case 'updated':
    case 'recovered':
    case 'adopted':
    case 'transferred':
    case 'handedOver':
    case 'idle':
    case 'left':
      return probe(result.live, result.ref);
  }
}

function resultEvent(unit: string, phase: string, result: ObjectResult): ApplyEvent {
  const message = eventMessage(result);
  return {
    unit,
    phase,
    ref: result.ref,
    what: result.kind,
    ...(message === undefined ? {} : { message }),
  };
}

function eventMessage(result: ObjectResult): string | undefined {
  switch (result.kind) {
    case 'collision':
    case 'failed':
      return result.diagnostic.message;
    case 'waiting':
      return result.reason;
    case 'recovered':
      return result.conflicts
        .map((conflict) => `${conflict.field} (${conflict.manager})`)
        .join(', ');
    case 'adopted':
    case 'transferred':
    case 'handedOver':
      return `from ${result.from}`;
    case 'created':
    case 'updated':
    case 'idle':
    case 'left':
    case 'progressed':
      return undefined;
  }
}

function teardownEvent(unit: string, result: TeardownResult): ApplyEvent {
  const message =
    result.kind === 'held' || result.kind === 'failed'
      ? result.diagnostic.message
      : result.kind === 'released'
        ? result.reason
        : undefined;
  return {
    unit,
    phase: result.entry.phase,
    ref: result.entry.ref,
    what: result.kind,
    ...(message === undefined ? {} : { message }),
  };
}
