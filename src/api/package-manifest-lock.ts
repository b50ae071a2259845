// PackageManifestLock: images of a package pinned to digests (package-operator §1.5, §5.2).
import type { ApiKind } from './api-kind.ts';
import { STRING, list, object, resource } from './schema-parts.ts';

export interface LockedImage {
  readonly name: string;
  readonly image: string;
  readonly digest: string;
}

export interface LockedDependency {
  readonly name: string;
  readonly image: string;
  readonly digest: string;
}

export interface PackageManifestLock {
  readonly images: readonly LockedImage[];
  readonly dependencies: readonly LockedDependency[];
}

const LOCKED = object({ name: STRING, image: STRING, digest: STRING, version: STRING });

export const PACKAGE_MANIFEST_LOCK: ApiKind = {
  group: 'manifests.package-operator.run',
  version: 'v1alpha1',
  kind: 'PackageManifestLock',
  scope: 'Namespaced',
  schema: resource({ spec: object({ images: list(LOCKED), dependencies: list(LOCKED) }) }),
  immutable: [],
  role: 'package-file',
};
