// Plain folders have no phases of their own: the order of kinds gives them some.
import { groupOf } from '../model/manifest.ts';

export const KIND_PHASES = [
  'namespaces',
  'crds',
  'rbac',
  'configuration',
  'storage',
  'workloads',
  'routes',
  'rest',
] as const;

export type KindPhase = (typeof KIND_PHASES)[number];

const CORE: Readonly<Record<string, KindPhase>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'rbac',
  ConfigMap: 'configuration',
  Secret: 'configuration',
  LimitRange: 'configuration',
  ResourceQuota: 'configuration',
  PodTemplate: 'configuration',
  PersistentVolume: 'storage',
  // A claim of a class that binds on first use stays unbound until its Pod exists: a gate between the
  // two would never open, so claims go with the workloads.
  PersistentVolumeClaim: 'workloads',
};

const GROUPS: Readonly<Record<string, KindPhase>> = {
  'apiextensions.k8s.io': 'crds',
  'rbac.authorization.k8s.io': 'rbac',
  'scheduling.k8s.io': 'configuration',
  'node.k8s.io': 'configuration',
  'storage.k8s.io': 'storage',
  'snapshot.storage.k8s.io': 'storage',
  apps: 'workloads',
  batch: 'workloads',
  autoscaling: 'workloads',
  policy: 'workloads',
  'discovery.k8s.io': 'workloads',
  'networking.k8s.io': 'routes',
  'gateway.networking.k8s.io': 'routes',
  'route.openshift.io': 'routes',
  'apiregistration.k8s.io': 'routes',
  // They send requests to workloads; before those are ready they would only refuse.
  'admissionregistration.k8s.io': 'routes',
};

const EXCEPTIONS: Readonly<Record<string, KindPhase>> = {
  'networking.k8s.io/NetworkPolicy': 'configuration',
  'project.openshift.io/Project': 'namespaces',
};

/** The phase of a plain manifest. */
export function kindPhase(apiVersion: string, kind: string): KindPhase {
  const group = groupOf(apiVersion);
  if (group === '') return CORE[kind] ?? 'workloads';
  return EXCEPTIONS[`${group}/${kind}`] ?? GROUPS[group] ?? 'rest';
}
