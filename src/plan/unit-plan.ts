// Puts the plan of one unit together: decisions per object, removals, safety verdict. Pure and deterministic.
import type { DesiredObject, DesiredPhase, DesiredState } from '../model/desired.ts';
import { ANNOTATION } from '../model/annotations.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Inventory, InventoryEntry } from '../model/inventory.ts';
import { inventoryKey } from '../model/inventory.ts';
import { annotationOf } from '../model/manifest.ts';
import { visible } from './object-change.ts';
import type { Amount } from '../render/repository-config.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { KindDescription, ReadResult, WriteResult } from '../targets/target.ts';
import { concealed } from './concealed.ts';
import { decideObject } from './decision.ts';
import type { Decision } from './decision.ts';
import { isConfidential } from './marked.ts';
import { compareObjects } from './object-change.ts';
import type { Action, PlannedObject, PlannedPhase, UnitPlan } from './plan.ts';
import { decideRemoval, leftovers } from './removal.ts';
import type { RemovalContext } from './removal.ts';
import { judgeDeletions } from './safety.ts';
import type { SafetyPolicy, SafetyVerdict } from './safety.ts';
import type { OwnerContext } from './situation.ts';

/** What was seen of one object, and what the target says it would make of the write. */
export interface Observation {
  readonly read: ReadResult;
  readonly predicted?: WriteResult;
  readonly kind?: KindDescription;
}

export interface UnitPlanInput {
  /** Undefined for a unit that goes away. */
  readonly desired: DesiredState | undefined;
  readonly owner: OwnerContext;
  readonly target: string;
  readonly newRevision: boolean;
  readonly inventory: Inventory;
  /** By `inventoryKey`. */
  readonly observations: ReadonlyMap<string, Observation>;
  readonly removal: RemovalContext;
  /** Identity of the place of an object that does not live on the unit's target; undefined where unknown. */
  readonly identityOf?: (ref: ObjectRef) => string | undefined;
  readonly policy: SafetyPolicy;
  readonly diagnostics: readonly Diagnostic[];
}

/** The plan; the same input gives the same plan, to the byte. */
export function planUnit(input: UnitPlanInput): UnitPlan {
  const phases = (input.desired?.phases ?? []).map((phase) => planPhase(phase, input));
  const wanted = new Set(
    (input.desired?.phases ?? []).flatMap((phase) =>
      phase.objects.map((object) => inventoryKey(object.ref)),
    ),
  );
  const entries = leftovers(input.inventory, wanted).flat();
  const safety = judgeUnit(input, entries);
  const removals = entries.map((entry) => planRemoval(entry, input, safety));
  return {
    unit: input.owner.unit,
    target: input.target,
    revision: input.desired ? input.owner.revision.number : 0,
    hash: input.desired?.templateHash ?? '',
    newRevision: input.newRevision,
    phases,
    removals,
    safety,
    diagnostics: input.diagnostics,
  };
}

function planPhase(phase: DesiredPhase, input: UnitPlanInput): PlannedPhase {
  return { name: phase.name, objects: phase.objects.map((object) => planObject(object, input)) };
}

function planObject(desired: DesiredObject, input: UnitPlanInput): PlannedObject {
  const read = input.observations.get(inventoryKey(desired.ref))?.read;
  const wasConfidential = read?.state === 'live' && isConfidential(read.object);
  return concealed(desired, planOne(desired, input), wasConfidential);
}

function planOne(desired: DesiredObject, input: UnitPlanInput): PlannedObject {
  const observation = input.observations.get(inventoryKey(desired.ref)) ?? {
    read: { state: 'absent' } as const,
  };
  const decision = decideObject(desired, observation.read, input.owner);
  const base = { ref: desired.ref, source: desired.source };
  if (desired.external === true) {
    return { ...base, action: 'none', changes: [], reason: 'external: only waited for' };
  }
  if (desired.yielded === true) {
    return { ...base, action: 'none', changes: [], reason: 'another unit takes it' };
  }
  switch (decision.kind) {
    case 'create':
      return { ...base, ...planCreate(desired, observation) };
    case 'apply':
    case 'take':
      return { ...base, ...planWrite(desired, decision, observation) };
    case 'leave':
      return {
        ...base,
        action: 'none',
        changes: [],
        reason: `sluice.dev/drift: ${decision.drift}`,
      };
    case 'progressed':
      return {
        ...base,
        action: 'none',
        changes: [],
        reason: `revision ${decision.revision} has it`,
      };
    case 'collision':
      return { ...base, action: 'blocked', changes: [], reason: decision.message };
    case 'terminating':
      return {
        ...base,
        action: 'wait',
        changes: [],
        reason: 'the old object is still being deleted',
      };
    case 'unknownKind':
      return {
        ...base,
        action: 'deferred',
        changes: [],
        reason: 'its kind is not known to the target yet',
      };
    case 'unreadable':
      return { ...base, action: 'blocked', changes: [], reason: decision.message };
  }
}

function planCreate(desired: DesiredObject, observation: Observation): Omit<PlannedObject, 'ref'> {
  const predicted = observation.predicted;
  if (predicted?.kind === 'rejected' && predicted.reason !== 'NotFound') {
    return { action: 'blocked', changes: [], reason: predicted.message };
  }
  const object = visible(desired.manifest);
  return { action: 'create', changes: compareObjects({}, object, () => undefined) };
}

type WriteDecision = Extract<Decision, { kind: 'apply' | 'take' }>;

function planWrite(
  desired: DesiredObject,
  decision: WriteDecision,
  observation: Observation,
): Omit<PlannedObject, 'ref'> {
  const predicted = observation.predicted;
  const note =
    decision.kind === 'take' && decision.how !== 'handover'
      ? { reason: `from ${decision.from}` }
      : {};
  if (predicted === undefined) return { action: 'update', changes: [], ...note };
  switch (predicted.kind) {
    case 'done': {
      const listKeys = observation.kind?.listKeys ?? ((): undefined => undefined);
      const changes = compareObjects(decision.live, predicted.object, listKeys);
      return { action: writeAction(decision, changes.length), changes, ...note };
    }
    case 'conflict': {
      const fields = predicted.conflicts.map(
        (conflict) => `${conflict.field} (${conflict.manager})`,
      );
      return { action: 'recover', changes: [], reason: `changed by others: ${fields.join(', ')}` };
    }
    case 'rejected':
      return planRejection(desired, predicted);
    case 'exists':
    case 'gone':
    case 'stale':
      return { action: 'wait', changes: [], reason: 'the object is changing right now' };
    case 'unknown':
      return { action: 'blocked', changes: [], reason: predicted.message };
  }
}

function writeAction(decision: WriteDecision, changes: number): Action {
  if (decision.kind === 'take' && decision.how === 'adopt') return 'adopt';
  if (decision.kind === 'take' && decision.how === 'transfer') return 'transfer';
  return changes === 0 ? 'none' : 'update';
}

function planRejection(
  desired: DesiredObject,
  rejected: Extract<WriteResult, { kind: 'rejected' }>,
): Omit<PlannedObject, 'ref'> {
  if (!rejected.immutable) return { action: 'blocked', changes: [], reason: rejected.message };
  const allowed = annotationOf(desired.manifest, ANNOTATION.replace) === 'allowed';
  return allowed
    ? { action: 'replace', changes: [], reason: rejected.message }
    : {
        action: 'blocked',
        changes: [],
        reason: `${rejected.message}; set sluice.dev/replace: allowed to delete and create it anew`,
      };
}

/** Replacements do not count: each is allowed by name, on its own object. */
function judgeUnit(input: UnitPlanInput, entries: readonly InventoryEntry[]): SafetyVerdict {
  const deleted = entries.filter(
    (entry) => entry.keep !== true && entry.leaving !== true && !input.removal.detach,
  );
  return judgeUnitDeletions({
    unit: input.owner.unit,
    names: deleted.map((entry) => inventoryKey(entry.ref)),
    total: input.inventory.size,
    goesAway: input.desired === undefined,
    renderedEmpty:
      input.desired !== undefined &&
      input.desired.phases.every((phase) => phase.objects.length === 0),
    policy: input.policy,
  });
}

export interface UnitDeletions {
  readonly unit: string;
  readonly names: readonly string[];
  readonly total: number;
  /** The whole unit goes: judged by `maxUnitDeletions` elsewhere, not by its own share. */
  readonly goesAway: boolean;
  readonly renderedEmpty: boolean;
  readonly policy: SafetyPolicy;
}

/** The verdict about the deletions inside one unit. */
export function judgeUnitDeletions(input: UnitDeletions): SafetyVerdict {
  if (input.goesAway) return { kind: 'allowed' };
  const empty = input.renderedEmpty && !input.policy.allowEmpty;
  const verdict = judgeDeletions(
    {
      names: input.names,
      total: input.total,
      limit: limitFor(input, empty),
      setting: empty ? 'allowEmpty: false' : 'maxDeletions',
      scope: input.unit,
    },
    input.policy,
  );
  return verdict;
}

function limitFor(input: UnitDeletions, empty: boolean): Amount {
  if (empty) return { kind: 'count', count: 0 };
  return input.renderedEmpty ? { kind: 'share', percent: 100 } : input.policy.maxDeletions;
}

function planRemoval(
  entry: InventoryEntry,
  input: UnitPlanInput,
  safety: SafetyVerdict,
): PlannedObject {
  const observation = input.observations.get(inventoryKey(entry.ref)) ?? {
    read: { state: 'absent' } as const,
  };
  const { removal, identityOf } = input;
  const targetIdentity = identityOf?.(entry.ref) ?? removal.targetIdentity;
  const decision = decideRemoval(entry, observation.read, { ...removal, targetIdentity });
  switch (decision.kind) {
    case 'gone':
      return { ref: entry.ref, action: 'none', changes: [], reason: 'already gone' };
    case 'release':
      return { ref: entry.ref, action: 'release', changes: [], reason: decision.reason };
    case 'terminating':
      return { ref: entry.ref, action: 'prune', changes: [], reason: 'already being deleted' };
    case 'held':
      return { ref: entry.ref, action: 'wait', changes: [], reason: decision.reason };
    case 'unreadable':
      return { ref: entry.ref, action: 'blocked', changes: [], reason: decision.message };
    case 'delete':
      return safety.kind === 'held'
        ? { ref: entry.ref, action: 'wait', changes: [], reason: safety.reason }
        : { ref: entry.ref, action: 'prune', changes: [] };
  }
}
