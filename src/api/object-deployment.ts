// ObjectDeployment and ClusterObjectDeployment: revisions of an object set with hand-over and history.
import { objectAt } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';
import type { ApiKind } from './api-kind.ts';
import { LABEL_SELECTOR, selectorProblems } from './label-selector.ts';
import type { LabelSelector } from './label-selector.ts';
import { TEMPLATE_FIELDS, templateProblems } from './object-set-template.ts';
import type { ObjectSetTemplateSpec } from './object-set-template.ts';
import { ANY_OBJECT, BOOLEAN, COUNT32, object, resource, withDefault } from './schema-parts.ts';

export interface ObjectDeploymentSpec {
  readonly revisionHistoryLimit: number;
  readonly selector: LabelSelector;
  readonly template: { readonly metadata: JsonObject; readonly spec: ObjectSetTemplateSpec };
  readonly paused?: boolean;
}

const SCHEMA = resource(
  {
    spec: object(
      {
        revisionHistoryLimit: withDefault(COUNT32, 10),
        selector: LABEL_SELECTOR,
        template: object({ metadata: ANY_OBJECT, spec: object(TEMPLATE_FIELDS) }, [
          'metadata',
          'spec',
        ]),
        paused: BOOLEAN,
      },
      ['selector', 'template'],
    ),
  },
  ['spec'],
);

export const OBJECT_DEPLOYMENT: ApiKind = {
  group: 'package-operator.run',
  version: 'v1alpha1',
  kind: 'ObjectDeployment',
  scope: 'Namespaced',
  schema: SCHEMA,
  check: (deployment) => {
    const spec = objectAt(deployment, 'spec');
    const template = objectAt(objectAt(spec, 'template'), 'spec');
    return [
      ...selectorProblems(objectAt(spec, 'selector'), ['spec', 'selector']),
      ...templateProblems(template, ['spec', 'template', 'spec']),
    ];
  },
  immutable: [],
  role: 'unit',
};

export const CLUSTER_OBJECT_DEPLOYMENT: ApiKind = {
  ...OBJECT_DEPLOYMENT,
  kind: 'ClusterObjectDeployment',
  scope: 'Cluster',
};
