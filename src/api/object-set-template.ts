// What revisions are made of: ordered phases of objects and the probes that hold their gates.
import { AVAILABILITY_PROBE } from './availability-probe.ts';
import type { ObjectSetProbe } from './availability-probe.ts';
import { OBJECT_SET_OBJECT } from './object-set-object.ts';
import type { ObjectSetObject } from './object-set-object.ts';
import { INT32, STRING, list, object } from './schema-parts.ts';

export interface ObjectSetTemplatePhase {
  readonly name: string;
  /** Who runs the phase: empty or `default` for ourselves, a target's name, or somebody else's controller. */
  readonly class?: string;
  readonly objects?: readonly ObjectSetObject[];
  /** Only watched, never written. */
  readonly externalObjects?: readonly ObjectSetObject[];
  /** Names of ObjectSlices of the same scope that hold further objects. */
  readonly slices?: readonly string[];
}

export interface ObjectSetTemplateSpec {
  readonly phases?: readonly ObjectSetTemplatePhase[];
  readonly availabilityProbes?: readonly ObjectSetProbe[];
  readonly successDelaySeconds?: number;
}

export const TEMPLATE_PHASE = object(
  {
    name: STRING,
    class: STRING,
    objects: list(OBJECT_SET_OBJECT),
    externalObjects: list(OBJECT_SET_OBJECT),
    slices: list(STRING),
  },
  ['name'],
);

export const TEMPLATE_FIELDS = {
  phases: list(TEMPLATE_PHASE),
  availabilityProbes: list(AVAILABILITY_PROBE),
  successDelaySeconds: INT32,
} as const;
