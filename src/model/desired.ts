// What rendering makes of a unit: objects in ordered phases with the probes that hold their gates.
import type { Json } from './json.ts';
import type { Location } from './diagnostic.ts';
import type { Manifest } from './manifest.ts';
import type { ObjectRef } from './object-key.ts';

export type CollisionProtection = 'Prevent' | 'IfNoController' | 'None';

export interface ConditionMapping {
  readonly sourceType: string;
  readonly destinationType: string;
}

export interface DesiredObject {
  readonly ref: ObjectRef;
  /** Namespace settled, `status` and phase annotations gone; levers of `sluice.dev/*` still on it. */
  readonly manifest: Manifest;
  readonly collisionProtection: CollisionProtection;
  readonly conditionMappings: readonly ConditionMapping[];
  /** Only watched and probed, never written or removed (`externalObjects`, package-operator §7.5). */
  readonly external?: boolean;
  /** Paths such as `.spec.replicas` that others may set once the object exists (`ignoreDifferences`). */
  readonly ignoredFields?: readonly string[];
  /** Set where values of a Secret went into the object: what may be shown of it, and texts to be taken out of messages; none where they are not known any more. */
  readonly secrecy?: { readonly shown: Manifest; readonly values: readonly string[] };
  /** Another unit has claimed it and takes it when it gets there: kept up until then, and only watched afterwards. */
  readonly yielded?: true;
  /** Every condition of the object belongs on the unit (ObjectTemplate, package-operator §10). */
  readonly copyConditions?: true;
  /** Where the object comes from, for messages. */
  readonly source: Location;
}

/** Whether who wants the object makes a claim on it; others are somebody else's to write in the end. */
export function isOurs({
  external,
  yielded,
}: Pick<DesiredObject, 'external' | 'yielded'>): boolean {
  return external !== true && yielded !== true;
}

export interface DesiredPhase {
  readonly name: string;
  /** Target that runs the phase, where the API names a class; undefined is the unit's own. */
  readonly class: string | undefined;
  /** The class names no target: an ObjectSetPhase stands for the phase, and somebody else runs it. */
  readonly remote?: true;
  readonly objects: readonly DesiredObject[];
}

/** `availabilityProbes[]` of the Package Operator API, already validated against its schema. */
export interface AvailabilityProbe {
  readonly selector: Json;
  readonly probes: readonly Json[];
}

export interface DesiredState {
  readonly phases: readonly DesiredPhase[];
  readonly availabilityProbes: readonly AvailabilityProbe[];
  /** Whether objects that no probe selects must also be ready by the built-in rules. */
  readonly builtinProbes: boolean;
  /** Seconds an available revision must stay so before it counts as succeeded. */
  readonly successDelaySeconds: number;
  /** How many archived revisions are kept. */
  readonly revisionHistoryLimit: number;
  /** Progress deadline of a phase in milliseconds; undefined for none. */
  readonly timeoutMs: number | undefined;
  /** `kubernetes.io/change-cause` and friends, for history. */
  readonly annotations: Readonly<Record<string, string>>;
  /** `spec.previous` of a set: names of older sets of the same kind and namespace. */
  readonly previous?: readonly string[];
  /** Hash of all of the above that defines the revision; `sluice.dev/*` keys are no part of it. */
  readonly templateHash: string;
}
