// The kinds that every Kubernetes API server knows without a CRD: scope, resource name, subresources.
import { groupOf } from '../model/manifest.ts';

export type Scope = 'Namespaced' | 'Cluster';

export interface BuiltinKind {
  readonly group: string;
  readonly kind: string;
  readonly scope: Scope;
  /** The plural in lower case, as in URLs and in messages such as `configmaps "a" not found`. */
  readonly resource: string;
  /** Served versions, the one clients prefer first. */
  readonly versions: readonly string[];
  /** Whether `status` is a subresource: writes of the object itself leave it alone. */
  readonly status: boolean;
  /** Whether `metadata.generation` counts the changes of everything outside metadata and status. */
  readonly generation: boolean;
}

/**
 * One row per group and set of versions: cluster-scoped kinds, then namespaced ones.
 * `*` marks kinds with a status subresource, `+` kinds whose generation counts.
 * Facts: discovery of 1.31 (transcript `discovery`) and the OpenAPI document of 1.36.
 */
const ROWS: readonly (readonly [
  group: string,
  versions: string,
  cluster: string,
  namespaced: string,
])[] = [
  [
    '',
    'v1',
    'Namespace* Node* PersistentVolume*',
    'ConfigMap Endpoints Event LimitRange PersistentVolumeClaim* Pod* PodTemplate+ ReplicationController*+ ' +
      'ResourceQuota* Secret Service* ServiceAccount',
  ],
  [
    'admissionregistration.k8s.io',
    'v1',
    'MutatingWebhookConfiguration+ ValidatingWebhookConfiguration+ ValidatingAdmissionPolicy*+ ' +
      'ValidatingAdmissionPolicyBinding+',
    '',
  ],
  [
    'admissionregistration.k8s.io',
    'v1 v1beta1 v1alpha1',
    'MutatingAdmissionPolicy+ MutatingAdmissionPolicyBinding+',
    '',
  ],
  ['apiextensions.k8s.io', 'v1', 'CustomResourceDefinition*+', ''],
  ['apiregistration.k8s.io', 'v1', 'APIService*', ''],
  ['apps', 'v1', '', 'ControllerRevision DaemonSet*+ Deployment*+ ReplicaSet*+ StatefulSet*+'],
  ['autoscaling', 'v2 v1', '', 'HorizontalPodAutoscaler*'],
  ['batch', 'v1', '', 'CronJob*+ Job*+'],
  ['certificates.k8s.io', 'v1', 'CertificateSigningRequest*', ''],
  ['certificates.k8s.io', 'v1beta1 v1alpha1', 'ClusterTrustBundle', ''],
  ['certificates.k8s.io', 'v1beta1', '', 'PodCertificateRequest*'],
  ['coordination.k8s.io', 'v1', '', 'Lease'],
  ['coordination.k8s.io', 'v1beta1 v1alpha2', '', 'LeaseCandidate'],
  ['discovery.k8s.io', 'v1', '', 'EndpointSlice+'],
  ['events.k8s.io', 'v1', '', 'Event'],
  ['flowcontrol.apiserver.k8s.io', 'v1', 'FlowSchema*+ PriorityLevelConfiguration*+', ''],
  ['internal.apiserver.k8s.io', 'v1alpha1', 'StorageVersion*', ''],
  ['networking.k8s.io', 'v1', 'IngressClass+', 'Ingress*+ NetworkPolicy+'],
  ['networking.k8s.io', 'v1 v1beta1', 'IPAddress ServiceCIDR*', ''],
  ['node.k8s.io', 'v1', 'RuntimeClass', ''],
  ['policy', 'v1', '', 'PodDisruptionBudget*+'],
  ['rbac.authorization.k8s.io', 'v1', 'ClusterRole ClusterRoleBinding', 'Role RoleBinding'],
  [
    'resource.k8s.io',
    'v1 v1beta2 v1beta1',
    'DeviceClass+ ResourceSlice+',
    'ResourceClaim* ResourceClaimTemplate',
  ],
  ['resource.k8s.io', 'v1beta2 v1alpha3', 'DeviceTaintRule*+', ''],
  ['resource.k8s.io', 'v1alpha3', 'ResourcePoolStatusRequest*', ''],
  ['scheduling.k8s.io', 'v1', 'PriorityClass+', ''],
  ['scheduling.k8s.io', 'v1alpha2', '', 'PodGroup* Workload'],
  [
    'storage.k8s.io',
    'v1',
    'CSIDriver CSINode StorageClass VolumeAttachment*',
    'CSIStorageCapacity',
  ],
  ['storage.k8s.io', 'v1 v1beta1', 'VolumeAttributesClass', ''],
  ['storagemigration.k8s.io', 'v1beta1', 'StorageVersionMigration*', ''],
];

const KINDS: ReadonlyMap<string, BuiltinKind> = new Map(
  ROWS.flatMap(([group, versions, cluster, namespaced]) => [
    ...readKinds(group, versions, 'Cluster', cluster),
    ...readKinds(group, versions, 'Namespaced', namespaced),
  ]).map((entry) => [`${entry.group}/${entry.kind}`, entry]),
);

/** Every built-in kind, in the order of the table. */
export const BUILTIN_KINDS: readonly BuiltinKind[] = [...KINDS.values()];

/** The built-in kind of this group, whatever its version; undefined when there is none. */
export function builtinKind(group: string, kind: string): BuiltinKind | undefined {
  return KINDS.get(`${group}/${kind}`);
}

/**
 * Whether objects of a built-in kind live in a namespace. Versions that are no longer served count too,
 * because the scope of a kind never changed between versions.
 * @param apiVersion such as `v1` or `apps/v1`
 * @returns undefined for a kind that only a CRD can define
 */
export function scopeOfBuiltin(apiVersion: string, kind: string): Scope | undefined {
  return builtinKind(groupOf(apiVersion), kind)?.scope;
}

/** The plural that Kubernetes derives from a kind; every built-in kind but Endpoints follows the rule. */
export function pluralOf(kind: string): string {
  const word = kind.toLowerCase();
  if (word === 'endpoints') return word;
  if (/(?:s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return `${word}s`;
}

function readKinds(group: string, versions: string, scope: Scope, names: string): BuiltinKind[] {
  return names
    .split(' ')
    .filter((name) => name !== '')
    .map((name) => {
      const kind = name.replace(/[*+]+$/, '');
      return {
        group,
        kind,
        scope,
        resource: pluralOf(kind),
        versions: versions.split(' '),
        status: name.includes('*'),
        generation: name.includes('+'),
      };
    });
}
