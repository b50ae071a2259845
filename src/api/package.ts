// Package and ClusterPackage: one installation of a package (package-operator §5.4).
import type { Json } from '../model/json.ts';
import type { ApiKind } from './api-kind.ts';
import { ANY_OBJECT, BOOLEAN, STRING, object, resource } from './schema-parts.ts';

export interface PackageSpec {
  /** `./folder` of this repository, an OCI reference, or a `git+` address. */
  readonly image: string;
  readonly config?: Json;
  /** Component of a multi-component package; empty for the root package. */
  readonly component?: string;
  readonly paused?: boolean;
}

const SCHEMA = resource(
  {
    spec: object({ image: STRING, config: ANY_OBJECT, component: STRING, paused: BOOLEAN }, [
      'image',
    ]),
  },
  ['spec'],
);

export const PACKAGE: ApiKind = {
  group: 'package-operator.run',
  version: 'v1alpha1',
  kind: 'Package',
  scope: 'Namespaced',
  schema: SCHEMA,
  immutable: [],
  role: 'unit',
};

export const CLUSTER_PACKAGE: ApiKind = { ...PACKAGE, kind: 'ClusterPackage', scope: 'Cluster' };
