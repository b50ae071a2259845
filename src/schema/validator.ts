// Validation against structural schemas: ajv does the checking, the words are those of an API server.
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { RE2JS } from 're2js';
import { canonicalJson } from '../lib/canonical-json.ts';
import { isObject } from '../model/json.ts';
import type { Json, JsonArray, JsonObject } from '../model/json.ts';
import { invalid, notSupported, required, tooLong, tooMany, typeInvalid } from './field-error.ts';
import type { FieldError } from './field-error.ts';
import { FORMATS, NUMBER_FORMATS } from './formats.ts';
import { checkRules, compileRules } from './rules/index.ts';
import type { RuleTree } from './rules/index.ts';

export interface ValidateOptions {
  /** Where the value stands, such as `spec.config`; empty for the root. Default: the root. */
  readonly path?: string;
  /**
   * What numbers are called in messages. API servers tell integers from floats; where a value has been through
   * Go's JSON maps (Package Operator's config) every number is a float and is called `number`. Default: `split`.
   */
  readonly numbers?: 'split' | 'float';
}

export interface SchemaValidator {
  /** Findings in the order of the schema; empty when the value is valid. */
  validate(schema: JsonObject, value: Json, options?: ValidateOptions): readonly FieldError[];
  /**
   * What the rules of `x-kubernetes-validations` say to a value that was pruned, defaulted and validated;
   * rules that do not compile, or that compare with an old value, say nothing.
   */
  checkRules(schema: JsonObject, value: Json, path: string): readonly FieldError[];
}

/** Compiled schemas kept per validator; the oldest goes when one more is needed. */
const CACHE_LIMIT = 500;

/**
 * A validator with its own cache of compiled schemas, by content: one per process is enough.
 * @throws never for a schema that passed `checkStructural`
 */
export function createSchemaValidator(): SchemaValidator {
  const cache = new Map<string, ValidateFunction>();
  const ruleTrees = new Map<string, { readonly tree: RuleTree | undefined }>();
  let ajv = newAjv();
  let compiled = 0;

  const compile = (schema: JsonObject): ValidateFunction => {
    const hash = canonicalJson(schema);
    const known = cache.get(hash);
    if (known) return known;
    // ajv keeps what it compiled for ever; a fresh instance now and then keeps a long-lived daemon small.
    if (++compiled % CACHE_LIMIT === 0) ajv = newAjv();
    const check = ajv.compile(toJsonSchema(schema));
    remember(cache, hash, check);
    return check;
  };

  const rulesOf = (schema: JsonObject): RuleTree | undefined => {
    const hash = canonicalJson(schema);
    const known = ruleTrees.get(hash);
    if (known) return known.tree;
    const { tree } = compileRules(schema, '');
    remember(ruleTrees, hash, { tree });
    return tree;
  };

  return {
    validate(schema, value, options = {}) {
      const check = compile(schema);
      if (check(plainNumbers(value))) return [];
      return (check.errors ?? [])
        .filter((error) => !isBranch(error))
        .map((error) => fieldError(error, value, options));
    },
    checkRules(schema, value, path) {
      const tree = rulesOf(schema);
      return tree === undefined ? [] : checkRules(tree, value, path);
    },
  };
}

/** Keeps what was made last; the oldest goes when there is no more room. */
function remember<T>(cache: Map<string, T>, hash: string, made: T): void {
  if (cache.size >= CACHE_LIMIT) {
    const oldest = cache.keys().next();
    if (!oldest.done) cache.delete(oldest.value);
  }
  cache.set(hash, made);
}

function newAjv(): Ajv {
  return new Ajv({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allErrors: true,
    verbose: true,
    addUsedSchema: false,
    unicodeRegExp: false,
    formats: {
      ...FORMATS,
      ...Object.fromEntries(
        Object.entries(NUMBER_FORMATS).map(([name, validate]) => [
          name,
          { type: 'number' as const, validate },
        ]),
      ),
    },
    code: { regExp: Object.assign(linearRegExp, { code: 'new RegExp' }) },
  });
}

/**
 * RE2 syntax in linear time: patterns come from users (reference: stack-and-style §1.4). ajv tells compiled
 * patterns apart by their text form; without one of its own, all patterns of a schema would be the first.
 */
export function linearRegExp(pattern: string): { test: (text: string) => boolean } {
  const compiled = RE2JS.compile(pattern);
  const shown = `RE2 ${pattern}`;
  const engine = {
    test: (text: string): boolean => compiled.matcher(text).find(),
    toString: (): string => shown,
  };
  return engine;
}

const COPIED = [
  'multipleOf',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxProperties',
  'minProperties',
  'required',
  'enum',
] as const;

/** OpenAPI v3 as Kubernetes uses it, in terms of JSON Schema. */
function toJsonSchema(schema: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  for (const key of COPIED) {
    const value = schema[key];
    if (value !== undefined && !saysNothing(key, value)) out[key] = plainNumbers(value);
  }
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  const type = schema['type'];
  const required = out['required'];
  if (Array.isArray(required)) out['required'] = [...new Set(required as JsonArray)];
  const types = intOrString ? ['integer', 'string'] : typeof type === 'string' ? [type] : [];
  if (types.length > 0) out['type'] = schema['nullable'] === true ? [...types, 'null'] : types;
  if (schema['nullable'] === true && Array.isArray(out['enum'])) {
    out['enum'] = [...(out['enum'] as JsonArray), null];
  }
  const format = schema['format'];
  const known = [FORMATS, NUMBER_FORMATS].some((formats) => Object.hasOwn(formats, String(format)));
  if (typeof format === 'string' && known) out['format'] = format;
  copyBounds(schema, out);
  for (const key of ['properties'] as const) {
    const properties = schema[key];
    if (isObject(properties)) out[key] = mapSchemas(properties);
  }
  for (const key of ['items', 'additionalProperties', 'not'] as const) {
    const child = schema[key];
    if (isObject(child)) out[key] = toJsonSchema(child);
  }
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    const list = schema[key];
    if (Array.isArray(list) && list.length > 0) {
      out[key] = (list as JsonArray).filter(isObject).map(toJsonSchema);
    }
  }
  return out;
}

/** An empty `enum` allows everything, as in Go. */
function saysNothing(key: string, value: Json): boolean {
  return key === 'enum' && Array.isArray(value) && value.length === 0;
}

/** OpenAPI 3.0 says `exclusiveMinimum: true` beside `minimum`, JSON Schema gives the number itself. */
function copyBounds(schema: JsonObject, out: Record<string, Json>): void {
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    const limit = schema[bound];
    if (limit === undefined) continue;
    out[schema[exclusive] === true ? exclusive : bound] = plainNumbers(limit);
  }
}

function mapSchemas(properties: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  for (const [name, child] of Object.entries(properties)) {
    if (!isObject(child)) continue;
    Object.defineProperty(out, name, {
      value: toJsonSchema(child),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return out;
}

/** ajv knows no bigint; comparisons at 2^53 and beyond are exact enough as floats. */
export function plainNumbers(value: Json): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) {
    return value.some((item) => typeof item === 'bigint' || typeof item === 'object')
      ? (value as JsonArray).map(plainNumbers)
      : value;
  }
  if (!isObject(value)) return value;
  const out: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue;
    const plain = plainNumbers(child);
    if (key === '__proto__') {
      Object.defineProperty(out, key, { value: plain, enumerable: true });
    } else out[key] = plain;
  }
  return out;
}

/** True for what one of several alternatives says: the alternatives as a whole are one finding. */
export function isBranch({ schemaPath }: ErrorObject): boolean {
  return /\/(?:anyOf|oneOf)\/\d+\/|\/not\//.test(schemaPath);
}

/** A field that a closed schema does not name. */
export function unknownField(
  { instancePath }: Pick<ErrorObject, 'instancePath'>,
  root: Json,
  field: { readonly name: string; readonly meant: string | undefined },
): FieldError {
  const { name, meant } = field;
  return {
    field: join(locate(instancePath, root, '').field, name),
    reason: 'FieldValueForbidden',
    message: meant === undefined ? 'unknown field' : `unknown field. ${meant}`,
  };
}

/** A finding of ajv in the words of an API server. */
export function fieldError(error: ErrorObject, root: Json, options: ValidateOptions): FieldError {
  const { field, value } = locate(error.instancePath, root, options.path ?? '');
  const limit = Number(error.params['limit']);
  const inBody = `${field === '' ? '' : `${field} `}in body`;
  const say = (text: string): FieldError => invalid(field, value, `${inBody} ${text}`);
  switch (error.keyword) {
    case 'required':
      return required(join(field, String(error.params['missingProperty'])));
    case 'type': {
      const allowed: unknown = error.params['type'];
      const types = (Array.isArray(allowed) ? allowed : [allowed]).filter(
        (type) => type !== 'null',
      );
      const actual = typeName(value, options);
      const detail = `${inBody} must be of type ${types.join(',')}: ${JSON.stringify(actual)}`;
      return typeInvalid(field, actual, detail);
    }
    case 'enum': {
      const allowed: unknown = error.params['allowedValues'];
      return notSupported(field, value, Array.isArray(allowed) ? (allowed as JsonArray) : []);
    }
    case 'maxLength':
      return tooLong(field, limit);
    case 'maxItems':
      return tooMany(field, Array.isArray(value) ? value.length : 0, limit);
    case 'maxProperties':
      return tooMany(field, isObject(value) ? Object.keys(value).length : 0, limit);
    case 'minLength':
      return say(`should be at least ${limit} chars long`);
    case 'minItems':
      return say(`should have at least ${limit} items`);
    case 'minProperties':
      return say(`should have at least ${limit} properties`);
    case 'uniqueItems':
      return say(`shouldn't contain duplicates`);
    case 'minimum':
      return say(`should be greater than or equal to ${limit}`);
    case 'exclusiveMinimum':
      return say(`should be greater than ${limit}`);
    case 'maximum':
      return say(`should be less than or equal to ${limit}`);
    case 'exclusiveMaximum':
      return say(`should be less than ${limit}`);
    case 'multipleOf':
      return say(`should be a multiple of ${String(error.params['multipleOf'])}`);
    case 'pattern':
      return say(`should match '${String(error.params['pattern'])}'`);
    case 'format':
      return say(`must be of type ${String(error.params['format'])}: ${show(value)}`);
    case 'anyOf':
      return invalid(field, value, `"${field}" must validate at least one schema (anyOf)`);
    case 'oneOf': {
      const found = error.params['passingSchemas'] === null ? ' Found none valid' : '';
      const text = `"${field}" must validate one and only one schema (oneOf).${found}`;
      return invalid(field, value, text);
    }
    case 'not':
      return invalid(field, value, `"${field}" must not validate the schema (not)`);
    default:
      return say(error.message ?? 'is not valid');
  }
}

function locate(pointer: string, root: Json, path: string): { field: string; value: Json } {
  let value: Json | undefined = root;
  let field = path;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) {
      field = `${field}[${key}]`;
      value = (value as JsonArray)[Number(key)];
    } else {
      field = join(field, key);
      value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    }
  }
  return { field, value: value ?? null };
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function typeName(value: Json, options: ValidateOptions): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'bigint':
      return options.numbers === 'float' ? 'number' : 'integer';
    case 'number':
      return options.numbers !== 'float' && Number.isInteger(value) ? 'integer' : 'number';
    default:
      return typeof value;
  }
}

function show(value: Json): string {
  return typeof value === 'string' ? JSON.stringify(value) : canonicalJson(value);
}
