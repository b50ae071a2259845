// A few rules of built-in kinds that users run into most; schemas of all fields are not checked.
import { isObject, listAt, objectAt, stringAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import { checkStructural } from '../../schema/check-structural.ts';
import { duplicate, invalid, notSupported, required } from '../../schema/field-error.ts';
import type { FieldError } from '../../schema/field-error.ts';
import type { SchemaValidator } from '../../schema/validator.ts';
import { checkLabels } from './names.ts';

type Rule = (object: JsonObject, validator: SchemaValidator) => readonly FieldError[];

const RULES: Readonly<Record<string, Rule>> = {
  '/Pod': (pod) => podSpec(objectAt(pod, 'spec'), 'spec', pod),
  '/Service': service,
  '/ConfigMap': (object) => dataKeys(object, ['data', 'binaryData']),
  '/Secret': (object) => dataKeys(object, ['data']),
  '/PersistentVolumeClaim': claim,
  'apps/Deployment': (object) => workload(object, ['Always']),
  'apps/ReplicaSet': (object) => workload(object, ['Always']),
  'apps/StatefulSet': (object) => workload(object, ['Always']),
  'apps/DaemonSet': (object) => workload(object, ['Always']),
  'batch/Job': (object) => job(objectAt(object, 'spec'), 'spec'),
  'batch/CronJob': cronJob,
  'rbac.authorization.k8s.io/RoleBinding': binding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': binding,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
};

/** Findings about an object of a built-in kind, after defaulting. */
export function checkKindRules(
  kind: { readonly group: string; readonly kind: string },
  object: JsonObject,
  validator: SchemaValidator,
): readonly FieldError[] {
  return RULES[`${kind.group}/${kind.kind}`]?.(object, validator) ?? [];
}

function workload(object: JsonObject, restartPolicies: readonly string[]): readonly FieldError[] {
  const spec = objectAt(object, 'spec');
  const errors: FieldError[] = [];
  const selector = spec['selector'];
  const template = objectAt(spec, 'template');
  const labels = objectAt(objectAt(template, 'metadata'), 'labels');
  if (!isObject(selector)) errors.push(required('spec.selector'));
  else if (Object.keys(selector).length === 0) {
    errors.push(invalid('spec.selector', selector, 'empty selector is invalid for deployment'));
  } else if (!selects(selector, labels)) {
    const why = '`selector` does not match template `labels`';
    errors.push(invalid('spec.template.metadata.labels', labels, why));
  }
  errors.push(...checkLabels('spec.template.metadata.labels', labels));
  const replicas = spec['replicas'];
  if (typeof replicas === 'number' && replicas < 0) {
    errors.push(invalid('spec.replicas', replicas, 'must be greater than or equal to 0'));
  }
  errors.push(...podSpec(objectAt(template, 'spec'), 'spec.template.spec', object));
  const policy = stringAt(objectAt(template, 'spec'), 'restartPolicy');
  if (policy !== undefined && !restartPolicies.includes(policy)) {
    errors.push(notSupported('spec.template.spec.restartPolicy', policy, restartPolicies));
  }
  return errors;
}

function selects(selector: JsonObject, labels: JsonObject): boolean {
  return Object.entries(objectAt(selector, 'matchLabels')).every(
    ([key, value]) => labels[key] === value,
  );
}

function podSpec(spec: JsonObject, field: string, owner: JsonObject): readonly FieldError[] {
  const containers = listAt(spec, 'containers');
  if (containers.length === 0) return [required(`${field}.containers`)];
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of listAt(spec, list).entries()) {
      if (!isObject(container)) continue;
      const place = `${field}.${list}[${index}]`;
      const name = stringAt(container, 'name') ?? '';
      if (name === '') errors.push(required(`${place}.name`));
      else if (seen.has(name)) errors.push(duplicate(`${place}.name`, name));
      seen.add(name);
      // A pod template may leave the image to a controller of its own; everything we run needs one.
      if ((stringAt(container, 'image') ?? '') === '' && owner['kind'] !== 'PodTemplate') {
        errors.push(required(`${place}.image`));
      }
    }
  }
  return errors;
}

function service(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, 'spec');
  const ports = listAt(spec, 'ports').filter(isObject);
  const portless = spec['type'] === 'ExternalName' || spec['clusterIP'] === 'None';
  if (ports.length === 0) return portless ? [] : [required('spec.ports')];
  const errors: FieldError[] = [];
  for (const [index, port] of ports.entries()) {
    const number = port['port'];
    const place = `spec.ports[${index}]`;
    if (ports.length > 1 && (stringAt(port, 'name') ?? '') === '') {
      errors.push(required(`${place}.name`));
    }
    if (typeof number !== 'number' || number < 1 || number > 65535) {
      errors.push(invalid(`${place}.port`, number ?? 0, 'must be between 1 and 65535, inclusive'));
    }
  }
  return errors;
}

function dataKeys(object: JsonObject, fields: readonly string[]): readonly FieldError[] {
  const message =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
    "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  return fields.flatMap((field) =>
    Object.keys(objectAt(object, field))
      .filter((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key) || key === '.' || key === '..')
      .map((key) => invalid(`${field}[${key}]`, key, message)),
  );
}

function claim(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, 'spec');
  const errors: FieldError[] = [];
  if (listAt(spec, 'accessModes').length === 0) {
    errors.push(required('spec.accessModes', 'at least 1 access mode is required'));
  }
  const requests = objectAt(objectAt(spec, 'resources'), 'requests');
  if (requests['storage'] === undefined) errors.push(required('spec.resources[storage]'));
  return errors;
}

function job(spec: JsonObject, field: string): readonly FieldError[] {
  const pod = objectAt(objectAt(spec, 'template'), 'spec');
  const errors = [...podSpec(pod, `${field}.template.spec`, {})];
  const policy = stringAt(pod, 'restartPolicy');
  if (policy !== 'OnFailure' && policy !== 'Never') {
    const place = `${field}.template.spec.restartPolicy`;
    errors.push(
      policy === undefined
        ? required(place, 'valid values: "OnFailure", "Never"')
        : notSupported(place, policy, ['OnFailure', 'Never']),
    );
  }
  return errors;
}

function cronJob(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, 'spec');
  const errors: FieldError[] = [];
  if ((stringAt(spec, 'schedule') ?? '') === '') errors.push(required('spec.schedule'));
  const template = objectAt(objectAt(spec, 'jobTemplate'), 'spec');
  return [...errors, ...job(template, 'spec.jobTemplate.spec')];
}

function binding(object: JsonObject): readonly FieldError[] {
  const ref = objectAt(object, 'roleRef');
  return (stringAt(ref, 'name') ?? '') === '' ? [required('roleRef.name')] : [];
}

function customResourceDefinition(
  object: JsonObject,
  validator: SchemaValidator,
): readonly FieldError[] {
  const spec = objectAt(object, 'spec');
  const names = objectAt(spec, 'names');
  const name = stringAt(objectAt(object, 'metadata'), 'name') ?? '';
  const errors: FieldError[] = [];
  for (const field of ['group', 'scope'] as const) {
    if ((stringAt(spec, field) ?? '') === '') errors.push(required(`spec.${field}`));
  }
  for (const field of ['plural', 'kind'] as const) {
    if ((stringAt(names, field) ?? '') === '') errors.push(required(`spec.names.${field}`));
  }
  const expected = `${stringAt(names, 'plural') ?? ''}.${stringAt(spec, 'group') ?? ''}`;
  if (name !== expected) {
    errors.push(invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  }
  const versions = listAt(spec, 'versions').filter(isObject);
  if (versions.filter((version) => version['storage'] === true).length !== 1) {
    const why = 'must have exactly one version marked as storage version';
    errors.push(invalid('spec.versions', listAt(spec, 'versions'), why));
  }
  for (const [index, version] of versions.entries()) {
    const schema = objectAt(version, 'schema')['openAPIV3Schema'];
    const path = `spec.versions[${index}].schema.openAPIV3Schema`;
    if (isObject(schema)) errors.push(...checkStructural(schema, { path, validator }));
    else errors.push(required(path, 'schemas are required'));
  }
  return errors;
}
