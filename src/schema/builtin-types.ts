// Merge types of the built-in kinds: which lists have keys, which are sets, what is owned as a whole.
import { groupOf } from '../model/manifest.ts';
import { BUILTIN_KINDS, builtinKind } from './builtin-kinds.ts';
import { ATOMIC, ORDINARY } from './merge-type.ts';
import type { ListKey, MergeType } from './merge-type.ts';

/**
 * `Type = field…` with one mark per field: `f:T` is an object of type T, `f[a,b]T` a list whose entries have
 * the keys a and b (`=` gives a key's default; `f[a]!` owns entries as a whole), `f[]` a set, `f*` a map whose keys are data, `f!` is owned as
 * a whole. Fields that are not listed are ordinary: objects field by field, lists as a whole.
 * Facts of the OpenAPI document of Kubernetes 1.36; the marks did not change since 1.27 where both exist.
 */
const ROWS = `
APIService = status:APIServiceStatus
APIServiceStatus = conditions[type]
Affinity = nodeAffinity:NodeAffinity
AllocatedDeviceStatus = conditions[type]
AllocationResult = nodeSelector!
CSIDriver = spec:CSIDriverSpec
CSIDriverSpec = volumeLifecycleModes[]
CSINode = spec:CSINodeSpec
CSINodeSpec = drivers[name]
CSIPersistentVolumeSource = controllerExpandSecretRef! controllerPublishSecretRef!
  nodeExpandSecretRef! nodePublishSecretRef! nodeStageSecretRef! volumeAttributes*
CSIStorageCapacity = nodeTopology!
CSIVolumeSource = nodePublishSecretRef! volumeAttributes*
CephFSPersistentVolumeSource = secretRef!
CephFSVolumeSource = secretRef!
CertificateSigningRequest = spec:CertificateSigningRequestSpec
  status:CertificateSigningRequestStatus
CertificateSigningRequestSpec = extra*
CertificateSigningRequestStatus = conditions[type]
CinderPersistentVolumeSource = secretRef!
CinderVolumeSource = secretRef!
ClusterRoleBinding = roleRef!
ConfigMap = binaryData* data*
Container = env[name]EnvVar ports[containerPort,protocol=TCP] resources:ResourceRequirements
  volumeDevices[devicePath] volumeMounts[mountPath]
CronJob = spec:CronJobSpec
CronJobSpec = jobTemplate:JobTemplateSpec
CustomResourceDefinition = status:CustomResourceDefinitionStatus
CustomResourceDefinitionStatus = conditions[type]
DaemonSet = spec:DaemonSetSpec status:DaemonSetStatus
DaemonSetSpec = selector! template:PodTemplateSpec
DaemonSetStatus = conditions[type]
Deployment = spec:DeploymentSpec status:DeploymentStatus
DeploymentSpec = selector! template:PodTemplateSpec
DeploymentStatus = conditions[type]
DeviceTaintRule = status:DeviceTaintRuleStatus
DeviceTaintRuleStatus = conditions[type]
EnvVar = valueFrom:EnvVarSource
EnvVarSource = configMapKeyRef! fieldRef! fileKeyRef! resourceFieldRef! secretKeyRef!
EphemeralContainer = env[name]EnvVar ports[containerPort,protocol=TCP]
  resources:ResourceRequirements volumeDevices[devicePath] volumeMounts[mountPath]
EphemeralVolumeSource = volumeClaimTemplate:PersistentVolumeClaimTemplate
Event/core = involvedObject! related!
Event/events.k8s.io = regarding! related!
FlexPersistentVolumeSource = options* secretRef!
FlexVolumeSource = options* secretRef!
FlowSchema = status:FlowSchemaStatus
FlowSchemaStatus = conditions[type]
HorizontalPodAutoscaler/v1 = spec:HorizontalPodAutoscalerSpec
HorizontalPodAutoscaler/v2 = status:HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerSpec = scaleTargetRef!
HorizontalPodAutoscalerStatus = conditions[type]
ISCSIPersistentVolumeSource = secretRef!
ISCSIVolumeSource = secretRef!
Ingress = spec:IngressSpec
IngressBackend = resource! service:IngressServiceBackend
IngressServiceBackend = port!
IngressSpec = defaultBackend:IngressBackend
Job = spec:JobSpec status:JobStatus
JobSpec = selector! template:PodTemplateSpec
JobStatus = uncountedTerminatedPods:UncountedTerminatedPods
JobTemplateSpec = metadata:ObjectMeta spec:JobSpec
MutatingAdmissionPolicy = spec:MutatingAdmissionPolicySpec
MutatingAdmissionPolicyBinding = spec:MutatingAdmissionPolicyBindingSpec
MutatingAdmissionPolicyBindingSpec = matchResources! paramRef!
MutatingAdmissionPolicySpec = matchConditions[name] matchConstraints! paramKind!
MutatingWebhook = matchConditions[name] namespaceSelector! objectSelector!
MutatingWebhookConfiguration = webhooks[name]MutatingWebhook
Namespace = status:NamespaceStatus
NamespaceStatus = conditions[type]
NetworkPolicy = spec:NetworkPolicySpec
NetworkPolicySpec = podSelector!
Node = spec:NodeSpec status:NodeStatus
NodeAffinity = requiredDuringSchedulingIgnoredDuringExecution!
NodeSpec = podCIDRs[]
NodeStatus = addresses[type] allocatable* capacity* conditions[type]
ObjectMeta = annotations* finalizers[] labels* ownerReferences[uid]!
Overhead = podFixed*
PersistentVolume = spec:PersistentVolumeSpec
PersistentVolumeClaim = spec:PersistentVolumeClaimSpec status:PersistentVolumeClaimStatus
PersistentVolumeClaimSpec = dataSource! resources:VolumeResourceRequirements selector!
PersistentVolumeClaimStatus = allocatedResourceStatuses* allocatedResources* capacity*
  conditions[type]
PersistentVolumeClaimTemplate = metadata:ObjectMeta spec:PersistentVolumeClaimSpec
PersistentVolumeSpec = capacity* cephfs:CephFSPersistentVolumeSource
  cinder:CinderPersistentVolumeSource claimRef! csi:CSIPersistentVolumeSource
  flexVolume:FlexPersistentVolumeSource iscsi:ISCSIPersistentVolumeSource
  nodeAffinity:VolumeNodeAffinity rbd:RBDPersistentVolumeSource
  scaleIO:ScaleIOPersistentVolumeSource storageos:StorageOSPersistentVolumeSource
Pod = spec:PodSpec status:PodStatus
PodCertificateRequest = spec:PodCertificateRequestSpec status:PodCertificateRequestStatus
PodCertificateRequestSpec = unverifiedUserAnnotations*
PodCertificateRequestStatus = conditions[type]
PodDisruptionBudget = spec:PodDisruptionBudgetSpec status:PodDisruptionBudgetStatus
PodDisruptionBudgetSpec = selector!
PodDisruptionBudgetStatus = conditions[type] disruptedPods*
PodGroup = spec:PodGroupSpec status:PodGroupStatus
PodGroupSpec = resourceClaims[name]
PodGroupStatus = conditions[type] resourceClaimStatuses[name]
PodGroupTemplate = resourceClaims[name]
PodSpec = affinity:Affinity containers[name]Container ephemeralContainers[name]EphemeralContainer
  hostAliases[ip] imagePullSecrets[name]! initContainers[name]Container nodeSelector! overhead*
  resourceClaims[name] resources:ResourceRequirements schedulingGates[name]
  topologySpreadConstraints[topologyKey,whenUnsatisfiable]TopologySpreadConstraint
  volumes[name]Volume
PodStatus = allocatedResources* conditions[type] podIPs[ip] resourceClaimStatuses[name]
  resources:ResourceRequirements
PodTemplate = template:PodTemplateSpec
PodTemplateSpec = metadata:ObjectMeta spec:PodSpec
PriorityLevelConfiguration = status:PriorityLevelConfigurationStatus
PriorityLevelConfigurationStatus = conditions[type]
RBDPersistentVolumeSource = secretRef!
RBDVolumeSource = secretRef!
ReplicaSet = spec:ReplicaSetSpec status:ReplicaSetStatus
ReplicaSetSpec = selector! template:PodTemplateSpec
ReplicaSetStatus = conditions[type]
ReplicationController = spec:ReplicationControllerSpec status:ReplicationControllerStatus
ReplicationControllerSpec = selector! template:PodTemplateSpec
ReplicationControllerStatus = conditions[type]
ResourceClaim = status:ResourceClaimStatus
ResourceClaimStatus = allocation:AllocationResult
  devices[device,driver,pool,shareID]AllocatedDeviceStatus reservedFor[uid]
ResourceClaimTemplate = spec:ResourceClaimTemplateSpec
ResourceClaimTemplateSpec = metadata:ObjectMeta
ResourcePoolStatusRequest = status:ResourcePoolStatusRequestStatus
ResourcePoolStatusRequestStatus = conditions[type]
ResourceQuota = spec:ResourceQuotaSpec status:ResourceQuotaStatus
ResourceQuotaSpec = hard* scopeSelector!
ResourceQuotaStatus = hard* used*
ResourceRequirements = claims[name] limits* requests*
ResourceSlice = spec:ResourceSliceSpec
ResourceSliceSpec = nodeSelector!
RoleBinding = roleRef!
RuntimeClass = overhead:Overhead scheduling:Scheduling
ScaleIOPersistentVolumeSource = secretRef!
ScaleIOVolumeSource = secretRef!
Scheduling = nodeSelector!
Secret = data* stringData*
ServerStorageVersion = decodableVersions[] servedVersions[]
Service = spec:ServiceSpec status:ServiceStatus
ServiceAccount = secrets[name]!
ServiceCIDR = status:ServiceCIDRStatus
ServiceCIDRStatus = conditions[type]
ServiceSpec = ports[port,protocol=TCP] selector!
ServiceStatus = conditions[type]
StatefulSet = spec:StatefulSetSpec status:StatefulSetStatus
StatefulSetSpec = selector! template:PodTemplateSpec
StatefulSetStatus = conditions[type]
StorageClass = parameters*
StorageOSPersistentVolumeSource = secretRef!
StorageOSVolumeSource = secretRef!
StorageVersion = status:StorageVersionStatus
StorageVersionMigration = status:StorageVersionMigrationStatus
StorageVersionMigrationStatus = conditions[type]
StorageVersionStatus = conditions[type] storageVersions[apiServerID]ServerStorageVersion
TopologySpreadConstraint = labelSelector!
UncountedTerminatedPods = failed[] succeeded[]
ValidatingAdmissionPolicy = spec:ValidatingAdmissionPolicySpec
  status:ValidatingAdmissionPolicyStatus
ValidatingAdmissionPolicyBinding = spec:ValidatingAdmissionPolicyBindingSpec
ValidatingAdmissionPolicyBindingSpec = matchResources! paramRef! validationActions[]
ValidatingAdmissionPolicySpec = matchConditions[name] matchConstraints! paramKind!
  variables[name]!
ValidatingAdmissionPolicyStatus = conditions[type]
ValidatingWebhook = matchConditions[name] namespaceSelector! objectSelector!
ValidatingWebhookConfiguration = webhooks[name]ValidatingWebhook
Volume = cephfs:CephFSVolumeSource cinder:CinderVolumeSource csi:CSIVolumeSource
  ephemeral:EphemeralVolumeSource flexVolume:FlexVolumeSource iscsi:ISCSIVolumeSource
  rbd:RBDVolumeSource scaleIO:ScaleIOVolumeSource storageos:StorageOSVolumeSource
VolumeAttachment = spec:VolumeAttachmentSpec status:VolumeAttachmentStatus
VolumeAttachmentSource = inlineVolumeSpec:PersistentVolumeSpec
VolumeAttachmentSpec = source:VolumeAttachmentSource
VolumeAttachmentStatus = attachmentMetadata*
VolumeAttributesClass = parameters*
VolumeNodeAffinity = required!
VolumeResourceRequirements = limits* requests*
Workload = spec:WorkloadSpec
WorkloadSpec = podGroupTemplates[name]PodGroupTemplate
`;

const BUILTIN_NAMES = new Set(BUILTIN_KINDS.map((kind) => kind.kind));
const TYPES = readTypes(ROWS);
const METADATA = TYPES.get('ObjectMeta') ?? ORDINARY;
const PLAIN_OBJECT: MergeType = {
  shape: 'struct',
  fields: new Map([['metadata', METADATA]]),
  rest: ORDINARY,
};

/** The merge type of `metadata`, the same for every kind. */
export function metadataType(): MergeType {
  return METADATA;
}

/** The merge type of a built-in kind, or undefined when the kind is not built in. */
export function builtinType(apiVersion: string, kind: string): MergeType | undefined {
  const group = groupOf(apiVersion);
  if (!builtinKind(group, kind)) return undefined;
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  return (
    TYPES.get(`${kind}/${group === '' ? 'core' : group}`) ??
    TYPES.get(`${kind}/${version}`) ??
    TYPES.get(kind) ??
    PLAIN_OBJECT
  );
}

function readTypes(text: string): ReadonlyMap<string, MergeType> {
  const rows = text
    .trim()
    .replace(/\n +/g, ' ')
    .split('\n')
    .map((line) => line.split(' = '));
  // Types refer to each other, so all of them exist before the first field is filled in.
  const fieldsOf = new Map(rows.map(([name = '']) => [name, new Map<string, MergeType>()]));
  const types = new Map<string, MergeType>();
  for (const [name, fields] of fieldsOf) {
    types.set(name, { shape: 'struct', fields, rest: ORDINARY });
  }
  for (const [name = '', marks = ''] of rows) {
    const fields = fieldsOf.get(name);
    for (const mark of marks.split(' ')) {
      const [field, type] = readField(mark, types);
      fields?.set(field, type);
    }
  }
  const metadata = types.get('ObjectMeta');
  for (const [name, fields] of fieldsOf) {
    if (metadata && builtinName(name)) fields.set('metadata', metadata);
  }
  return types;
}

function builtinName(name: string): boolean {
  return BUILTIN_NAMES.has(name.split('/')[0] ?? '');
}

function readField(mark: string, types: ReadonlyMap<string, MergeType>): [string, MergeType] {
  const match = /^(\w+)(:|!|\*|\[(.*)\])(\w*!?)$/.exec(mark);
  if (!match) throw new TypeError(`malformed field mark ${mark}`);
  const [, field = '', sign = '', keys = '', name = ''] = match;
  const named = name === '!' ? ATOMIC : (types.get(name) ?? ORDINARY);
  if (sign === '!') return [field, ATOMIC];
  if (sign === '*') return [field, { shape: 'map', element: ORDINARY }];
  if (sign === ':') return [field, named];
  if (keys === '') return [field, { shape: 'set' }];
  return [field, { shape: 'list', keys: keys.split(',').map(readKey), item: named }];
}

function readKey(text: string): ListKey {
  const [name = '', value] = text.split('=');
  return value === undefined ? { name } : { name, default: value };
}
