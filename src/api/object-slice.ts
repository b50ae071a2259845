// ObjectSlice and ClusterObjectSlice: objects of phases, kept apart because of their size.
import type { ApiKind } from './api-kind.ts';
import { OBJECT_SET_OBJECT } from './object-set-object.ts';
import { list, resource } from './schema-parts.ts';

export const OBJECT_SLICE: ApiKind = {
  group: 'package-operator.run',
  version: 'v1alpha1',
  kind: 'ObjectSlice',
  scope: 'Namespaced',
  schema: resource({ objects: list(OBJECT_SET_OBJECT) }, ['objects']),
  // Slices are named by their content; revisions that share one must not change under each other.
  immutable: ['objects'],
  role: 'part',
};

export const CLUSTER_OBJECT_SLICE: ApiKind = {
  ...OBJECT_SLICE,
  kind: 'ClusterObjectSlice',
  scope: 'Cluster',
};
