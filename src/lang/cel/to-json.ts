// CEL values as JSON, for printing.
import { formatDouble } from './text.ts';
import { formatDuration, formatTimestamp } from './time.ts';
import {
  Boxed,
  CelMap,
  Double,
  Duration,
  isMap,
  mapEntries,
  Opaque,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
} from './value.ts';
import type { Value } from './value.ts';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The value as JSON: ints and uints beyond 2^53 as strings, bytes as base64, timestamps and durations
 * as text, none as null, an optional as its value, a type as its name, keys of maps as text.
 */
export function toJson(value: Value): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : formatDouble(value);
    case 'bigint':
      return bigJson(value);
    default:
  }
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return (value as readonly Value[]).map(toJson);
  if (value instanceof Uint8Array) return base64(value);
  if (value instanceof Boxed && !(value instanceof CelMap)) return boxedJson(value);
  if (!isMap(value)) return null;
  const object = Object.create(null) as Record<string, Json>;
  for (const [key, item] of mapEntries(value)) {
    object[typeof key === 'string' ? key : String(toJson(key))] = toJson(item);
  }
  return object;
}

function boxedJson(value: Boxed): Json {
  if (value instanceof Double) return value.value;
  if (value instanceof Uint) return bigJson(value.value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof TypeValue) return value.name;
  if (value instanceof Optional) return value.value === undefined ? null : toJson(value.value);
  if (value instanceof Opaque && value.toJson !== undefined) return toJson(value.toJson());
  return { type: value.celType };
}

function bigJson(value: bigint): Json {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value.toString();
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
