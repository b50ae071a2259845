// Whether an openAPIV3Schema is structural: the form that API servers demand of CRDs and packages of their config.
import { RE2JS } from 're2js';
import { isObject, listAt, objectAt } from '../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../model/json.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { forbidden, invalid, required } from './field-error.ts';
import type { FieldError } from './field-error.ts';
import { pruneUnknown } from './prune.ts';
import type { SchemaValidator } from './validator.ts';

export interface StructuralOptions {
  /** Where the schema stands. Default: `openAPIV3Schema`. */
  readonly path?: string;
  /** Used to check that defaults are valid themselves. */
  readonly validator: SchemaValidator;
}

/**
 * Findings about a schema; empty when it is structural (rules: package-operator §1.5, the CRD documentation).
 * Rules of x-kubernetes-validations are not compiled here.
 */
export function checkStructural(
  schema: JsonObject,
  options: StructuralOptions,
): readonly FieldError[] {
  const out: FieldError[] = [];
  const path = options.path ?? 'openAPIV3Schema';
  if (schema['type'] !== 'object') {
    out.push(
      schema['type'] === undefined
        ? required(`${path}.type`, 'must not be empty at the root')
        : invalid(`${path}.type`, schema['type'], 'must be object at the root'),
    );
  }
  if (schema['nullable'] === true) {
    out.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  }
  walk(out, schema, { path, role: 'root' }, options.validator);
  return out;
}

interface Place {
  readonly path: string;
  readonly role: 'root' | 'field' | 'item' | 'logic';
}

const UNSUPPORTED = [
  'id',
  '$ref',
  '$schema',
  'definitions',
  'patternProperties',
  'dependencies',
  'additionalItems',
] as const;

/** What may stand outside of allOf, anyOf, oneOf and not only: those may constrain, not describe. */
const DESCRIBING = [
  'type',
  'default',
  'additionalProperties',
  'nullable',
  'title',
  'description',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
] as const;

const TYPES: ReadonlySet<string> = new Set([
  'object',
  'array',
  'string',
  'integer',
  'number',
  'boolean',
]);

function walk(
  out: FieldError[],
  schema: JsonObject,
  place: Place,
  validator: SchemaValidator,
): void {
  const { path, role } = place;
  for (const key of UNSUPPORTED) {
    if (isSet(schema[key])) out.push(forbidden(`${path}.${key}`, `${key} is not supported`));
  }
  if (schema['uniqueItems'] === true) {
    const why = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    out.push(forbidden(`${path}.uniqueItems`, why));
  }
  checkPattern(out, schema, path);
  if (role === 'logic') checkLogic(out, schema, path);
  else {
    checkType(out, schema, place);
    checkLists(out, schema, path);
    checkDefault(out, schema, path, validator);
  }
  checkAdditional(out, schema, path);
  const below: Place['role'] = role === 'logic' ? 'logic' : 'field';
  for (const [name, child] of Object.entries(objectAt(schema, 'properties'))) {
    if (!isObject(child)) continue;
    walk(out, child, { path: `${path}.properties[${name}]`, role: below }, validator);
  }
  const additional = schema['additionalProperties'];
  if (isObject(additional)) {
    walk(out, additional, { path: `${path}.additionalProperties`, role: below }, validator);
  }
  const items = schema['items'];
  if (Array.isArray(items)) {
    out.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'));
  } else if (isObject(items)) {
    const itemRole = role === 'logic' ? 'logic' : 'item';
    walk(out, items, { path: `${path}.items`, role: itemRole }, validator);
  }
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const [index, child] of listAt(schema, key).entries()) {
      if (!isObject(child) || isIntOrStringBranch(schema, child)) continue;
      walk(out, child, { path: `${path}.${key}[${index}]`, role: 'logic' }, validator);
    }
  }
  const not = schema['not'];
  if (isObject(not)) walk(out, not, { path: `${path}.not`, role: 'logic' }, validator);
}

function checkType(out: FieldError[], schema: JsonObject, { path, role }: Place): void {
  const type = schema['type'];
  if (typeof type === 'string' && type !== '') {
    if (!TYPES.has(type)) {
      const known = [...TYPES].sort().join(', ');
      out.push(invalid(`${path}.type`, type, `must be one of ${known}`));
    }
    if (schema['x-kubernetes-int-or-string'] === true) {
      const why = 'must be empty if x-kubernetes-int-or-string is true';
      out.push(invalid(`${path}.type`, type, why));
    }
    return;
  }
  const free =
    schema['x-kubernetes-int-or-string'] === true ||
    schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (free || role === 'root') return;
  const what = role === 'item' ? 'array items' : 'object fields';
  out.push(required(`${path}.type`, `must not be empty for specified ${what}`));
}

function checkAdditional(out: FieldError[], schema: JsonObject, path: string): void {
  const additional = schema['additionalProperties'];
  if (additional === undefined) return;
  if (additional === false) {
    const why = 'additionalProperties cannot be set to false';
    out.push(forbidden(`${path}.additionalProperties`, why));
  }
  if (Object.keys(objectAt(schema, 'properties')).length > 0) {
    const why = 'additionalProperties and properties are mutual exclusive';
    out.push(forbidden(`${path}.additionalProperties`, why));
  }
}

function checkLogic(out: FieldError[], schema: JsonObject, path: string): void {
  for (const key of DESCRIBING) {
    if (isSet(schema[key])) {
      out.push(forbidden(`${path}.${key}`, 'must be empty to be structural'));
    }
  }
}

function checkLists(out: FieldError[], schema: JsonObject, path: string): void {
  const kind = schema['x-kubernetes-list-type'];
  const keys = listAt(schema, 'x-kubernetes-list-map-keys');
  if (schema['type'] === 'array' && schema['items'] === undefined) {
    out.push(required(`${path}.items`, 'must be specified'));
  }
  if (kind === undefined) {
    if (keys.length > 0) {
      const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
      out.push(required(`${path}.x-kubernetes-list-type`, why));
    }
    return;
  }
  if (schema['type'] !== 'array') {
    const why = 'must be array if x-kubernetes-list-type is specified';
    out.push(invalid(`${path}.type`, schema['type'] ?? '', why));
  }
  if (kind !== 'map') return;
  if (keys.length === 0) {
    const why = 'must not be empty if x-kubernetes-list-type is map';
    out.push(required(`${path}.x-kubernetes-list-map-keys`, why));
  }
  const fields = objectAt(objectAt(schema, 'items'), 'properties');
  for (const [index, key] of keys.entries()) {
    if (typeof key === 'string' && isObject(fields[key])) continue;
    const why = 'entries must all be names of item properties';
    out.push(invalid(`${path}.x-kubernetes-list-map-keys[${index}]`, key, why));
  }
}

function checkPattern(out: FieldError[], schema: JsonObject, path: string): void {
  const pattern = schema['pattern'];
  if (typeof pattern !== 'string') return;
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const why = `must be a valid regular expression, but isn't: ${reason}`;
    out.push(invalid(`${path}.pattern`, pattern, why));
  }
}

function checkDefault(
  out: FieldError[],
  schema: JsonObject,
  path: string,
  validator: SchemaValidator,
): void {
  const given = schema['default'];
  if (given === undefined) return;
  const kept = pruneUnknown(schema, given);
  if (canonicalJson(kept) !== canonicalJson(given)) {
    out.push(invalid(`${path}.default`, given, 'must not have unknown fields'));
    return;
  }
  for (const error of validDefault(schema, given, `${path}.default`, validator)) {
    out.push(error);
  }
}

/** A schema that is wrong elsewhere cannot be compiled; that finding is enough. */
function validDefault(
  schema: JsonObject,
  given: Json,
  path: string,
  validator: SchemaValidator,
): readonly FieldError[] {
  try {
    return validator.validate(schema, given, { path });
  } catch {
    return [];
  }
}

/** `anyOf: [{type: integer}, {type: string}]` is the one allowed place of `type` inside of logic. */
function isIntOrStringBranch(schema: JsonObject, branch: JsonObject): boolean {
  if (schema['x-kubernetes-int-or-string'] !== true) return false;
  return Object.keys(branch).every((key) => key === 'type' || key === 'anyOf');
}

function isSet(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  if (Array.isArray(value)) return (value as JsonArray).length > 0;
  return true;
}
