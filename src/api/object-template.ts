// ObjectTemplate and ClusterObjectTemplate: one object made from values of other objects (package-operator §10).
import type { ApiKind } from './api-kind.ts';
import { BOOLEAN, NON_EMPTY, STRING, list, object, resource } from './schema-parts.ts';

export interface ObjectTemplateItem {
  /** JSONPath into the source. */
  readonly key: string;
  /** Dotted path below `.config`, with a leading dot. */
  readonly destination: string;
}

export interface ObjectTemplateSource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly items: readonly ObjectTemplateItem[];
  readonly optional?: boolean;
}

export interface ObjectTemplateSpec {
  readonly template: string;
  readonly sources: readonly ObjectTemplateSource[];
}

const SCHEMA = resource(
  {
    spec: object(
      {
        template: STRING,
        sources: list(
          object(
            {
              apiVersion: NON_EMPTY,
              kind: NON_EMPTY,
              namespace: STRING,
              name: NON_EMPTY,
              items: list(
                object({ key: NON_EMPTY, destination: NON_EMPTY }, ['key', 'destination']),
              ),
              optional: BOOLEAN,
            },
            ['apiVersion', 'kind', 'name', 'items'],
          ),
        ),
      },
      ['template', 'sources'],
    ),
  },
  ['spec'],
);

export const OBJECT_TEMPLATE: ApiKind = {
  group: 'package-operator.run',
  version: 'v1alpha1',
  kind: 'ObjectTemplate',
  scope: 'Namespaced',
  schema: SCHEMA,
  immutable: [],
  role: 'unit',
};

export const CLUSTER_OBJECT_TEMPLATE: ApiKind = {
  ...OBJECT_TEMPLATE,
  kind: 'ClusterObjectTemplate',
  scope: 'Cluster',
};
