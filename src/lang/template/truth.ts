// Truth of a value, as `if` and `with` see it: not the zero value of its type, not empty.
import type { Value } from './value.ts';
import { GoComplex, GoInt, GoList, GoMap } from './value.ts';

export function isTrue(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      return value !== 0;
    case 'undefined':
      return false;
    default:
  }
  if (value === null) return false;
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof GoList) return value.items.length > 0;
  if (value instanceof GoInt) return value.value !== 0;
  if (value instanceof Uint8Array) return value.length > 0;
  if (value instanceof GoComplex) return value.re !== 0 || value.im !== 0;
  return true;
}
