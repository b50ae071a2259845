// ObjectSet and ClusterObjectSet: one revision, immutable but for its lifecycle (package-operator §7).
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';
import type { AdmissionProblem, ApiKind } from './api-kind.ts';
import { TEMPLATE_FIELDS, templateProblems } from './object-set-template.ts';
import type { ObjectSetTemplateSpec } from './object-set-template.ts';
import { INT64, NON_EMPTY, list, object, oneOf, resource, withDefault } from './schema-parts.ts';

export type LifecycleState = 'Active' | 'Paused' | 'Archived';

export interface ObjectSetSpec extends ObjectSetTemplateSpec {
  readonly lifecycleState: LifecycleState;
  readonly previous?: readonly { readonly name: string }[];
  readonly revision?: number;
}

export const PREVIOUS_REVISIONS = list(object({ name: NON_EMPTY }, ['name']));

/** A set that is named twice is taken over from once: nothing is lost, but somebody meant another name. */
export function previousProblems(spec: JsonObject): readonly AdmissionProblem[] {
  const names = listAt(spec, 'previous').map((item) =>
    isObject(item) ? stringAt(item, 'name') : undefined,
  );
  return names.flatMap((name, index): readonly AdmissionProblem[] => {
    if (name === undefined || names.indexOf(name) === index) return [];
    const message = `spec.previous[${index}].name: Duplicate value: ${JSON.stringify(name)}`;
    return [{ severity: 'warning', path: ['spec', 'previous', index, 'name'], message }];
  });
}

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
  check: (set) => {
    const spec = objectAt(set, 'spec');
    return [...templateProblems(spec, ['spec']), ...previousProblems(spec)];
  },
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
