// Values as Go's `%#v` prints them: they occur inside the messages about keys that JSON cannot have.
import { formatGoFloat } from './go-float.ts';
import type { GoScalar } from './go-scalar.ts';

/** A decoded value that still knows which kind of number it is. */
export type GoValue =
  | { readonly kind: 'scalar'; readonly scalar: GoScalar }
  | { readonly kind: 'list'; readonly items: GoValue[] }
  | { readonly kind: 'map'; readonly members: Map<string, GoMember> };

export interface GoMember {
  readonly key: GoScalar;
  readonly value: GoValue;
}

const MAX_INT64 = 2n ** 63n - 1n;

export function goSyntax(value: GoValue): string {
  switch (value.kind) {
    case 'scalar':
      return scalarSyntax(value.scalar, 'interface {}(nil)');
    case 'list':
      return `[]interface {}{${value.items.map(goSyntax).join(', ')}}`;
    case 'map': {
      const members = [...value.members.values()].sort((a, b) => compareKeys(a.key, b.key));
      const shown = members.map(
        ({ key, value: member }) => `${scalarSyntax(key, 'interface {}(nil)')}:${goSyntax(member)}`,
      );
      return `map[interface {}]interface {}{${shown.join(', ')}}`;
    }
  }
}

const KIND_ORDER = { null: 0, string: 1, int: 2, float: 3, bool: 4 } as const;

/** Go sorts the keys of a map that it prints: by type, then by value. */
function compareKeys(a: GoScalar, b: GoScalar): number {
  if (a.kind !== b.kind) return KIND_ORDER[a.kind] - KIND_ORDER[b.kind];
  if (a.value === b.value || a.value === null || b.value === null) return 0;
  return a.value < b.value ? -1 : 1;
}

/** @param nil how a null is written: `<nil>` at the top, `interface {}(nil)` inside */
export function scalarSyntax(scalar: GoScalar, nil: string): string {
  const { kind, value } = scalar;
  if (kind === 'null') return nil;
  if (kind === 'string') return JSON.stringify(value);
  if (kind === 'float') return infinityName(Number(value)) ?? formatGoFloat(Number(value));
  if (typeof value === 'bigint' && value > MAX_INT64) return `0x${value.toString(16)}`;
  return String(value);
}

/** True for what Go holds as uint64, which it does not accept as a key. */
export function isUint64(scalar: GoScalar): boolean {
  return typeof scalar.value === 'bigint' && scalar.value > MAX_INT64;
}

/** What Go calls a float that JSON does not have; undefined for the others. */
export function infinityName(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return undefined;
  return value > 0 ? '+Inf' : '-Inf';
}
