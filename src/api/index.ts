// The resource kinds that Sluice knows, and how to find one.
import { apiVersionOf } from './api-kind.ts';
import type { ApiKind } from './api-kind.ts';
import { CONFIG } from './config.ts';
import { DAEMON_CONFIG } from './daemon-config.ts';
import { DELETION } from './deletion.ts';
import { CLUSTER_OBJECT_DEPLOYMENT, OBJECT_DEPLOYMENT } from './object-deployment.ts';
import { CLUSTER_OBJECT_SET_PHASE, OBJECT_SET_PHASE } from './object-set-phase.ts';
import { CLUSTER_OBJECT_SET, OBJECT_SET } from './object-set.ts';
import { CLUSTER_OBJECT_SLICE, OBJECT_SLICE } from './object-slice.ts';
import { CLUSTER_OBJECT_TEMPLATE, OBJECT_TEMPLATE } from './object-template.ts';
import { PACKAGE_MANIFEST_LOCK } from './package-manifest-lock.ts';
import { PACKAGE_MANIFEST } from './package-manifest.ts';
import { CLUSTER_PACKAGE, PACKAGE } from './package.ts';

export const API_KINDS: readonly ApiKind[] = [
  PACKAGE,
  CLUSTER_PACKAGE,
  OBJECT_DEPLOYMENT,
  CLUSTER_OBJECT_DEPLOYMENT,
  OBJECT_SET,
  CLUSTER_OBJECT_SET,
  OBJECT_SET_PHASE,
  CLUSTER_OBJECT_SET_PHASE,
  OBJECT_SLICE,
  CLUSTER_OBJECT_SLICE,
  OBJECT_TEMPLATE,
  CLUSTER_OBJECT_TEMPLATE,
  PACKAGE_MANIFEST,
  PACKAGE_MANIFEST_LOCK,
  CONFIG,
  DELETION,
  DAEMON_CONFIG,
];

const BY_NAME: ReadonlyMap<string, ApiKind> = new Map(
  API_KINDS.map((kind) => [`${apiVersionOf(kind)}/${kind.kind}`, kind]),
);

const BY_GROUP_KIND: ReadonlyMap<string, ApiKind> = new Map(
  API_KINDS.map((kind) => [`${kind.group}/${kind.kind}`, kind]),
);

/** The kind of this exact version, or undefined. */
export function findApiKind(apiVersion: string, kind: string): ApiKind | undefined {
  return BY_NAME.get(`${apiVersion}/${kind}`);
}

/** The kind whatever its version, or undefined: to say "wrong version" instead of "unknown". */
export function findApiKindOfGroup(group: string, kind: string): ApiKind | undefined {
  return BY_GROUP_KIND.get(`${group}/${kind}`);
}
