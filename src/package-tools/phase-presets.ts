// In which phase of a new package a kind goes, and what makes it available (package-operator §9, "Kickstart").
import type { JsonObject } from '../model/json.ts';
import { groupOf } from '../model/manifest.ts';

/** In the order in which they open. */
export const PRESET_PHASES = [
  'namespaces',
  'policies',
  'rbac',
  'crds',
  'storage',
  'deploy',
  'publish',
  'other',
] as const;

export type PresetPhase = (typeof PRESET_PHASES)[number];

/** By `group/Kind`; the core group is empty. */
const PHASES: Readonly<Record<string, PresetPhase>> = {
  '/Namespace': 'namespaces',
  'project.openshift.io/Project': 'namespaces',
  '/LimitRange': 'policies',
  '/ResourceQuota': 'policies',
  'networking.k8s.io/NetworkPolicy': 'policies',
  'policy/PodDisruptionBudget': 'policies',
  'policy/PodSecurityPolicy': 'policies',
  'scheduling.k8s.io/PriorityClass': 'policies',
  'node.k8s.io/RuntimeClass': 'policies',
  'security.openshift.io/SecurityContextConstraints': 'policies',
  '/ServiceAccount': 'rbac',
  'rbac.authorization.k8s.io/ClusterRole': 'rbac',
  'rbac.authorization.k8s.io/ClusterRoleBinding': 'rbac',
  'rbac.authorization.k8s.io/Role': 'rbac',
  'rbac.authorization.k8s.io/RoleBinding': 'rbac',
  'apiextensions.k8s.io/CustomResourceDefinition': 'crds',
  '/PersistentVolume': 'storage',
  'storage.k8s.io/StorageClass': 'storage',
  'storage.k8s.io/CSIDriver': 'storage',
  'snapshot.storage.k8s.io/VolumeSnapshotClass': 'storage',
  '/ConfigMap': 'deploy',
  // With a class that binds on first use a claim waits for its Pod: in a phase before it the gate would
  // never open. Upstream's preset has claims under storage.
  '/PersistentVolumeClaim': 'deploy',
  '/Pod': 'deploy',
  '/ReplicationController': 'deploy',
  '/Secret': 'deploy',
  '/Service': 'deploy',
  'apps/DaemonSet': 'deploy',
  'apps/Deployment': 'deploy',
  'apps/ReplicaSet': 'deploy',
  'apps/StatefulSet': 'deploy',
  'autoscaling/HorizontalPodAutoscaler': 'deploy',
  'batch/CronJob': 'deploy',
  'batch/Job': 'deploy',
  'operators.coreos.com/ClusterServiceVersion': 'deploy',
  // They send requests to what was deployed.
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': 'publish',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': 'publish',
  'apiregistration.k8s.io/APIService': 'publish',
  'gateway.networking.k8s.io/Gateway': 'publish',
  'gateway.networking.k8s.io/HTTPRoute': 'publish',
  'networking.k8s.io/Ingress': 'publish',
  'route.openshift.io/Route': 'publish',
};

/** The phase of an object in a new package. */
export function presetPhase(apiVersion: string, kind: string): PresetPhase {
  return PHASES[`${groupOf(apiVersion)}/${kind}`] ?? 'other';
}

interface ProbePreset {
  readonly group: string;
  readonly kind: string;
  readonly probes: readonly JsonObject[];
}

const condition = (type: string): JsonObject => ({ condition: { status: 'True', type } });
const equal = (fieldA: string, fieldB: string): JsonObject => ({ fieldsEqual: { fieldA, fieldB } });
const cel = (rule: string, message: string): JsonObject => ({ cel: { message, rule } });

/** What makes kinds available; others are available when they exist. In the order of a manifest. */
export const PROBE_PRESETS: readonly ProbePreset[] = [
  {
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    probes: [condition('Established')],
  },
  {
    group: '',
    kind: 'PersistentVolumeClaim',
    probes: [
      cel(
        'has(self.status) && has(self.status.phase) && self.status.phase == "Bound"',
        'not bound',
      ),
    ],
  },
  {
    group: 'apps',
    kind: 'Deployment',
    probes: [condition('Available'), equal('.status.updatedReplicas', '.status.replicas')],
  },
  {
    group: 'apps',
    kind: 'StatefulSet',
    probes: [
      equal('.status.updatedReplicas', '.status.replicas'),
      equal('.status.readyReplicas', '.status.replicas'),
    ],
  },
  {
    group: 'apps',
    kind: 'DaemonSet',
    // A fresh one counts zero of zero: until its controller has seen it that means nothing.
    probes: [
      cel(
        'has(self.status) && has(self.status.observedGeneration) && ' +
          'self.status.numberReady == self.status.desiredNumberScheduled && ' +
          '(self.status.desiredNumberScheduled == 0 || (has(self.status.updatedNumberScheduled) && ' +
          'self.status.updatedNumberScheduled == self.status.desiredNumberScheduled))',
        'not all nodes run the newest version',
      ),
    ],
  },
  { group: 'batch', kind: 'Job', probes: [condition('Complete')] },
  {
    group: 'operators.coreos.com',
    kind: 'ClusterServiceVersion',
    probes: [
      cel(
        'has(self.status) && has(self.status.phase) && self.status.phase == "Succeeded"',
        'not installed',
      ),
    ],
  },
  {
    group: 'route.openshift.io',
    kind: 'Route',
    probes: [
      cel(
        'has(self.status) && has(self.status.ingress) && size(self.status.ingress) > 0 && ' +
          'self.status.ingress.all(i, ' +
          'has(i.conditions) && i.conditions.exists(c, c.type == "Admitted" && c.status == "True"))',
        'not admitted by every router',
      ),
    ],
  },
];
