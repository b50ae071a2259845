// What revisions are made of: ordered phases of objects and the probes that hold their gates.
import { isObject, listAt, objectAt } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';
import type { AdmissionProblem } from './api-kind.ts';
import { AVAILABILITY_PROBE } from './availability-probe.ts';
import type { ObjectSetProbe } from './availability-probe.ts';
import { OBJECT_SET_OBJECT } from './object-set-object.ts';
import type { ObjectSetObject } from './object-set-object.ts';
import { selectorProblems } from './label-selector.ts';
import { phaseNameProblems } from './phase-names.ts';
import { COUNT32, NON_EMPTY, STRING, list, object } from './schema-parts.ts';

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
    slices: list(NON_EMPTY),
  },
  ['name'],
);

export const TEMPLATE_FIELDS = {
  phases: list(TEMPLATE_PHASE),
  availabilityProbes: list(AVAILABILITY_PROBE),
  successDelaySeconds: COUNT32,
} as const;

/** What the schema of a template cannot say: names of phases, and selectors of probes. */
export function templateProblems(
  template: JsonObject,
  path: readonly string[],
): readonly AdmissionProblem[] {
  return [
    ...phaseNameProblems(listAt(template, 'phases'), [...path, 'phases']),
    ...probeSelectorProblems(template, path),
  ];
}

/** Selectors of `availabilityProbes`. */
export function probeSelectorProblems(
  template: JsonObject,
  path: readonly string[],
): readonly AdmissionProblem[] {
  return listAt(template, 'availabilityProbes').flatMap((probe, index) => {
    const selector = isObject(probe) ? objectAt(objectAt(probe, 'selector'), 'selector') : {};
    return selectorProblems(selector, [
      ...path,
      'availabilityProbes',
      index,
      'selector',
      'selector',
    ]);
  });
}
