// Whether an openAPIV3Schema is structural: the form that API servers demand of CRDs and packages of their config.
import { RE2JS } from 're2js';
import { isObject, objectAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { forbidden, invalid, notSupported, required } from './field-error.ts';
import type { FieldError } from './field-error.ts';
import { pruneUnknown } from './prune.ts';
import { checkRules, compileRules, ruleErrors } from './rules/index.ts';
import type { RuleTree } from './rules/index.ts';
import { keywordErrors } from './structural/keyword-types.ts';
import { listErrors } from './structural/lists.ts';
import {
  completenessErrors,
  isIntOrString,
  isSet,
  junctors,
  nestedErrors,
} from './structural/logic.ts';
import { resourceErrors } from './structural/resource.ts';
import type { SchemaValidator } from './validator.ts';

export interface StructuralOptions {
  /** Where the schema stands. Default: `openAPIV3Schema`. */
  readonly path?: string;
  /** Used to check that defaults are valid themselves. */
  readonly validator: SchemaValidator;
  /**
   * `compiled`: rules of x-kubernetes-validations must compile, stay within the limits of cost, and let the
   * defaults through. `form`: only their form is looked at. Default: `form`.
   */
  readonly rules?: 'compiled' | 'form';
}

/** Findings about a schema; empty when it is structural (rules: package-operator §1.5, the CRD documentation). */
export function checkStructural(
  schema: JsonObject,
  options: StructuralOptions,
): readonly FieldError[] {
  const path = options.path ?? 'openAPIV3Schema';
  const out: FieldError[] = [];
  walk(out, schema, { path, role: 'root' });
  if (out.length > 0) return out;
  out.push(...completenessErrors(schema, path));
  // Defaults and rules of a schema that is wrong elsewhere would be told wrongly.
  if (out.length === 0) walkDefaults(out, schema, { path, validator: options.validator });
  if (out.length === 0) out.push(...buildErrors(schema, path, options.validator));
  if (out.length > 0 || options.rules !== 'compiled') return out;
  const { tree, errors } = compileRules(schema, path);
  if (errors.length > 0 || tree === undefined) return errors;
  return defaultsByRules(tree, path);
}

interface Place {
  readonly path: string;
  readonly role: 'root' | 'field' | 'item' | 'logic';
  /** Below metadata, kind or apiVersion of a resource. */
  readonly insideMeta?: boolean;
  /** Why no default may stand here. */
  readonly noDefault?: string;
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

const TYPES: readonly string[] = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const PRESERVE = 'x-kubernetes-preserve-unknown-fields';
const EMBEDDED = 'x-kubernetes-embedded-resource';
const INT_OR_STRING = 'x-kubernetes-int-or-string';

function walk(out: FieldError[], schema: JsonObject, place: Place): void {
  const { path, role } = place;
  const wrong = keywordErrors(schema, path);
  out.push(...wrong);
  for (const key of UNSUPPORTED) {
    if (isSet(schema[key])) out.push(forbidden(`${path}.${key}`, `${key} is not supported`));
  }
  if (schema['uniqueItems'] === true) {
    const why = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    out.push(forbidden(`${path}.uniqueItems`, why));
  }
  if (Array.isArray(schema['items'])) {
    out.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'));
  }
  // What is no schema has no parts to look into.
  if (wrong.length > 0) return;
  checkPattern(out, schema, path);
  checkAdditional(out, schema, path);
  if (role === 'logic') out.push(...nestedErrors(schema, path));
  else checkNode(out, schema, place);
  for (const [child, below] of parts(schema, place)) walk(out, child, below);
}

function checkNode(out: FieldError[], schema: JsonObject, place: Place): void {
  const { path, role } = place;
  checkType(out, schema, place);
  checkExtensions(out, schema, place);
  out.push(...resourceErrors(schema, path, role === 'root'));
  out.push(...listErrors(schema, path));
  out.push(...ruleErrors(schema, path));
  if (schema['default'] !== undefined && place.noDefault !== undefined) {
    out.push(forbidden(`${path}.default`, `must not be set ${place.noDefault}`));
  }
}

/** The schemas below a schema. */
function parts(schema: JsonObject, place: Place): readonly (readonly [JsonObject, Place])[] {
  const { path, role } = place;
  const found: (readonly [JsonObject, Place])[] = [];
  const inherited = { insideMeta: place.insideMeta === true };
  const noDefault = place.noDefault === undefined ? {} : { noDefault: place.noDefault };
  const plain: Place['role'] = role === 'logic' ? 'logic' : 'field';
  const isResource = role === 'root' || schema[EMBEDDED] === true;
  for (const [name, child] of Object.entries(objectAt(schema, 'properties'))) {
    if (!isObject(child)) continue;
    const isMeta = isResource && ['metadata', 'kind', 'apiVersion'].includes(name);
    const meta = isMeta ? { insideMeta: true } : inherited;
    const top = isMeta && role === 'root' ? { noDefault: `in top-level ${name}` } : noDefault;
    found.push([child, { path: `${path}.properties[${name}]`, role: plain, ...meta, ...top }]);
  }
  const { additionalProperties: additional, items } = schema;
  if (isObject(additional)) {
    const meta = place.insideMeta
      ? { noDefault: 'inside additionalProperties applying to object metadata' }
      : noDefault;
    const at = `${path}.additionalProperties`;
    found.push([additional, { path: at, role: plain, ...inherited, ...meta }]);
  }
  if (isObject(items)) {
    const itemRole = role === 'logic' ? 'logic' : 'item';
    found.push([items, { path: `${path}.items`, role: itemRole, ...inherited, ...noDefault }]);
  }
  for (const [key, child] of junctors(schema)) {
    if (isIntOrString(schema, key)) continue;
    found.push([child, { path: `${path}.${key}`, role: 'logic' }]);
  }
  return found;
}

function checkType(out: FieldError[], schema: JsonObject, { path, role }: Place): void {
  const type = schema['type'];
  if (role === 'root' && schema['nullable'] === true) {
    out.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  }
  if (typeof type === 'string' && type !== '') {
    if (type === 'null') {
      const why = 'type cannot be set to null, use nullable as an alternative';
      out.push(forbidden(`${path}.type`, why));
    } else if (!TYPES.includes(type)) out.push(notSupported(`${path}.type`, type, TYPES));
    else if (role === 'root' && type !== 'object') {
      out.push(invalid(`${path}.type`, type, 'must be object at the root'));
    }
    if (schema[INT_OR_STRING] === true) {
      const why = `must be empty if ${INT_OR_STRING} is true`;
      out.push(invalid(`${path}.type`, type, why));
    }
    return;
  }
  const isFree = schema[INT_OR_STRING] === true || schema[PRESERVE] === true;
  if (role === 'root') {
    out.push(required(`${path}.type`, 'must not be empty at the root'));
  } else if (!isFree && schema[EMBEDDED] !== true) {
    const what = role === 'item' ? 'array items' : 'object fields';
    out.push(required(`${path}.type`, `must not be empty for specified ${what}`));
  }
}

function checkExtensions(out: FieldError[], schema: JsonObject, place: Place): void {
  const { path } = place;
  if (schema[PRESERVE] === false) {
    out.push(invalid(`${path}.${PRESERVE}`, false, 'must be true or undefined'));
  }
  if (place.insideMeta && schema[EMBEDDED] === true) {
    const why = 'must not be used inside of resource meta';
    out.push(forbidden(`${path}.${EMBEDDED}`, why));
  }
  if (schema[INT_OR_STRING] !== true) return;
  for (const key of [PRESERVE, EMBEDDED]) {
    if (schema[key] !== true) continue;
    out.push(invalid(`${path}.${key}`, true, `must be false if ${INT_OR_STRING} is true`));
  }
}

function checkAdditional(out: FieldError[], schema: JsonObject, path: string): void {
  const additional = schema['additionalProperties'];
  if (additional === undefined || additional === true) return;
  if (Object.keys(objectAt(schema, 'properties')).length > 0) {
    const why = 'additionalProperties and properties are mutual exclusive';
    out.push(forbidden(`${path}.additionalProperties`, why));
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

interface DefaultPlace {
  readonly path: string;
  readonly validator: SchemaValidator;
}

function walkDefaults(out: FieldError[], schema: JsonObject, place: DefaultPlace): void {
  const { path, validator } = place;
  const given = schema['default'];
  if (given !== undefined) {
    const kept = pruneUnknown(schema, given);
    if (canonicalJson(kept) !== canonicalJson(given)) {
      out.push(invalid(`${path}.default`, given, 'must not have unknown fields'));
    } else out.push(...validator.validate(schema, given, { path: `${path}.default` }));
  }
  for (const [child, below] of parts(schema, { path, role: 'field' })) {
    if (below.role !== 'logic') walkDefaults(out, child, { path: below.path, validator });
  }
}

/** Whatever else may keep a validator from being made. */
function buildErrors(
  schema: JsonObject,
  path: string,
  validator: SchemaValidator,
): readonly FieldError[] {
  try {
    validator.validate(schema, {});
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [invalid(path, '', `error building validator: ${reason}`)];
  }
}

/** A default must keep the rules that stand at or below it. */
function defaultsByRules(tree: RuleTree, path: string): readonly FieldError[] {
  const given: Json | undefined = tree.schema['default'];
  const found = given === undefined ? [] : [...checkRules(tree, given, `${path}.default`)];
  for (const [name, below] of tree.properties) {
    found.push(...defaultsByRules(below, `${path}.properties[${name}]`));
  }
  if (tree.items) found.push(...defaultsByRules(tree.items, `${path}.items`));
  return found;
}
