// ObjectSetPhase and ClusterObjectSetPhase: one phase handed to another controller (package-operator §7.4).
import { objectAt } from '../model/json.ts';
import type { ApiKind } from './api-kind.ts';
import { AVAILABILITY_PROBE } from './availability-probe.ts';
import type { ObjectSetProbe } from './availability-probe.ts';
import { OBJECT_SET_OBJECT } from './object-set-object.ts';
import type { ObjectSetObject } from './object-set-object.ts';
import { probeSelectorProblems } from './object-set-template.ts';
import { PREVIOUS_REVISIONS, previousProblems } from './object-set.ts';
import { BOOLEAN, INT64, list, object, resource } from './schema-parts.ts';

export interface ObjectSetPhaseSpec {
  readonly revision: number;
  readonly paused?: boolean;
  readonly previous?: readonly { readonly name: string }[];
  readonly availabilityProbes?: readonly ObjectSetProbe[];
  readonly objects: readonly ObjectSetObject[];
  readonly externalObjects?: readonly ObjectSetObject[];
}

const SCHEMA = resource(
  {
    spec: object(
      {
        revision: INT64,
        paused: BOOLEAN,
        previous: PREVIOUS_REVISIONS,
        availabilityProbes: list(AVAILABILITY_PROBE),
        objects: list(OBJECT_SET_OBJECT),
        externalObjects: list(OBJECT_SET_OBJECT),
      },
      ['revision', 'objects'],
    ),
  },
  ['spec'],
);

export const OBJECT_SET_PHASE: ApiKind = {
  group: 'package-operator.run',
  version: 'v1alpha1',
  kind: 'ObjectSetPhase',
  scope: 'Namespaced',
  schema: SCHEMA,
  check: (phase) => {
    const spec = objectAt(phase, 'spec');
    return [...probeSelectorProblems(spec, ['spec']), ...previousProblems(spec)];
  },
  immutable: [
    'spec.revision',
    'spec.previous',
    'spec.availabilityProbes',
    'spec.objects',
    'spec.externalObjects',
  ],
  role: 'unit',
};

export const CLUSTER_OBJECT_SET_PHASE: ApiKind = {
  ...OBJECT_SET_PHASE,
  kind: 'ClusterObjectSetPhase',
  scope: 'Cluster',
};
