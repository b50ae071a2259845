// Fields of networking, storage and role kinds, and of those that the API server itself is made of.
import type { KindTable } from './field-rows.ts';

/** See `field-rows.ts` for the notation. Facts of the OpenAPI document of Kubernetes 1.36. */
export const CLUSTER: KindTable = {
  kinds: {
    'admissionregistration.k8s.io': 'MutatingWebhookConfiguration ValidatingWebhookConfiguration',
    'apiextensions.k8s.io': 'CustomResourceDefinition',
    'apiregistration.k8s.io': 'APIService',
    'certificates.k8s.io': 'CertificateSigningRequest',
    'coordination.k8s.io': 'Lease',
    'discovery.k8s.io': 'EndpointSlice',
    'networking.k8s.io': 'Ingress IngressClass NetworkPolicy',
    'rbac.authorization.k8s.io': 'ClusterRole ClusterRoleBinding Role RoleBinding',
    'scheduling.k8s.io': 'PriorityClass',
    'storage.k8s.io': 'CSIDriver StorageClass',
  },
  rows: `
APIService = spec:APIServiceSpec status:APIServiceStatus
APIServiceCondition+ = lastTransitionTime,message,reason,status,type:s
APIServiceSpec = service:ServiceReference.aggregation insecureSkipTLSVerify:b
  groupPriorityMinimum,versionPriority:i caBundle,group,version:s
APIServiceStatus = conditions:[APIServiceCondition]
AggregationRule = clusterRoleSelectors:[LabelSelector]
CSIDriver = spec:CSIDriverSpec
CSIDriverSpec = tokenRequests:[TokenRequest] volumeLifecycleModes:[s]
  attachRequired,podInfoOnMount,preventPodSchedulingIfMissing,requiresRepublish,seLinuxMount,
  serviceAccountTokenInSecrets,storageCapacity:b nodeAllocatableUpdatePeriodSeconds:i fsGroupPolicy:s
CertificateSigningRequest = spec:CertificateSigningRequestSpec status:CertificateSigningRequestStatus
CertificateSigningRequestCondition+ = lastTransitionTime,lastUpdateTime,message,reason,status,type:s
CertificateSigningRequestSpec = groups,usages:[s] extra:{[s]} expirationSeconds:i
  request,signerName,uid,username:s
CertificateSigningRequestStatus = conditions:[CertificateSigningRequestCondition] certificate:s
ClusterRole = aggregationRule:AggregationRule rules:[PolicyRule]
ClusterRoleBinding = roleRef:RoleRef subjects:[Subject]
CustomResourceColumnDefinition = priority:i description,format,jsonPath,name,type:s
CustomResourceConversion = webhook:WebhookConversion strategy:s
CustomResourceDefinition = spec:CustomResourceDefinitionSpec status:CustomResourceDefinitionStatus
CustomResourceDefinitionCondition+ = observedGeneration:i
  lastTransitionTime,message,reason,status,type:s
CustomResourceDefinitionNames = categories,shortNames:[s] kind,listKind,plural,singular:s
CustomResourceDefinitionSpec = conversion:CustomResourceConversion names:CustomResourceDefinitionNames
  versions:[CustomResourceDefinitionVersion] preserveUnknownFields:b group,scope:s
CustomResourceDefinitionStatus = acceptedNames:CustomResourceDefinitionNames
  conditions:[CustomResourceDefinitionCondition] storedVersions:[s] observedGeneration:i
CustomResourceDefinitionVersion = subresources:CustomResourceSubresources
  schema:CustomResourceValidation additionalPrinterColumns:[CustomResourceColumnDefinition]
  selectableFields:[SelectableField] deprecated,served,storage:b deprecationWarning,name:s
CustomResourceSubresourceScale = labelSelectorPath,specReplicasPath,statusReplicasPath:s
CustomResourceSubresources = scale:CustomResourceSubresourceScale status:?
CustomResourceValidation = openAPIV3Schema:?
Endpoint = conditions:EndpointConditions hints:EndpointHints targetRef:ObjectReference addresses:[s]
  deprecatedTopology:{s} hostname,nodeName,zone:s
EndpointConditions = ready,serving,terminating:b
EndpointHints = forNodes:[ForNode] forZones:[ForZone]
EndpointPort.discovery = port:i appProtocol,name,protocol:s
EndpointSlice = ports:[EndpointPort.discovery] endpoints:[Endpoint] addressType:s
ForNode = name:s
ForZone = name:s
HTTPIngressPath = backend:IngressBackend path,pathType:s
HTTPIngressRuleValue = paths:[HTTPIngressPath]
IPBlock = except:[s] cidr:s
Ingress = spec:IngressSpec status:IngressStatus
IngressBackend = service:IngressServiceBackend resource:TypedLocalObjectReference
IngressClass = spec:IngressClassSpec
IngressClassParametersReference = apiGroup,kind,name,namespace,scope:s
IngressClassSpec = parameters:IngressClassParametersReference controller:s
IngressLoadBalancerIngress = ports:[IngressPortStatus] hostname,ip:s
IngressLoadBalancerStatus = ingress:[IngressLoadBalancerIngress]
IngressPortStatus = port:i error,protocol:s
IngressRule = http:HTTPIngressRuleValue host:s
IngressServiceBackend = port:ServiceBackendPort name:s
IngressSpec = defaultBackend:IngressBackend rules:[IngressRule] tls:[IngressTLS] ingressClassName:s
IngressStatus = loadBalancer:IngressLoadBalancerStatus
IngressTLS = hosts:[s] secretName:s
Lease = spec:LeaseSpec
LeaseSpec = leaseDurationSeconds,leaseTransitions:i
  acquireTime,holderIdentity,preferredHolder,renewTime,strategy:s
MatchCondition+ = expression,name:s
MutatingWebhook = namespaceSelector,objectSelector:LabelSelector
  clientConfig:WebhookClientConfig.admission matchConditions:[MatchCondition] rules:[RuleWithOperations]
  admissionReviewVersions:[s] timeoutSeconds:i
  failurePolicy,matchPolicy,name,reinvocationPolicy,sideEffects:s
MutatingWebhookConfiguration = webhooks:[MutatingWebhook]
NetworkPolicy = spec:NetworkPolicySpec
NetworkPolicyEgressRule = to:[NetworkPolicyPeer] ports:[NetworkPolicyPort]
NetworkPolicyIngressRule = from:[NetworkPolicyPeer] ports:[NetworkPolicyPort]
NetworkPolicyPeer = ipBlock:IPBlock namespaceSelector,podSelector:LabelSelector
NetworkPolicyPort = port:? endPort:i protocol:s
NetworkPolicySpec = podSelector:LabelSelector egress:[NetworkPolicyEgressRule]
  ingress:[NetworkPolicyIngressRule] policyTypes:[s]
PolicyRule = apiGroups,nonResourceURLs,resourceNames,resources,verbs:[s]
PriorityClass = globalDefault:b value:i description,preemptionPolicy:s
Role = rules:[PolicyRule]
RoleBinding = roleRef:RoleRef subjects:[Subject]
RoleRef = apiGroup,kind,name:s
RuleWithOperations = apiGroups,apiVersions,operations,resources:[s] scope:s
SelectableField = jsonPath:s
ServiceBackendPort = number:i name:s
ServiceReference.admission = port:i name,namespace,path:s
ServiceReference.aggregation = port:i name,namespace:s
ServiceReference.crd = port:i name,namespace,path:s
StorageClass = allowedTopologies:[TopologySelectorTerm] mountOptions:[s] parameters:{s}
  allowVolumeExpansion:b provisioner,reclaimPolicy,volumeBindingMode:s
Subject = apiGroup,kind,name,namespace:s
TokenRequest = expirationSeconds:i audience:s
TopologySelectorLabelRequirement = values:[s] key:s
TopologySelectorTerm = matchLabelExpressions:[TopologySelectorLabelRequirement]
ValidatingWebhook = namespaceSelector,objectSelector:LabelSelector
  clientConfig:WebhookClientConfig.admission matchConditions:[MatchCondition] rules:[RuleWithOperations]
  admissionReviewVersions:[s] timeoutSeconds:i failurePolicy,matchPolicy,name,sideEffects:s
ValidatingWebhookConfiguration = webhooks:[ValidatingWebhook]
WebhookClientConfig.admission = service:ServiceReference.admission caBundle,url:s
WebhookClientConfig.crd = service:ServiceReference.crd caBundle,url:s
WebhookConversion = clientConfig:WebhookClientConfig.crd conversionReviewVersions:[s]
`,
};
