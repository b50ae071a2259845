// What every Kubernetes object has in `metadata`.

/** See `field-rows.ts` for the notation. Facts of the OpenAPI document of Kubernetes 1.36. */
export const METADATA_ROWS = `
ManagedFieldsEntry = fieldsV1:? apiVersion,fieldsType,manager,operation,subresource,time:s
ObjectMeta = managedFields:[ManagedFieldsEntry] ownerReferences:[OwnerReference] finalizers:[s]
  annotations,labels:{s} deletionGracePeriodSeconds,generation:i
  creationTimestamp,deletionTimestamp,generateName,name,namespace,resourceVersion,selfLink,uid:s
OwnerReference = blockOwnerDeletion,controller:b apiVersion,kind,name,uid:s
`;
