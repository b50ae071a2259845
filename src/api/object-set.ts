// ObjectSet and ClusterObjectSet: one revision, immutable but for its lifecycle (package-operator §7).
import type { ApiKind } from './api-kind.ts';
import { TEMPLATE_FIELDS } from './object-set-template.ts';
import type { ObjectSetTemplateSpec } from './object-set-template.ts';
import { INT64, STRING, list, object, oneOf, resource, withDefault } from './schema-parts.ts';

export type LifecycleState = 'Active' | 'Paused' | 'Archived';

export interface ObjectSetSpec extends ObjectSetTemplateSpec {
  readonly lifecycleState: LifecycleState;
  readonly previous?: readonly { readonly name: string }[];
  readonly revision?: number;
}

export const PREVIOUS_REVISIONS = list(object({ name: STRING }, ['name']));

const SCHEMA = resource(
  {
    spec: object({
      ...TEMPLATE_FIELDS,
      lifecycleState: withDefault(oneOf('Active', 'Paused', 'Archived'), 'Active'),
      previous: PREVIOUS_REVISIONS,
      revision: INT64,
    }),
  },
  ['spec'],
);

export const OBJECT_SET: ApiKind = {
  group: 'package-operator.run',
  version: 'v1alpha1',
  kind: 'ObjectSet',
  scope: 'Namespaced',
  schema: SCHEMA,
  immutable: [
    'spec.phases',
    'spec.availabilityProbes',
    'spec.successDelaySeconds',
    'spec.previous',
    'spec.revision',
  ],
  role: 'unit',
};

export const CLUSTER_OBJECT_SET: ApiKind = {
  ...OBJECT_SET,
  kind: 'ClusterObjectSet',
  scope: 'Cluster',
};
