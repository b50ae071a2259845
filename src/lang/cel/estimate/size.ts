// How large values can get: what a schema lets through, in the measure of Kubernetes' cost limits.
import { escapeName } from '../schema.ts';
import type { OpenApiSchema } from '../schema.ts';

/** The bounds of a schema that limit sizes. */
export interface BoundedSchema extends OpenApiSchema {
  readonly properties?: Readonly<Record<string, BoundedSchema>>;
  readonly additionalProperties?: boolean | BoundedSchema;
  readonly items?: BoundedSchema;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly default?: unknown;
}

/** Characters of a text, bytes, or entries of a list or map: at least and at most. */
export interface Size {
  readonly min: number;
  /** Infinity where nothing limits it. */
  readonly max: number;
  /** Of the elements of a list and the values of a map, where they are known. */
  readonly element?: Size | undefined;
  /** Of the keys of a map. */
  readonly key?: Size | undefined;
  /** Of a field of an object, by the name that rules use. */
  readonly field?: (name: string) => Size | undefined;
}

/** The largest request that an API server takes, in bytes: what has no limit of its own is as large as that. */
const REQUEST = 3 * 1024 * 1024;
/** Both quotation marks or brackets are part of the request. */
const LARGEST = REQUEST - 2;

export const UNKNOWN: Size = { min: 0, max: Infinity };

export function fixed(size: number): Size {
  return { min: size, max: size };
}

/** Both possibilities in one. */
export function eitherSize(a: Size, b: Size): Size {
  const element =
    a.element === undefined || b.element === undefined
      ? undefined
      : eitherSize(a.element, b.element);
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max), element };
}

/** The product, where nothing times anything is nothing. */
export function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

/**
 * The sizes of values that a structural schema describes. Numbers and objects have none (0), as in
 * Kubernetes; parts are looked at when they are asked for.
 */
export function schemaSize(schema: BoundedSchema): Size {
  const max = largest(schema);
  const { items, additionalProperties, properties } = schema;
  if (schema.type === 'array' && items !== undefined) {
    return {
      min: 0,
      max,
      get element() {
        return schemaSize(items);
      },
    };
  }
  if (schema.type !== 'object') return { min: 0, max };
  if (typeof additionalProperties === 'object') {
    return {
      min: 0,
      max,
      key: { min: 0, max: 0 },
      get element() {
        return schemaSize(additionalProperties);
      },
    };
  }
  const field = (name: string): Size | undefined => {
    const found = Object.entries(properties ?? {}).find(
      ([key]) => key === name || escapeName(key) === name,
    );
    return found === undefined ? undefined : schemaSize(found[1]);
  };
  return { min: 0, max, field };
}

/**
 * How often a part can occur in one object at most, by the least room that it takes up.
 * For parts below lists or maps that have no limit of their own.
 */
export function mostOccurrences(schema: BoundedSchema): number {
  return Math.floor(REQUEST / (leastBytes(schema) + 1));
}

function largest(schema: BoundedSchema): number {
  const { maxLength, maxItems, maxProperties } = schema;
  // Lengths are in characters, of up to four bytes each.
  const length = maxLength === undefined ? LARGEST : atLeast0(maxLength) * 4;
  if (schema['x-kubernetes-int-or-string'] === true) return length;
  switch (schema.type) {
    case 'string':
      return largestText(schema, length);
    case 'array': {
      if (maxItems !== undefined) return atLeast0(maxItems);
      return Math.floor(LARGEST / (leastBytes(schema.items ?? {}) + 1));
    }
    case 'object': {
      const values = schema.additionalProperties;
      if (typeof values !== 'object') return 0;
      if (maxProperties !== undefined) return atLeast0(maxProperties);
      return Math.floor(LARGEST / (leastBytes(values) + 6));
    }
    default:
      return 0;
  }
}

function largestText(schema: BoundedSchema, length: number): number {
  switch (schema.format) {
    case 'byte':
      return schema.maxLength === undefined ? LARGEST : atLeast0(schema.maxLength);
    case 'duration':
    case 'date-time':
      return 32;
    case 'date':
      return 12;
    default:
  }
  if (schema.maxLength !== undefined || schema.enum === undefined) return length;
  const texts = schema.enum.filter((value): value is string => typeof value === 'string');
  return Math.max(0, ...texts.map((text) => new TextEncoder().encode(text).length));
}

/** The fewest bytes of JSON that a value takes. */
function leastBytes(schema: BoundedSchema): number {
  if (schema['x-kubernetes-int-or-string'] === true) return 1;
  switch (schema.type) {
    case 'boolean':
      return 4;
    case 'integer':
    case 'number':
      return 1;
    case 'string':
      return { duration: 3, date: 12, 'date-time': 21 }[schema.format ?? ''] ?? 2;
    case 'object':
      return typeof schema.additionalProperties === 'object' ? 2 : leastObject(schema);
    default:
      return 2;
  }
}

/** Required fields without a default must be there; two bytes are the braces, four a field's marks. */
function leastObject(schema: BoundedSchema): number {
  let sum = 2;
  for (const name of schema.required ?? []) {
    const property = schema.properties?.[name];
    if (property === undefined || property.default !== undefined) continue;
    sum += new TextEncoder().encode(name).length + leastBytes(property) + 4;
  }
  return sum;
}

function atLeast0(value: number): number {
  return Math.max(0, Number(value));
}
