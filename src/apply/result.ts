// Results of the three engines, as values: every caller branches on them, nothing is thrown for expected trouble.
import type { Diagnostic } from '../model/diagnostic.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import type { ObjectRef } from '../model/object-key.ts';
import type { FieldConflict, LiveObject } from '../targets/target.ts';

export type ObjectResult =
  | (Applied & { readonly kind: 'created' })
  | (Applied & { readonly kind: 'updated' })
  /** Somebody else had changed our fields; they were set back. */
  | (Applied & { readonly kind: 'recovered'; readonly conflicts: readonly FieldConflict[] })
  | (Applied & { readonly kind: 'adopted'; readonly from: string })
  | (Applied & { readonly kind: 'transferred'; readonly from: string })
  /** Taken over from an older revision of the same unit. */
  | (Applied & { readonly kind: 'handedOver'; readonly from: string })
  | (Applied & { readonly kind: 'idle' })
  /** Differs, but a lever says to leave it; `ours` is false where it still carries somebody else's marker. */
  | (Applied & { readonly kind: 'left'; readonly drifted: boolean; readonly ours: boolean })
  /** A newer revision owns it. */
  | {
      readonly kind: 'progressed';
      readonly ref: ObjectRef;
      readonly live: LiveObject;
      readonly revision: number;
    }
  | { readonly kind: 'collision'; readonly ref: ObjectRef; readonly diagnostic: Diagnostic }
  /** The old object must go first, or a replacement is under way. */
  | {
      readonly kind: 'waiting';
      readonly ref: ObjectRef;
      readonly reason: string;
      readonly replacing: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly ref: ObjectRef;
      readonly diagnostic: Diagnostic;
      readonly retryable: boolean;
    };

interface Applied {
  readonly ref: ObjectRef;
  readonly live: LiveObject;
  readonly uid: string;
  readonly version: string;
  readonly handle?: string;
}

/** Narrows to results after which the object exists and is ours (or left as ours). */
export function isApplied<R extends ObjectResult | ObjectOutcome>(
  result: R,
): result is Extract<R, { readonly uid: string }> {
  const { kind } = result;
  switch (kind) {
    case 'created':
    case 'updated':
    case 'recovered':
    case 'adopted':
    case 'transferred':
    case 'handedOver':
    case 'idle':
    case 'left':
      return true;
    case 'progressed':
    case 'collision':
    case 'waiting':
    case 'failed':
      return false;
  }
}

type Slim<T> = T extends unknown ? Omit<T, 'live'> : never;

/** A result without the live object. */
export type ObjectOutcome = Slim<ObjectResult>;

/** Lets go of the live object, which may be large. */
export function outcomeOf(result: ObjectResult): ObjectOutcome {
  if (!('live' in result)) return result;
  const { live: _live, ...outcome } = result;
  return outcome;
}

export type TeardownResult =
  /** Observed absent: the entry can be forgotten. */
  | { readonly kind: 'gone'; readonly entry: InventoryEntry }
  /** Deletion is accepted, or the object is on its way out. */
  | { readonly kind: 'deleting'; readonly entry: InventoryEntry }
  /** Our markers are off, the object stays: the entry can be forgotten. */
  | { readonly kind: 'released'; readonly entry: InventoryEntry; readonly reason: string }
  | { readonly kind: 'held'; readonly entry: InventoryEntry; readonly diagnostic: Diagnostic }
  | {
      readonly kind: 'failed';
      readonly entry: InventoryEntry;
      readonly diagnostic: Diagnostic;
      readonly retryable: boolean;
    };

/** One thing that happened, for logs and live output. */
export interface ApplyEvent {
  readonly unit: string;
  readonly phase: string;
  readonly ref: ObjectRef;
  readonly what: ObjectResult['kind'] | TeardownResult['kind'];
  readonly message?: string;
}
