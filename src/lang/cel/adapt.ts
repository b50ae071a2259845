// Reads JSON the way an environment wants it.
import { Boxed, Double } from './value.ts';
import type { Value } from './value.ts';

/**
 * A copy in which every JSON number is a double, as Go's `encoding/json` makes them: what upstream's
 * filters and template functions see (package-operator §4).
 */
export function doublesOf(value: Value): Value {
  if (typeof value === 'number') return Number.isInteger(value) ? new Double(value) : value;
  if (typeof value === 'bigint') return new Double(Number(value));
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Boxed || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map(doublesOf);
  const copy = Object.create(null) as Record<string, Value>;
  for (const [key, item] of Object.entries(value)) copy[key] = doublesOf(item as Value);
  return copy;
}
