// Fields of built-in kinds that cannot be changed once an object exists, in the words of an API server.
import { isObject, listAt, objectAt, stringAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { equalJson } from '../../schema/json-equal.ts';
import { forbidden, invalid } from '../../schema/field-error.ts';
import type { FieldError } from '../../schema/field-error.ts';

type Check = (before: JsonObject, after: JsonObject) => readonly FieldError[];

const STATEFUL_SET_MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;

const selector = fixed('spec', 'selector');

/** By `<group>/<Kind>`; checks run in order and each may report several fields. */
const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  '/ConfigMap': [sealed],
  '/Secret': [fixed('type'), sealed],
  '/Service': [serviceAddress],
  '/PersistentVolumeClaim': [claimSpec],
  '/Pod': [podSpec],
  'apps/Deployment': [selector],
  'apps/ReplicaSet': [selector],
  'apps/DaemonSet': [selector],
  'apps/StatefulSet': [statefulSetSpec],
  'batch/Job': [jobTemplate, selector, fixed('spec', 'completionMode'), jobCompletions],
  'rbac.authorization.k8s.io/RoleBinding': [roleRef],
  'rbac.authorization.k8s.io/ClusterRoleBinding': [roleRef],
  'storage.k8s.io/StorageClass': [
    noUpdates('parameters'),
    noUpdates('provisioner'),
    noUpdates('reclaimPolicy'),
    fixed('volumeBindingMode'),
  ],
  'scheduling.k8s.io/PriorityClass': [priorityValue],
  'node.k8s.io/RuntimeClass': [fixed('handler')],
  'networking.k8s.io/IngressClass': [fixed('spec', 'controller')],
  'apiextensions.k8s.io/CustomResourceDefinition': [fixed('spec', 'group'), fixed('spec', 'scope')],
};

/** Findings about changes that only delete-and-create could bring about. */
export function immutableChanges(
  kind: { readonly group: string; readonly kind: string },
  before: JsonObject,
  after: JsonObject,
): readonly FieldError[] {
  const checks = CHECKS[`${kind.group}/${kind.kind}`];
  return checks ? checks.flatMap((check) => check(before, after)) : [];
}

function at(object: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const key of path)
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

function fixed(...path: readonly string[]): Check {
  return (before, after) => {
    const value = at(after, path);
    if (equalJson(at(before, path), value)) return [];
    return [invalid(path.join('.'), value ?? 'null', 'field is immutable')];
  };
}

function noUpdates(field: string): Check {
  return (before, after) =>
    equalJson(before[field], after[field])
      ? []
      : [forbidden(field, `updates to ${field} are forbidden.`)];
}

function sealed(before: JsonObject, after: JsonObject): readonly FieldError[] {
  if (before['immutable'] !== true) return [];
  const why = 'field is immutable when `immutable` is set';
  const fields = ['data', 'binaryData'].filter((field) => !equalJson(before[field], after[field]));
  if (after['immutable'] !== true) fields.unshift('immutable');
  return fields.map((field) => forbidden(field, why));
}

function serviceAddress(before: JsonObject, after: JsonObject): readonly FieldError[] {
  const old = objectAt(before, 'spec');
  const next = objectAt(after, 'spec');
  const had = stringAt(old, 'clusterIP') ?? '';
  const has = stringAt(next, 'clusterIP') ?? '';
  const external = old['type'] === 'ExternalName' || next['type'] === 'ExternalName';
  if (external || had === '' || had === has) return [];
  const shown = `[]string{${JSON.stringify(has)}}`;
  return [
    {
      field: 'spec.clusterIPs[0]',
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${shown}: may not change once set`,
    },
  ];
}

function claimSpec(before: JsonObject, after: JsonObject): readonly FieldError[] {
  const strip = (object: JsonObject): JsonObject => {
    const {
      resources,
      volumeName: _bound,
      volumeAttributesClassName: _class,
      ...rest
    } = objectAt(object, 'spec');
    const { requests: _requests, ...limits } = isObject(resources) ? resources : {};
    return { ...rest, resources: limits };
  };
  if (equalJson(strip(before), strip(after))) return [];
  const why =
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
  return [forbidden('spec', why)];
}

function statefulSetSpec(before: JsonObject, after: JsonObject): readonly FieldError[] {
  const strip = (object: JsonObject): JsonObject => {
    const spec = { ...objectAt(object, 'spec') };
    for (const field of STATEFUL_SET_MUTABLE) delete spec[field];
    return spec;
  };
  if (equalJson(strip(before), strip(after))) return [];
  const list = STATEFUL_SET_MUTABLE.map((field) => `'${field}'`);
  const names = `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
  const why = `updates to statefulset spec for fields other than ${names} are forbidden`;
  return [forbidden('spec', why)];
}

function jobTemplate(before: JsonObject, after: JsonObject): readonly FieldError[] {
  const template = objectAt(objectAt(after, 'spec'), 'template');
  if (equalJson(objectAt(objectAt(before, 'spec'), 'template'), template)) return [];
  // A suspended job that never started may be moved to other nodes; that is all we let pass.
  return [invalid('spec.template', template, 'field is immutable')];
}

function jobCompletions(before: JsonObject, after: JsonObject): readonly FieldError[] {
  const indexed = objectAt(after, 'spec')['completionMode'] === 'Indexed';
  return indexed ? [] : fixed('spec', 'completions')(before, after);
}

function roleRef(before: JsonObject, after: JsonObject): readonly FieldError[] {
  const ref = objectAt(after, 'roleRef');
  if (equalJson(objectAt(before, 'roleRef'), ref)) return [];
  const shown = (['apiGroup', 'kind', 'name'] as const)
    .map((key) => `${key === 'apiGroup' ? 'APIGroup' : capital(key)}:${JSON.stringify(ref[key])}`)
    .join(', ');
  return [
    {
      field: 'roleRef',
      reason: 'FieldValueInvalid',
      message: `Invalid value: rbac.RoleRef{${shown}}: cannot change roleRef`,
    },
  ];
}

function priorityValue(before: JsonObject, after: JsonObject): readonly FieldError[] {
  return equalJson(before['value'], after['value'])
    ? []
    : [forbidden('value', 'may not be changed in an update.')];
}

function podSpec(before: JsonObject, after: JsonObject): readonly FieldError[] {
  const strip = (object: JsonObject): JsonObject => {
    const {
      activeDeadlineSeconds: _deadline,
      tolerations: _tolerations,
      terminationGracePeriodSeconds: _grace,
      nodeName: _node,
      schedulingGates: _gates,
      containers,
      initContainers,
      ...rest
    } = objectAt(object, 'spec');
    return {
      ...rest,
      containers: withoutImages(containers),
      initContainers: withoutImages(initContainers),
    };
  };
  if (equalJson(strip(before), strip(after))) return [];
  const why =
    'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
    '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
    '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [forbidden('spec', why)];
}

function withoutImages(containers: Json | undefined): Json {
  return listAt({ containers }, 'containers').map((container) => {
    if (!isObject(container)) return container;
    const { image: _image, ...rest } = container;
    return rest;
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
