// Defaults of built-in kinds that users see in live objects (facts: transcripts `core-kinds-create`, `ssa-deployment-lists`).
import { Buffer } from 'node:buffer';
import { isObject, listAt, objectAt, stringAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';

export interface DefaultContext {
  /** The stored object; undefined for a create. */
  readonly before: JsonObject | undefined;
  readonly uid: string;
}

type Defaulter = (object: JsonObject, context: DefaultContext) => JsonObject;

const DEFAULTERS: Readonly<Record<string, Defaulter>> = {
  '/Namespace': namespace,
  '/Service': service,
  '/Secret': secret,
  '/PersistentVolumeClaim': (object, { before }) => ({
    ...(before ? object : protectedClaim(object)),
    spec: fill(objectAt(object, 'spec'), { volumeMode: 'Filesystem' }),
    status: fill(objectAt(object, 'status'), { phase: 'Pending' }),
  }),
  '/Pod': (object) => ({
    ...object,
    spec: podSpec(objectAt(object, 'spec')),
    status: fill(objectAt(object, 'status'), { phase: 'Pending', qosClass: 'BestEffort' }),
  }),
  'apps/Deployment': (object) =>
    workload(object, {
      replicas: 1,
      strategy: { type: 'RollingUpdate' },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    }),
  'apps/ReplicaSet': (object) => workload(object, { replicas: 1 }),
  'apps/StatefulSet': (object) =>
    workload(object, {
      replicas: 1,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate' },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    }),
  'apps/DaemonSet': (object) =>
    workload(object, { updateStrategy: { type: 'RollingUpdate' }, revisionHistoryLimit: 10 }),
  'batch/Job': job,
  'batch/CronJob': cronJob,
  'rbac.authorization.k8s.io/RoleBinding': binding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': binding,
  'apiextensions.k8s.io/CustomResourceDefinition': (object) => ({
    ...object,
    spec: fill(objectAt(object, 'spec'), { conversion: { strategy: 'None' } }),
  }),
};

/** Keeps a claim while pods use it; its controller takes the finalizer away. */
export const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection';

/** The object with what an API server fills in; sets nothing that is given. */
export function applyBuiltinDefaults(
  kind: { readonly group: string; readonly kind: string },
  object: JsonObject,
  context: DefaultContext,
): JsonObject {
  return DEFAULTERS[`${kind.group}/${kind.kind}`]?.(object, context) ?? object;
}

function fill(object: JsonObject, defaults: JsonObject): JsonObject {
  const missing = Object.entries(defaults).filter(([key]) => object[key] === undefined);
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) };
}

function workload(object: JsonObject, defaults: JsonObject): JsonObject {
  const spec = fill(objectAt(object, 'spec'), defaults);
  return { ...object, spec: { ...rolling(spec), template: podTemplate(spec['template']) } };
}

/** `rollingUpdate` has defaults only where the strategy is to roll. */
function rolling(spec: JsonObject): JsonObject {
  const field = spec['strategy'] === undefined ? 'updateStrategy' : 'strategy';
  const strategy = spec[field];
  if (!isObject(strategy)) return spec;
  const type = strategy['type'] ?? 'RollingUpdate';
  if (type !== 'RollingUpdate') return spec;
  const limits: JsonObject =
    field === 'strategy'
      ? { maxUnavailable: '25%', maxSurge: '25%' }
      : spec['podManagementPolicy'] === undefined
        ? { maxUnavailable: 1, maxSurge: 0 }
        : { partition: 0 };
  const rollingUpdate = fill(objectAt(strategy, 'rollingUpdate'), limits);
  return { ...spec, [field]: { ...strategy, type, rollingUpdate } };
}

function podTemplate(template: Json | undefined): JsonObject {
  const given = isObject(template) ? template : {};
  return { ...given, spec: podSpec(objectAt(given, 'spec')) };
}

function podSpec(spec: JsonObject): JsonObject {
  const filled = fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  const out: Record<string, Json | undefined> = { ...filled };
  for (const list of ['containers', 'initContainers'] as const) {
    if (Array.isArray(spec[list])) out[list] = listAt(spec, list).map(container);
  }
  return out;
}

function container(value: Json): Json {
  if (!isObject(value)) return value;
  const image = stringAt(value, 'image') ?? '';
  const latest = !image.includes('@') && /(?:^|\/)[^/:]+(?::latest)?$/.test(image);
  const filled = fill(value, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: latest ? 'Always' : 'IfNotPresent',
  });
  if (!Array.isArray(value['ports'])) return filled;
  return { ...filled, ports: listAt(value, 'ports').map(withProtocol) };
}

function withProtocol(port: Json): Json {
  return isObject(port) ? fill(port, { protocol: 'TCP' }) : port;
}

function namespace(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata');
  const labels = {
    ...objectAt(metadata, 'labels'),
    'kubernetes.io/metadata.name': metadata['name'] ?? '',
  };
  return {
    ...object,
    metadata: { ...metadata, labels },
    spec: fill(objectAt(object, 'spec'), { finalizers: ['kubernetes'] }),
    status: fill(objectAt(object, 'status'), { phase: 'Active' }),
  };
}

function service(object: JsonObject, context: DefaultContext): JsonObject {
  const given = fill(objectAt(object, 'spec'), {
    type: 'ClusterIP',
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
  });
  const status = fill(objectAt(object, 'status'), { loadBalancer: {} });
  if (given['type'] === 'ExternalName') {
    const { internalTrafficPolicy: _policy, ...spec } = given;
    return { ...object, spec: { ...spec, ...servicePorts(spec) }, status };
  }
  // An update that says nothing about the address keeps it.
  const old = context.before ? objectAt(context.before, 'spec') : {};
  const address =
    stringAt(given, 'clusterIP') ?? stringAt(old, 'clusterIP') ?? clusterAddress(context.uid);
  const spec = fill(given, {
    clusterIP: address,
    clusterIPs: [address],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
  });
  return { ...object, spec: { ...spec, ...servicePorts(spec) }, status };
}

function servicePorts(spec: JsonObject): JsonObject {
  if (!Array.isArray(spec['ports'])) return {};
  const ports = listAt(spec, 'ports').map((port) =>
    isObject(port) ? fill(port, { protocol: 'TCP', targetPort: port['port'] ?? 0 }) : port,
  );
  return { ports };
}

/** An address of 10.96.0.0/12 that follows from the uid: the same store always gives the same one. */
function clusterAddress(uid: string): string {
  const bits = Number.parseInt(uid.replaceAll('-', '').slice(0, 5), 16);
  return `10.${96 + ((bits >> 16) & 15)}.${(bits >> 8) & 255}.${1 + (bits & 253)}`;
}

function secret(object: JsonObject): JsonObject {
  const { stringData, ...rest } = object;
  const typed = fill(rest, { type: 'Opaque' });
  if (!isObject(stringData)) return typed;
  const encoded = Object.entries(stringData).map(([key, value]): [string, Json] => [
    key,
    Buffer.from(String(value), 'utf8').toString('base64'),
  ]);
  return { ...typed, data: { ...objectAt(typed, 'data'), ...Object.fromEntries(encoded) } };
}

function job(object: JsonObject, context: DefaultContext): JsonObject {
  const spec = fill(objectAt(object, 'spec'), {
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    manualSelector: false,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  });
  const metadata = objectAt(object, 'metadata');
  const template = podTemplate(spec['template']);
  if (spec['manualSelector'] === true) return { ...object, spec: { ...spec, template } };
  const name = metadata['name'] ?? '';
  const labels = {
    'batch.kubernetes.io/controller-uid': context.uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': context.uid,
    'job-name': name,
  };
  const old = objectAt(template, 'metadata');
  const podLabels = { ...objectAt(old, 'labels'), ...labels };
  const labelled = { ...template, metadata: { ...old, labels: podLabels } };
  const selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': context.uid } };
  return {
    ...object,
    metadata: fill(metadata, { labels: podLabels }),
    spec: { ...fill(spec, { selector }), template: labelled },
  };
}

function cronJob(object: JsonObject): JsonObject {
  const spec = fill(objectAt(object, 'spec'), {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  const jobTemplate = objectAt(spec, 'jobTemplate');
  const jobSpec = objectAt(jobTemplate, 'spec');
  const filled = { ...jobSpec, template: podTemplate(jobSpec['template']) };
  return { ...object, spec: { ...spec, jobTemplate: { ...jobTemplate, spec: filled } } };
}

function protectedClaim(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata');
  const names = new Set([...listAt(metadata, 'finalizers'), CLAIM_PROTECTION]);
  return { ...object, metadata: { ...metadata, finalizers: [...names] } };
}

function binding(object: JsonObject): JsonObject {
  const roleRef = fill(objectAt(object, 'roleRef'), { apiGroup: 'rbac.authorization.k8s.io' });
  const subjects = listAt(object, 'subjects').map((subject) => {
    if (!isObject(subject) || subject['kind'] === 'ServiceAccount') return subject;
    return fill(subject, { apiGroup: 'rbac.authorization.k8s.io' });
  });
  return subjects.length === 0 ? { ...object, roleRef } : { ...object, roleRef, subjects };
}
