// Fields of the kinds of the core group: pods and what surrounds them.
import type { KindTable } from './field-rows.ts';

/** See `field-rows.ts` for the notation. Facts of the OpenAPI document of Kubernetes 1.36. */
export const CORE: KindTable = {
  kinds: {
    '': 'ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount',
  },
  rows: `
Affinity = nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
AppArmorProfile = localhostProfile,type:s
AttachedVolume = devicePath,name:s
Capabilities = add,drop:[s]
ClientIPConfig = timeoutSeconds:i
Condition+ = observedGeneration:i lastTransitionTime,message,reason,status,type:s
ConfigMap = binaryData,data:{s} immutable:b
ConfigMapEnvSource = optional:b name:s
ConfigMapKeySelector = optional:b key,name:s
ConfigMapNodeConfigSource = kubeletConfigKey,name,namespace,resourceVersion,uid:s
ConfigMapVolumeSource = items:[KeyToPath] optional:b defaultMode:i name:s
Container = lifecycle:Lifecycle livenessProbe,readinessProbe,startupProbe:Probe
  resources:ResourceRequirements securityContext:SecurityContext ports:[ContainerPort]
  resizePolicy:[ContainerResizePolicy] restartPolicyRules:[ContainerRestartRule] envFrom:[EnvFromSource]
  env:[EnvVar] volumeDevices:[VolumeDevice] volumeMounts:[VolumeMount] args,command:[s]
  stdin,stdinOnce,tty:b
  image,imagePullPolicy,name,restartPolicy,terminationMessagePath,terminationMessagePolicy,workingDir:s
ContainerExtendedResourceRequest = containerName,requestName,resourceName:s
ContainerImage = names:[s] sizeBytes:i
ContainerPort = containerPort,hostPort:i hostIP,name,protocol:s
ContainerResizePolicy = resourceName,restartPolicy:s
ContainerRestartRule = exitCodes:ContainerRestartRuleOnExitCodes action:s
ContainerRestartRuleOnExitCodes = values:[i] operator:s
ContainerState = running:ContainerStateRunning terminated:ContainerStateTerminated
  waiting:ContainerStateWaiting
ContainerStateRunning = startedAt:s
ContainerStateTerminated = exitCode,signal:i containerID,finishedAt,message,reason,startedAt:s
ContainerStateWaiting = message,reason:s
ContainerStatus = lastState,state:ContainerState user:ContainerUser resources:ResourceRequirements
  allocatedResourcesStatus:[ResourceStatus] volumeMounts:[VolumeMountStatus] allocatedResources:{?}
  ready,started:b restartCount:i containerID,image,imageID,name,stopSignal:s
ContainerUser = linux:LinuxContainerUser
DaemonEndpoint = Port:i
EndpointAddress = targetRef:ObjectReference hostname,ip,nodeName:s
EndpointPort.core = port:i appProtocol,name,protocol:s
EndpointSubset = addresses,notReadyAddresses:[EndpointAddress] ports:[EndpointPort.core]
Endpoints = subsets:[EndpointSubset]
EnvFromSource = configMapRef:ConfigMapEnvSource secretRef:SecretEnvSource prefix:s
EnvVar = valueFrom:EnvVarSource name,value:s
EnvVarSource = configMapKeyRef:ConfigMapKeySelector fileKeyRef:FileKeySelector
  fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector
EphemeralContainer = lifecycle:Lifecycle livenessProbe,readinessProbe,startupProbe:Probe
  resources:ResourceRequirements securityContext:SecurityContext ports:[ContainerPort]
  resizePolicy:[ContainerResizePolicy] restartPolicyRules:[ContainerRestartRule] envFrom:[EnvFromSource]
  env:[EnvVar] volumeDevices:[VolumeDevice] volumeMounts:[VolumeMount] args,command:[s]
  stdin,stdinOnce,tty:b
  image,imagePullPolicy,name,restartPolicy,targetContainerName,terminationMessagePath,
  terminationMessagePolicy,workingDir:s
Event = series:EventSeries source:EventSource involvedObject,related:ObjectReference count:i
  action,eventTime,firstTimestamp,lastTimestamp,message,reason,reportingComponent,reportingInstance,
  type:s
EventSeries = count:i lastObservedTime:s
EventSource = component,host:s
ExecAction = command:[s]
FileKeySelector = optional:b key,path,volumeName:s
GRPCAction = port:i service:s
HTTPGetAction = httpHeaders:[HTTPHeader] port:? host,path,scheme:s
HTTPHeader = name,value:s
HostAlias = hostnames:[s] ip:s
HostIP = ip:s
ImageVolumeStatus = imageRef:s
KeyToPath = mode:i key,path:s
LabelSelector = matchExpressions:[LabelSelectorRequirement] matchLabels:{s}
LabelSelectorRequirement = values:[s] key,operator:s
Lifecycle = postStart,preStop:LifecycleHandler stopSignal:s
LifecycleHandler = exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction tcpSocket:TCPSocketAction
LimitRange = spec:LimitRangeSpec
LimitRangeItem = default,defaultRequest,max,maxLimitRequestRatio,min:{?} type:s
LimitRangeSpec = limits:[LimitRangeItem]
LinuxContainerUser = supplementalGroups:[i] gid,uid:i
LoadBalancerIngress = ports:[PortStatus] hostname,ip,ipMode:s
LoadBalancerStatus = ingress:[LoadBalancerIngress]
LocalObjectReference = name:s
ModifyVolumeStatus = status,targetVolumeAttributesClassName:s
Namespace = spec:NamespaceSpec status:NamespaceStatus
NamespaceCondition+ = lastTransitionTime,message,reason,status,type:s
NamespaceSpec = finalizers:[s]
NamespaceStatus = conditions:[NamespaceCondition] phase:s
Node = spec:NodeSpec status:NodeStatus
NodeAddress = address,type:s
NodeAffinity = requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
  preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm]
NodeAllocatableResourceClaimStatus = containers:[s] resources:{?} resourceClaimName:s
NodeCondition+ = lastHeartbeatTime,lastTransitionTime,message,reason,status,type:s
NodeConfigSource = configMap:ConfigMapNodeConfigSource
NodeConfigStatus = active,assigned,lastKnownGood:NodeConfigSource error:s
NodeDaemonEndpoints = kubeletEndpoint:DaemonEndpoint
NodeFeatures = supplementalGroupsPolicy:b
NodeRuntimeHandler = features:NodeRuntimeHandlerFeatures name:s
NodeRuntimeHandlerFeatures = recursiveReadOnlyMounts,userNamespaces:b
NodeSelector = nodeSelectorTerms:[NodeSelectorTerm]
NodeSelectorRequirement = values:[s] key,operator:s
NodeSelectorTerm = matchExpressions,matchFields:[NodeSelectorRequirement]
NodeSpec = configSource:NodeConfigSource taints:[Taint] podCIDRs:[s] unschedulable:b
  externalID,podCIDR,providerID:s
NodeStatus = config:NodeConfigStatus daemonEndpoints:NodeDaemonEndpoints features:NodeFeatures
  nodeInfo:NodeSystemInfo volumesAttached:[AttachedVolume] images:[ContainerImage]
  addresses:[NodeAddress] conditions:[NodeCondition] runtimeHandlers:[NodeRuntimeHandler]
  declaredFeatures,volumesInUse:[s] allocatable,capacity:{?} phase:s
NodeSwapStatus = capacity:i
NodeSystemInfo = swap:NodeSwapStatus
  architecture,bootID,containerRuntimeVersion,kernelVersion,kubeProxyVersion,kubeletVersion,machineID,
  operatingSystem,osImage,systemUUID:s
ObjectFieldSelector = apiVersion,fieldPath:s
ObjectReference = apiVersion,fieldPath,kind,name,namespace,resourceVersion,uid:s
PersistentVolume = spec:PersistentVolumeSpec status:PersistentVolumeStatus
PersistentVolumeClaim = metadata:ObjectMeta apiVersion,kind:s
  spec:PersistentVolumeClaimSpec status:PersistentVolumeClaimStatus
PersistentVolumeClaimCondition+ = lastProbeTime,lastTransitionTime,message,reason,status,type:s
PersistentVolumeClaimSpec = selector:LabelSelector dataSource:TypedLocalObjectReference
  dataSourceRef:TypedObjectReference resources:VolumeResourceRequirements accessModes:[s]
  storageClassName,volumeAttributesClassName,volumeMode,volumeName:s
PersistentVolumeClaimStatus = modifyVolumeStatus:ModifyVolumeStatus
  conditions:[PersistentVolumeClaimCondition] accessModes:[s] allocatedResources,capacity:{?}
  allocatedResourceStatuses:{s} currentVolumeAttributesClassName,phase:s
PersistentVolumeClaimVolumeSource = readOnly:b claimName:s
PersistentVolumeSpec = claimRef:ObjectReference nodeAffinity:VolumeNodeAffinity
  accessModes,mountOptions:[s] capacity:{?}
  awsElasticBlockStore,azureDisk,azureFile,cephfs,cinder,csi,fc,flexVolume,flocker,gcePersistentDisk,
  glusterfs,hostPath,iscsi,local,nfs,photonPersistentDisk,portworxVolume,quobyte,rbd,scaleIO,storageos,
  vsphereVolume:? persistentVolumeReclaimPolicy,storageClassName,volumeAttributesClassName,volumeMode:s
PersistentVolumeStatus = lastPhaseTransitionTime,message,phase,reason:s
Pod = spec:PodSpec status:PodStatus
PodAffinity = requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]
  preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
PodAffinityTerm = labelSelector,namespaceSelector:LabelSelector
  matchLabelKeys,mismatchLabelKeys,namespaces:[s] topologyKey:s
PodAntiAffinity = requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]
  preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
PodCondition+ = observedGeneration:i lastProbeTime,lastTransitionTime,message,reason,status,type:s
PodDNSConfig = options:[PodDNSConfigOption] nameservers,searches:[s]
PodDNSConfigOption = name,value:s
PodExtendedResourceClaimStatus = requestMappings:[ContainerExtendedResourceRequest] resourceClaimName:s
PodIP = ip:s
PodOS = name:s
PodReadinessGate = conditionType:s
PodResourceClaim = name,resourceClaimName,resourceClaimTemplateName:s
PodResourceClaimStatus = name,resourceClaimName:s
PodSchedulingGate = name:s
PodSchedulingGroup = podGroupName:s
PodSecurityContext = appArmorProfile:AppArmorProfile seLinuxOptions:SELinuxOptions
  seccompProfile:SeccompProfile windowsOptions:WindowsSecurityContextOptions sysctls:[Sysctl]
  supplementalGroups:[i] runAsNonRoot:b fsGroup,runAsGroup,runAsUser:i
  fsGroupChangePolicy,seLinuxChangePolicy,supplementalGroupsPolicy:s
PodSpec = affinity:Affinity dnsConfig:PodDNSConfig os:PodOS schedulingGroup:PodSchedulingGroup
  securityContext:PodSecurityContext resources:ResourceRequirements
  containers,initContainers:[Container] ephemeralContainers:[EphemeralContainer] hostAliases:[HostAlias]
  imagePullSecrets:[LocalObjectReference] readinessGates:[PodReadinessGate]
  resourceClaims:[PodResourceClaim] schedulingGates:[PodSchedulingGate] tolerations:[Toleration]
  topologySpreadConstraints:[TopologySpreadConstraint] volumes:[Volume] overhead:{?} nodeSelector:{s}
  automountServiceAccountToken,enableServiceLinks,hostIPC,hostNetwork,hostPID,hostUsers,
  setHostnameAsFQDN,shareProcessNamespace:b
  activeDeadlineSeconds,priority,terminationGracePeriodSeconds:i
  dnsPolicy,hostname,hostnameOverride,nodeName,preemptionPolicy,priorityClassName,restartPolicy,
  runtimeClassName,schedulerName,serviceAccount,serviceAccountName,subdomain:s
PodStatus = extendedResourceClaimStatus:PodExtendedResourceClaimStatus resources:ResourceRequirements
  containerStatuses,ephemeralContainerStatuses,initContainerStatuses:[ContainerStatus] hostIPs:[HostIP]
  nodeAllocatableResourceClaimStatuses:[NodeAllocatableResourceClaimStatus] conditions:[PodCondition]
  podIPs:[PodIP] resourceClaimStatuses:[PodResourceClaimStatus] allocatedResources:{?}
  observedGeneration:i hostIP,message,nominatedNodeName,phase,podIP,qosClass,reason,resize,startTime:s
PodTemplate = template:PodTemplateSpec
PodTemplateSpec = metadata:ObjectMeta spec:PodSpec
PortStatus = port:i error,protocol:s
PreferredSchedulingTerm = preference:NodeSelectorTerm weight:i
Probe = exec:ExecAction grpc:GRPCAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction
  failureThreshold,initialDelaySeconds,periodSeconds,successThreshold,terminationGracePeriodSeconds,
  timeoutSeconds:i
ReplicationController = spec:ReplicationControllerSpec status:ReplicationControllerStatus
ReplicationControllerCondition+ = lastTransitionTime,message,reason,status,type:s
ReplicationControllerSpec = template:PodTemplateSpec selector:{s} minReadySeconds,replicas:i
ReplicationControllerStatus = conditions:[ReplicationControllerCondition]
  availableReplicas,fullyLabeledReplicas,observedGeneration,readyReplicas,replicas:i
ResourceClaim = name,request:s
ResourceFieldSelector = divisor:? containerName,resource:s
ResourceHealth = health,message,resourceID:s
ResourceQuota = spec:ResourceQuotaSpec status:ResourceQuotaStatus
ResourceQuotaSpec = scopeSelector:ScopeSelector scopes:[s] hard:{?}
ResourceQuotaStatus = hard,used:{?}
ResourceRequirements = claims:[ResourceClaim] limits,requests:{?}
ResourceStatus = resources:[ResourceHealth] name:s
SELinuxOptions = level,role,type,user:s
ScopeSelector = matchExpressions:[ScopedResourceSelectorRequirement]
ScopedResourceSelectorRequirement = values:[s] operator,scopeName:s
SeccompProfile = localhostProfile,type:s
Secret = data,stringData:{s} immutable:b type:s
SecretEnvSource = optional:b name:s
SecretKeySelector = optional:b key,name:s
SecretVolumeSource = items:[KeyToPath] optional:b defaultMode:i secretName:s
SecurityContext = appArmorProfile:AppArmorProfile capabilities:Capabilities
  seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile
  windowsOptions:WindowsSecurityContextOptions
  allowPrivilegeEscalation,privileged,readOnlyRootFilesystem,runAsNonRoot:b runAsGroup,runAsUser:i
  procMount:s
Service = spec:ServiceSpec status:ServiceStatus
ServiceAccount = imagePullSecrets:[LocalObjectReference] secrets:[ObjectReference]
  automountServiceAccountToken:b
ServicePort = targetPort:? nodePort,port:i appProtocol,name,protocol:s
ServiceSpec = sessionAffinityConfig:SessionAffinityConfig ports:[ServicePort]
  clusterIPs,externalIPs,ipFamilies,loadBalancerSourceRanges:[s] selector:{s}
  allocateLoadBalancerNodePorts,publishNotReadyAddresses:b healthCheckNodePort:i
  clusterIP,externalName,externalTrafficPolicy,internalTrafficPolicy,ipFamilyPolicy,loadBalancerClass,
  loadBalancerIP,sessionAffinity,trafficDistribution,type:s
ServiceStatus = loadBalancer:LoadBalancerStatus conditions:[Condition]
SessionAffinityConfig = clientIP:ClientIPConfig
SleepAction = seconds:i
Sysctl = name,value:s
TCPSocketAction = port:? host:s
Taint = effect,key,timeAdded,value:s
Toleration = tolerationSeconds:i effect,key,operator,value:s
TopologySpreadConstraint = labelSelector:LabelSelector matchLabelKeys:[s] maxSkew,minDomains:i
  nodeAffinityPolicy,nodeTaintsPolicy,topologyKey,whenUnsatisfiable:s
TypedLocalObjectReference = apiGroup,kind,name:s
TypedObjectReference = apiGroup,kind,name,namespace:s
Volume = configMap:ConfigMapVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource
  secret:SecretVolumeSource
  awsElasticBlockStore,azureDisk,azureFile,cephfs,cinder,csi,downwardAPI,emptyDir,ephemeral,fc,
  flexVolume,flocker,gcePersistentDisk,gitRepo,glusterfs,hostPath,image,iscsi,nfs,photonPersistentDisk,
  portworxVolume,projected,quobyte,rbd,scaleIO,storageos,vsphereVolume:? name:s
VolumeDevice = devicePath,name:s
VolumeMount = readOnly:b mountPath,mountPropagation,name,recursiveReadOnly,subPath,subPathExpr:s
VolumeMountStatus = volumeStatus:VolumeStatus readOnly:b mountPath,name,recursiveReadOnly:s
VolumeNodeAffinity = required:NodeSelector
VolumeResourceRequirements = limits,requests:{?}
VolumeStatus = image:ImageVolumeStatus
WeightedPodAffinityTerm = podAffinityTerm:PodAffinityTerm weight:i
WindowsSecurityContextOptions = hostProcess:b gmsaCredentialSpec,gmsaCredentialSpecName,runAsUserName:s
`,
};
