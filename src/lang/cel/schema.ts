// Types from JSON and OpenAPI schemas, and values read the way Kubernetes reads them for CRD rules.
import { celError } from './error.ts';
import type { CelError } from './error.ts';
import { markList } from './list-kind.ts';
import { parseDuration, parseTimestamp, timestampFrom } from './time.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  TIMESTAMP,
} from './type.ts';
import type { Type } from './type.ts';
import { doubleFrom, isInt } from './value.ts';
import type { Value } from './value.ts';

/** The parts of an OpenAPI (structural) schema that say something about types. */
export interface OpenApiSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: boolean | OpenApiSchema;
  readonly items?: OpenApiSchema;
  readonly allOf?: readonly OpenApiSchema[];
  readonly $ref?: string;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

export interface SchemaOptions {
  /**
   * True where values go through `adapt` first, as for CRD rules: formats become timestamps,
   * durations and bytes, numbers doubles, only declared fields exist. Otherwise (plain JSON, the
   * default) strings stay strings, numbers and objects with unknown fields are dyn. Default false.
   */
  readonly adapted?: boolean;
  /** The object has apiVersion, kind and metadata whether or not the schema says so. Default false. */
  readonly isObject?: boolean;
  /**
   * What numbers of plain JSON are. `json` (default): integers are ints, other numbers dyn. `double`: all
   * are doubles, as filters see them. `dyn`: all are dyn.
   */
  readonly numbers?: 'json' | 'double' | 'dyn';
  /** The schema that a `$ref` names; without it such a part is dyn. */
  readonly resolve?: (ref: string) => OpenApiSchema | undefined;
}

/** Declares a variable of the type that a schema describes: for `withVariables`. */
export function declare(
  variable: string,
  schema: OpenApiSchema,
  options: SchemaOptions = {},
): Readonly<Record<string, Type>> {
  return { [variable]: schemaType(schema, options) };
}

/** Declares the top-level fields of an object as variables (the `health` environment). */
export function fieldVariables(
  schema: OpenApiSchema,
  options: SchemaOptions = {},
): Readonly<Record<string, Type>> {
  const type = schemaType(schema, { isObject: true, ...options });
  return Object.fromEntries(type.fields ?? []);
}

/** The type of values that the schema describes. */
export function schemaType(schema: OpenApiSchema, options: SchemaOptions = {}): Type {
  const place = { path: 'object', references: 0 };
  return new SchemaReader(options).type(schema, place, options.isObject ?? false);
}

const META: OpenApiSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};
/** What every Kubernetes object has; of the metadata, rules see only the names. */
const OBJECT_FIELDS: Readonly<Record<string, OpenApiSchema>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: META,
};

/** Plain JSON has all of the metadata, whatever the schema says of it. */
const PLAIN_OBJECT_FIELDS: Readonly<Record<string, OpenApiSchema>> = {
  ...OBJECT_FIELDS,
  metadata: { ...META, 'x-kubernetes-preserve-unknown-fields': true },
};

/** References inside references that are followed; recursive schemas end as dyn. */
const MAX_REFERENCES = 16;

/** Where in the whole a schema stands. */
interface SchemaPlace {
  /** Names the type in messages. */
  readonly path: string;
  /** References that were followed to get here. */
  readonly references: number;
}

function below(place: SchemaPlace, part: string): SchemaPlace {
  return { ...place, path: `${place.path}${part}` };
}

class SchemaReader {
  readonly #options: SchemaOptions;

  constructor(options: SchemaOptions) {
    this.#options = options;
  }

  type(schema: OpenApiSchema, place: SchemaPlace, isObject: boolean): Type {
    if (schema.$ref !== undefined) return this.#reference(schema.$ref, place);
    if (schema['x-kubernetes-int-or-string'] === true) return DYN;
    // Null fits objects; a text or a list that may be null is known only by its value.
    if (this.#isNullable(schema)) return DYN;
    if (
      schema.allOf?.length === 1 &&
      schema.type === undefined &&
      schema.properties === undefined
    ) {
      return this.type(schema.allOf[0] as OpenApiSchema, place, isObject);
    }
    const adapted = this.#options.adapted === true;
    switch (typeName(schema)) {
      case 'boolean':
        return BOOL;
      case 'integer':
        return adapted ? INT : this.#plainNumber(INT);
      case 'number':
        // Plain JSON does not tell 1 from 1.0, so arithmetic is decided by the value.
        return adapted ? DOUBLE : this.#plainNumber(DYN);
      case 'string':
        return adapted ? formatType(schema.format) : STRING;
      case 'array':
        return listOf(
          schema.items === undefined ? DYN : this.type(schema.items, below(place, '[]'), false),
        );
      case 'object':
        return this.#object(schema, place, isObject);
      default:
        return schema.properties === undefined ? DYN : this.#object(schema, place, isObject);
    }
  }

  #plainNumber(json: Type): Type {
    const { numbers = 'json' } = this.#options;
    if (numbers === 'double') return DOUBLE;
    return numbers === 'dyn' ? DYN : json;
  }

  #isNullable(schema: OpenApiSchema): boolean {
    if (this.#options.adapted === true || schema.nullable !== true) return false;
    return schema.properties === undefined;
  }

  #reference(ref: string, { path, references }: SchemaPlace): Type {
    const schema = this.#options.resolve?.(ref);
    if (schema === undefined || references >= MAX_REFERENCES) return DYN;
    return this.type(schema, { path, references: references + 1 }, false);
  }

  #object(schema: OpenApiSchema, place: SchemaPlace, isObject: boolean): Type {
    const { additionalProperties } = schema;
    if (additionalProperties === true && schema.properties === undefined) return mapOf(STRING, DYN);
    if (typeof additionalProperties === 'object' && schema.properties === undefined) {
      return mapOf(STRING, this.type(additionalProperties, below(place, '.@values'), false));
    }
    const adapted = this.#options.adapted === true;
    const properties = propertiesOf(schema, isObject, adapted);
    const open = !adapted && isOpen(schema);
    if (open && Object.keys(properties).length === 0) return mapOf(STRING, DYN);
    const read = (): ReadonlyMap<string, Type> => {
      const fields = new Map<string, Type>();
      for (const [name, property] of Object.entries(properties)) {
        const names = adapted ? ruleNames(name) : [name];
        if (adapted && !isDeclared(property)) continue;
        const type = this.type(property, below(place, `.${name}`), false);
        for (const field of names) fields.set(field, type);
      }
      return fields;
    };
    return lazyObject(read, {
      kind: 'object',
      name: place.path,
      params: [],
      open,
      isMap: !adapted,
    });
  }
}

/** An object whose fields are read when an expression asks for one: schemas are large, expressions short. */
function lazyObject(read: () => ReadonlyMap<string, Type>, type: Type): Type {
  let fields: ReadonlyMap<string, Type> | undefined;
  return {
    ...type,
    get fields() {
      fields ??= read();
      return fields;
    },
  };
}

function propertiesOf(
  schema: OpenApiSchema,
  isObject: boolean,
  adapted: boolean,
): Readonly<Record<string, OpenApiSchema>> {
  if (!isObject && schema['x-kubernetes-embedded-resource'] !== true)
    return schema.properties ?? {};
  const fields = adapted ? OBJECT_FIELDS : PLAIN_OBJECT_FIELDS;
  return { ...schema.properties, ...fields, ...metaOf(schema) };
}

/** The schema's own metadata where it is given, so that it is not lost for plain JSON. */
function metaOf(schema: OpenApiSchema): Readonly<Record<string, OpenApiSchema>> {
  const metadata = schema.properties?.['metadata'];
  return metadata?.properties === undefined ? {} : { metadata };
}

/** Kubernetes has no type for a part without one; a property of such a type is not there for rules. */
function isDeclared(schema: OpenApiSchema): boolean {
  if (schema['x-kubernetes-int-or-string'] === true || schema.$ref !== undefined) return true;
  if (schema.type === undefined && schema.properties === undefined) return false;
  if (schema.items !== undefined && !isDeclared(schema.items)) return false;
  const { additionalProperties } = schema;
  return typeof additionalProperties !== 'object' || isDeclared(additionalProperties);
}

function isOpen(schema: OpenApiSchema): boolean {
  return (
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema.properties === undefined ||
    schema.additionalProperties === true ||
    typeof schema.additionalProperties === 'object'
  );
}

function typeName(schema: OpenApiSchema): string | undefined {
  const { type } = schema;
  if (type === undefined || typeof type === 'string') return type;
  const named = type.filter((name) => name !== 'null');
  return named.length === 1 ? named[0] : undefined;
}

function formatType(format: string | undefined): Type {
  switch (format) {
    case 'byte':
      return BYTES;
    case 'duration':
      return DURATION;
    case 'date':
    case 'date-time':
      return TIMESTAMP;
    default:
      return STRING;
  }
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'true false null in as break const continue else for function if import let loop package ' +
    'namespace return var void while'
  ).split(' '),
);
const ESCAPES: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** The name by which rules know a property (`__dash__`, `__namespace__` …); undefined for others. */
export function escapeName(name: string): string | undefined {
  if (KEYWORDS.has(name)) return `__${name}__`;
  const escaped = name.replaceAll(/__|[./-]/g, (part) => ESCAPES[part] ?? part);
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(escaped) ? escaped : undefined;
}

/** All names by which rules know a property: a keyword may be written as it is, too. */
function ruleNames(name: string): readonly string[] {
  const escaped = escapeName(name);
  if (escaped === undefined) return [];
  return KEYWORDS.has(name) ? [escaped, name] : [escaped];
}

function invalid(message: string): CelError {
  return celError('invalidArgument', `invalid data, ${message}`);
}

/**
 * The value as rules see it: formats and numbers converted, fields by their escaped names, null fields
 * that may be null left out, lists marked as sets or maps. Parts that do not fit the schema throw a
 * CelError once they are read, as in Kubernetes.
 */
export function adapt(value: Value, schema: OpenApiSchema, isObject = false): Value {
  if (value === null) {
    if (schema.nullable === true) return null;
    throw invalid('got null for schema with nullable=false');
  }
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (typeof value === 'string' || isInt(value)) return value;
    throw invalid('expected XIntOrString value to be either a string or integer');
  }
  switch (typeName(schema)) {
    case 'array':
      return adaptList(value, schema);
    case 'object':
      return adaptObject(value, schema, isObject);
    case 'string':
      return adaptText(value, schema.format);
    case 'number':
      return typeof value === 'number' ? doubleFrom(value) : value;
    default:
      return value;
  }
}

function adaptText(value: Value, format: string | undefined): Value {
  if (typeof value !== 'string') return value;
  switch (format) {
    case 'byte':
      return Uint8Array.from(atob(value), (char) => char.charCodeAt(0));
    case 'duration':
      return parseDuration(value);
    case 'date':
      return timestampFrom(BigInt(Date.parse(`${value}T00:00:00Z`)) / 1000n, 0n);
    case 'date-time':
      return parseTimestamp(value);
    default:
      return value;
  }
}

function adaptList(value: Value, schema: OpenApiSchema): Value {
  if (!Array.isArray(value)) {
    throw invalid('expected an array for the provided schema with type=array');
  }
  const copy: Value[] = [];
  (value as readonly Value[]).forEach((item, index) => {
    define(copy, String(index), () => adapt(item, schema.items ?? {}));
  });
  if (schema['x-kubernetes-list-type'] === 'set') return markList(copy, { kind: 'set' });
  if (schema['x-kubernetes-list-type'] !== 'map') return copy;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return markList(copy, { kind: 'map', keys: keys.map((key) => escapeName(key) ?? key) });
}

function adaptObject(value: Value, schema: OpenApiSchema, isObject: boolean): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('expected a map for the provided schema with type=object');
  }
  const { additionalProperties } = schema;
  const map = value as Readonly<Record<string, Value>>;
  const copy = Object.create(null) as Record<string, Value>;
  if (typeof additionalProperties === 'object') {
    for (const [key, item] of Object.entries(map)) {
      define(copy, key, () => adapt(item, additionalProperties));
    }
    return copy;
  }
  const properties = propertiesOf(schema, isObject, true);
  for (const [name, item] of Object.entries(map)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const names = property === undefined ? [] : ruleNames(name);
    // What rules cannot name still counts when objects are compared.
    if (property === undefined || names.length === 0) define(copy, name, () => item);
    else if (item !== null || property.nullable !== true) {
      for (const field of names) define(copy, field, () => adapt(item, property));
    }
  }
  return copy;
}

/** Sets a member; one that cannot be converted throws when it is read, not before. */
function define(target: object, key: string, convert: () => Value): void {
  try {
    Object.defineProperty(target, key, {
      value: convert(),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } catch (error) {
    const get = (): never => {
      throw error;
    };
    Object.defineProperty(target, key, { get, enumerable: true, configurable: true });
  }
}
