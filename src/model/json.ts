// Plain data as it comes from YAML or an API: JSON, plus bigint for integers outside ±2^53.

export type Json = null | boolean | number | bigint | string | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** True for a plain object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at `value[key]`, or an empty one where there is none. */
export function objectAt(value: JsonObject | undefined, key: string): JsonObject {
  const child = value && Object.hasOwn(value, key) ? value[key] : undefined;
  return isObject(child) ? child : {};
}

/** The string at `value[key]`, or undefined where there is none. */
export function stringAt(value: JsonObject | undefined, key: string): string | undefined {
  const child = value && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof child === 'string' ? child : undefined;
}

/** The list at `value[key]`, or an empty one where there is none. */
export function listAt(value: JsonObject | undefined, key: string): JsonArray {
  const child = value && Object.hasOwn(value, key) ? value[key] : undefined;
  return Array.isArray(child) ? (child as JsonArray) : [];
}
