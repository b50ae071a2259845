// How the inventory follows a rollout: planned before the first change, applied after it, gone when observed absent. Pure.
import type { PhaseResult } from '../apply/phase-engine.ts';
import type { TeardownResult } from '../apply/result.ts';
import { ANNOTATION, PRUNE_DISABLED } from '../model/annotations.ts';
import { isOurs } from '../model/desired.ts';
import type { DesiredObject, DesiredState } from '../model/desired.ts';
import { inventoryKey, staying } from '../model/inventory.ts';
import type { Inventory, InventoryEntry } from '../model/inventory.ts';
import { annotationOf } from '../model/manifest.ts';
import type { ObjectRef } from '../model/object-key.ts';

export interface EntryContext {
  readonly revision: number;
  /** Identity of the place where an object lives; undefined where nobody has reached it. */
  readonly identityOf: (ref: ObjectRef) => string | undefined;
  /** The whole unit is detached: its objects stay when it goes. */
  readonly detach: boolean;
}

/** Every earlier key, plus the new ones as planned. */
export function planEntries(
  inventory: Inventory,
  desired: DesiredState,
  context: EntryContext,
): Inventory {
  const next = new Map(inventory);
  for (const [phaseIndex, phase] of desired.phases.entries()) {
    for (const object of phase.objects) {
      if (!isOurs(object)) continue;
      const key = inventoryKey(object.ref);
      const known = next.get(key);
      if (known) {
        next.set(key, staying(known));
        continue;
      }
      next.set(key, {
        ...entryFields(object, context),
        claim: { kind: 'planned' },
        phase: phase.name,
        phaseIndex,
      });
    }
  }
  return next;
}

/** Whether the inventory names everything that is desired. */
export function namesAll(inventory: Inventory, desired: DesiredState): boolean {
  return desired.phases.every((phase) =>
    phase.objects.every((object) => !isOurs(object) || inventory.has(inventoryKey(object.ref))),
  );
}

/** What was on its way out and is wanted again stays. */
export function stayingIn(inventory: Inventory, desired: DesiredState): Inventory {
  const leaving = [...inventory].filter(([, entry]) => entry.leaving === true);
  if (leaving.length === 0) return inventory;
  const objects = desired.phases.flatMap((phase) => phase.objects);
  const wanted = new Set(objects.map(({ ref }) => inventoryKey(ref)));
  const back = leaving.filter(([key]) => wanted.has(key));
  return new Map([...inventory, ...back.map(([key, entry]) => [key, staying(entry)] as const)]);
}

/** Turns what was applied into claims with a uid, and brings levers of the entries up to date. */
export function recordResults(
  inventory: Inventory,
  desired: DesiredState,
  results: ReadonlyMap<string, PhaseResult>,
  context: EntryContext,
): Inventory {
  const next = new Map(inventory);
  for (const [phaseIndex, phase] of desired.phases.entries()) {
    const result = results.get(phase.name);
    for (const object of phase.objects) {
      if (!isOurs(object)) continue;
      const key = inventoryKey(object.ref);
      const outcome = result?.objects.get(key)?.outcome;
      const known = inventory.get(key);
      // A key that is not there any more has changed hands while the pass ran.
      if (!outcome || !('uid' in outcome) || !known) continue;
      if (outcome.kind === 'left' && !outcome.ours) {
        const { claim, revision, from } = known;
        const kept = { claim, revision, ...(from === undefined ? {} : { from }) };
        next.set(key, {
          ...entryFields(object, context),
          ...kept,
          phase: phase.name,
          phaseIndex,
        });
        continue;
      }
      next.set(key, {
        ...entryFields(object, context),
        claim: { kind: 'applied', uid: outcome.uid },
        phase: phase.name,
        phaseIndex,
        ...(outcome.handle === undefined ? {} : { handle: outcome.handle }),
      });
    }
  }
  return next;
}

/** Marks entries whose removal is allowed. */
export function markLeaving(inventory: Inventory, entries: readonly InventoryEntry[]): Inventory {
  const next = new Map(inventory);
  for (const entry of entries) {
    next.set(inventoryKey(entry.ref), { ...entry, leaving: true });
  }
  return next;
}

/** Forgets what was observed absent or released. */
export function forgetGone(inventory: Inventory, results: readonly TeardownResult[]): Inventory {
  const gone = results.filter((result) => result.kind === 'gone' || result.kind === 'released');
  if (gone.length === 0) return inventory;
  const next = new Map(inventory);
  for (const result of gone) next.delete(inventoryKey(result.entry.ref));
  return next;
}

/** True where a lever of ours or of another tool says that the object must never be deleted. */
export function isPruneDisabled(object: DesiredObject): boolean {
  return PRUNE_DISABLED.some(([key, value]) =>
    (annotationOf(object.manifest, key) ?? '')
      .split(',')
      .map((part) => part.trim())
      .includes(value),
  );
}

function entryFields(
  object: DesiredObject,
  context: EntryContext,
): Omit<InventoryEntry, 'claim' | 'phase' | 'phaseIndex'> {
  const propagation = annotationOf(object.manifest, ANNOTATION.deletionPropagation);
  const grace = annotationOf(object.manifest, ANNOTATION.deletionGraceSeconds);
  return {
    ref: object.ref,
    targetIdentity: context.identityOf(object.ref) ?? '',
    revision: context.revision,
    ...(isPruneDisabled(object) || context.detach ? { keep: true } : {}),
    ...(isPropagation(propagation) ? { propagation } : {}),
    ...(grace !== undefined && /^\d{1,9}$/.test(grace)
      ? { gracePeriodSeconds: Number(grace) }
      : {}),
  };
}

function isPropagation(text: string | undefined): text is 'Foreground' | 'Background' | 'Orphan' {
  return text === 'Foreground' || text === 'Background' || text === 'Orphan';
}
