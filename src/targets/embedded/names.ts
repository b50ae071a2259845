// Rules for metadata: names, labels, annotations, owner references.
import { canonicalJson } from '../../lib/canonical-json.ts';
import { listAt, objectAt, stringAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { forbidden, invalid, required, tooLong } from '../../schema/field-error.ts';
import type { FieldError } from '../../schema/field-error.ts';
import type { ServedKind } from './kinds.ts';
import { ownersOf } from './owner-references.ts';

interface NameRule {
  readonly pattern: RegExp;
  readonly maxLength: number;
  readonly message: string;
}

const SUBDOMAIN: NameRule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  maxLength: 253,
  message:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
};
const LABEL: NameRule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 63,
  message:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
    "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
};
const SERVICE_LABEL: NameRule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 63,
  message:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and " +
    "end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
};

const RULES: Readonly<Record<string, NameRule>> = {
  '/Namespace': LABEL,
  '/Service': SERVICE_LABEL,
  'apps/StatefulSet': LABEL,
  'batch/CronJob': { ...SUBDOMAIN, maxLength: 52 },
  'batch/Job': { ...SUBDOMAIN, maxLength: 63 },
};

/** Names of these kinds only have to fit into a URL. */
const PATH_SEGMENT_GROUP = 'rbac.authorization.k8s.io';

/** Total size of keys and values of annotations. */
const MAX_ANNOTATIONS = 256 * 1024;
const MAX_LABEL_VALUE = 63;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_VALUE_MESSAGE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const KEY_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const KEY_NAME_MESSAGE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/** Findings about `metadata` of an object to be stored. */
export function checkMetadata(kind: ServedKind, object: JsonObject): readonly FieldError[] {
  const metadata = objectAt(object, 'metadata');
  return [
    ...checkName(kind, stringAt(metadata, 'name') ?? ''),
    ...checkLabels('metadata.labels', objectAt(metadata, 'labels')),
    ...checkAnnotations(objectAt(metadata, 'annotations')),
    ...checkOwners(object),
    ...checkFinalizers(metadata),
  ];
}

/** Findings about a map of labels; also used for labels of pod templates. */
export function checkLabels(field: string, labels: JsonObject): readonly FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...checkKey(field, key),
    ...checkLabelValue(field, value ?? ''),
  ]);
}

function checkName(kind: ServedKind, name: string): readonly FieldError[] {
  const field = 'metadata.name';
  if (name === '') return [required(field, 'name or generateName is required')];
  if (kind.group === PATH_SEGMENT_GROUP) {
    if (name === '.' || name === '..') return [invalid(field, name, `may not be '${name}'`)];
    return ['/', '%']
      .filter((char) => name.includes(char))
      .map((char) => invalid(field, name, `may not contain '${char}'`));
  }
  const rule = RULES[`${kind.group}/${kind.kind}`] ?? SUBDOMAIN;
  const errors: FieldError[] = [];
  if (!rule.pattern.test(name)) errors.push(invalid(field, name, rule.message));
  if (name.length > rule.maxLength) {
    errors.push(invalid(field, name, `must be no more than ${rule.maxLength} characters`));
  }
  return errors;
}

function checkLabelValue(field: string, value: Json): readonly FieldError[] {
  if (typeof value !== 'string') return [invalid(field, value, 'must be a string')];
  const errors: FieldError[] = [];
  if (value.length > MAX_LABEL_VALUE) {
    errors.push(invalid(field, value, `must be no more than ${MAX_LABEL_VALUE} characters`));
  }
  if (!LABEL_VALUE.test(value)) errors.push(invalid(field, value, LABEL_VALUE_MESSAGE));
  return errors;
}

/** `prefix/name`, where the prefix is a DNS subdomain and may be missing. */
function checkKey(field: string, key: string): readonly FieldError[] {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = slash < 0 ? key : key.slice(slash + 1);
  const errors: FieldError[] = [];
  if (prefix === '') errors.push(invalid(field, key, 'prefix part must be non-empty'));
  else if (prefix !== undefined && !SUBDOMAIN.pattern.test(prefix)) {
    errors.push(invalid(field, key, `prefix part ${SUBDOMAIN.message}`));
  }
  if (name === '') errors.push(invalid(field, key, 'name part must be non-empty'));
  else if (name.length > MAX_LABEL_VALUE) {
    const why = `name part must be no more than ${MAX_LABEL_VALUE} characters`;
    errors.push(invalid(field, key, why));
  }
  if (!KEY_NAME.test(name)) errors.push(invalid(field, key, KEY_NAME_MESSAGE));
  return errors;
}

function checkAnnotations(annotations: JsonObject): readonly FieldError[] {
  const field = 'metadata.annotations';
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    // Keys of annotations may be written in capitals; otherwise they are like those of labels.
    errors.push(...checkKey(field, key.toLowerCase()));
    if (typeof value !== 'string') errors.push(invalid(field, value ?? null, 'must be a string'));
    else size += key.length + Buffer.byteLength(value);
  }
  if (size > MAX_ANNOTATIONS) errors.push(tooLong(field, MAX_ANNOTATIONS));
  return errors;
}

function checkFinalizers(metadata: JsonObject): readonly FieldError[] {
  return listAt(metadata, 'finalizers').flatMap((name) =>
    typeof name === 'string' ? checkKey('metadata.finalizers', name) : [],
  );
}

function checkOwners(object: JsonObject): readonly FieldError[] {
  const field = 'metadata.ownerReferences';
  const owners = ownersOf(object);
  const errors: FieldError[] = [];
  for (const owner of owners) {
    for (const key of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (owner[key] === '')
        errors.push(invalid(`${field}.${key}`, '', `${key} must not be empty`));
    }
    if (owner.kind === 'Event') {
      errors.push(
        invalid(
          field,
          owner.kind,
          `${owner.apiVersion}, Kind=Event is disallowed from being an owner`,
        ),
      );
    }
  }
  const [first, second] = owners.filter((owner) => owner.controller);
  if (first && second) {
    const names = `${first.kind}/${first.name} and ${second.kind}/${second.name}`;
    const why = `Only one reference can have Controller set to true. Found "true" in references for ${names}`;
    const shown = canonicalJson(listAt(objectAt(object, 'metadata'), 'ownerReferences'));
    errors.push({
      ...forbidden(field, ''),
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${shown}: ${why}`,
    });
  }
  return errors;
}
