// Fields of workloads, of their scaling and of disruption budgets.
import type { KindTable } from './field-rows.ts';

/** See `field-rows.ts` for the notation. Facts of the OpenAPI document of Kubernetes 1.36. */
export const WORKLOADS: KindTable = {
  kinds: {
    apps: 'DaemonSet Deployment ReplicaSet StatefulSet',
    autoscaling: 'HorizontalPodAutoscaler=HorizontalPodAutoscaler.v1|HorizontalPodAutoscaler.v2',
    batch: 'CronJob Job',
    policy: 'PodDisruptionBudget',
  },
  rows: `
ContainerResourceMetricSource = target:MetricTarget container,name:s
ContainerResourceMetricStatus = current:MetricValueStatus container,name:s
CronJob = spec:CronJobSpec status:CronJobStatus
CronJobSpec = jobTemplate:JobTemplateSpec suspend:b
  failedJobsHistoryLimit,startingDeadlineSeconds,successfulJobsHistoryLimit:i
  concurrencyPolicy,schedule,timeZone:s
CronJobStatus = active:[ObjectReference] lastScheduleTime,lastSuccessfulTime:s
CrossVersionObjectReference.v1 = apiVersion,kind,name:s
CrossVersionObjectReference.v2 = apiVersion,kind,name:s
DaemonSet = spec:DaemonSetSpec status:DaemonSetStatus
DaemonSetCondition+ = lastTransitionTime,message,reason,status,type:s
DaemonSetSpec = updateStrategy:DaemonSetUpdateStrategy selector:LabelSelector template:PodTemplateSpec
  minReadySeconds,revisionHistoryLimit:i
DaemonSetStatus = conditions:[DaemonSetCondition]
  collisionCount,currentNumberScheduled,desiredNumberScheduled,numberAvailable,numberMisscheduled,
  numberReady,numberUnavailable,observedGeneration,updatedNumberScheduled:i
DaemonSetUpdateStrategy = rollingUpdate:RollingUpdateDaemonSet type:s
Deployment = spec:DeploymentSpec status:DeploymentStatus
DeploymentCondition+ = lastTransitionTime,lastUpdateTime,message,reason,status,type:s
DeploymentSpec = strategy:DeploymentStrategy selector:LabelSelector template:PodTemplateSpec paused:b
  minReadySeconds,progressDeadlineSeconds,replicas,revisionHistoryLimit:i
DeploymentStatus = conditions:[DeploymentCondition]
  availableReplicas,collisionCount,observedGeneration,readyReplicas,replicas,terminatingReplicas,
  unavailableReplicas,updatedReplicas:i
DeploymentStrategy = rollingUpdate:RollingUpdateDeployment type:s
ExternalMetricSource = metric:MetricIdentifier target:MetricTarget
ExternalMetricStatus = metric:MetricIdentifier current:MetricValueStatus
HPAScalingPolicy = periodSeconds,value:i type:s
HPAScalingRules = policies:[HPAScalingPolicy] tolerance:? stabilizationWindowSeconds:i selectPolicy:s
HorizontalPodAutoscaler.v1 = spec:HorizontalPodAutoscalerSpec.v1 status:HorizontalPodAutoscalerStatus.v1
HorizontalPodAutoscaler.v2 = spec:HorizontalPodAutoscalerSpec.v2 status:HorizontalPodAutoscalerStatus.v2
HorizontalPodAutoscalerBehavior = scaleDown,scaleUp:HPAScalingRules
HorizontalPodAutoscalerCondition+ = lastTransitionTime,message,reason,status,type:s
HorizontalPodAutoscalerSpec.v1 = scaleTargetRef:CrossVersionObjectReference.v1
  maxReplicas,minReplicas,targetCPUUtilizationPercentage:i
HorizontalPodAutoscalerSpec.v2 = scaleTargetRef:CrossVersionObjectReference.v2
  behavior:HorizontalPodAutoscalerBehavior metrics:[MetricSpec] maxReplicas,minReplicas:i
HorizontalPodAutoscalerStatus.v1 =
  currentCPUUtilizationPercentage,currentReplicas,desiredReplicas,observedGeneration:i lastScaleTime:s
HorizontalPodAutoscalerStatus.v2 = conditions:[HorizontalPodAutoscalerCondition]
  currentMetrics:[MetricStatus] currentReplicas,desiredReplicas,observedGeneration:i lastScaleTime:s
Job = spec:JobSpec status:JobStatus
JobCondition+ = lastProbeTime,lastTransitionTime,message,reason,status,type:s
JobSpec = selector:LabelSelector podFailurePolicy:PodFailurePolicy template:PodTemplateSpec
  successPolicy:SuccessPolicy manualSelector,suspend:b
  activeDeadlineSeconds,backoffLimit,backoffLimitPerIndex,completions,maxFailedIndexes,parallelism,
  ttlSecondsAfterFinished:i completionMode,managedBy,podReplacementPolicy:s
JobStatus = uncountedTerminatedPods:UncountedTerminatedPods conditions:[JobCondition]
  active,failed,ready,succeeded,terminating:i completedIndexes,completionTime,failedIndexes,startTime:s
JobTemplateSpec = spec:JobSpec metadata:ObjectMeta
MetricIdentifier = selector:LabelSelector name:s
MetricSpec = containerResource:ContainerResourceMetricSource external:ExternalMetricSource
  object:ObjectMetricSource pods:PodsMetricSource resource:ResourceMetricSource type:s
MetricStatus = containerResource:ContainerResourceMetricStatus external:ExternalMetricStatus
  object:ObjectMetricStatus pods:PodsMetricStatus resource:ResourceMetricStatus type:s
MetricTarget = averageValue,value:? averageUtilization:i type:s
MetricValueStatus = averageValue,value:? averageUtilization:i
ObjectMetricSource = describedObject:CrossVersionObjectReference.v2 metric:MetricIdentifier
  target:MetricTarget
ObjectMetricStatus = describedObject:CrossVersionObjectReference.v2 metric:MetricIdentifier
  current:MetricValueStatus
PodDisruptionBudget = spec:PodDisruptionBudgetSpec status:PodDisruptionBudgetStatus
PodDisruptionBudgetSpec = selector:LabelSelector maxUnavailable,minAvailable:?
  unhealthyPodEvictionPolicy:s
PodDisruptionBudgetStatus = conditions:[Condition] disruptedPods:{s}
  currentHealthy,desiredHealthy,disruptionsAllowed,expectedPods,observedGeneration:i
PodFailurePolicy = rules:[PodFailurePolicyRule]
PodFailurePolicyOnExitCodesRequirement = values:[i] containerName,operator:s
PodFailurePolicyOnPodConditionsPattern = status,type:s
PodFailurePolicyRule = onExitCodes:PodFailurePolicyOnExitCodesRequirement
  onPodConditions:[PodFailurePolicyOnPodConditionsPattern] action:s
PodsMetricSource = metric:MetricIdentifier target:MetricTarget
PodsMetricStatus = metric:MetricIdentifier current:MetricValueStatus
ReplicaSet = spec:ReplicaSetSpec status:ReplicaSetStatus
ReplicaSetCondition+ = lastTransitionTime,message,reason,status,type:s
ReplicaSetSpec = selector:LabelSelector template:PodTemplateSpec minReadySeconds,replicas:i
ReplicaSetStatus = conditions:[ReplicaSetCondition]
  availableReplicas,fullyLabeledReplicas,observedGeneration,readyReplicas,replicas,terminatingReplicas:i
ResourceMetricSource = target:MetricTarget name:s
ResourceMetricStatus = current:MetricValueStatus name:s
RollingUpdateDaemonSet = maxSurge,maxUnavailable:?
RollingUpdateDeployment = maxSurge,maxUnavailable:?
RollingUpdateStatefulSetStrategy = maxUnavailable:? partition:i
StatefulSet = spec:StatefulSetSpec status:StatefulSetStatus
StatefulSetCondition+ = lastTransitionTime,message,reason,status,type:s
StatefulSetOrdinals = start:i
StatefulSetPersistentVolumeClaimRetentionPolicy = whenDeleted,whenScaled:s
StatefulSetSpec = selector:LabelSelector template:PodTemplateSpec ordinals:StatefulSetOrdinals
  persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy
  updateStrategy:StatefulSetUpdateStrategy volumeClaimTemplates:[PersistentVolumeClaim]
  minReadySeconds,replicas,revisionHistoryLimit:i podManagementPolicy,serviceName:s
StatefulSetStatus = conditions:[StatefulSetCondition]
  availableReplicas,collisionCount,currentReplicas,observedGeneration,readyReplicas,replicas,
  updatedReplicas:i currentRevision,updateRevision:s
StatefulSetUpdateStrategy = rollingUpdate:RollingUpdateStatefulSetStrategy type:s
SuccessPolicy = rules:[SuccessPolicyRule]
SuccessPolicyRule = succeededCount:i succeededIndexes:s
UncountedTerminatedPods = failed,succeeded:[s]
`,
};
