// The types that the checker reasons with, each carrying the JavaScript type of its values.
import type {
  Double,
  Duration,
  Int,
  MapValue,
  Opaque,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  Value,
} from './value.ts';

export type TypeKind =
  | 'dyn'
  | 'null'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'timestamp'
  | 'duration'
  | 'list'
  | 'map'
  | 'object'
  | 'type'
  | 'opaque'
  | 'param';

/**
 * A checker type. `T` exists only for the compiler: it is what a function receives for a parameter of
 * this type.
 */
export interface Type<out T extends Value = Value> {
  readonly kind: TypeKind;
  /** `int`, `list`, `optional_type`, `kubernetes.Quantity`, or the letter of a type parameter. */
  readonly name: string;
  readonly params: readonly Type[];
  /** For `object` (from a schema): its known fields. */
  readonly fields?: ReadonlyMap<string, Type>;
  /** For `object`: true where other fields may be there too, of type dyn. */
  readonly open?: boolean;
  /**
   * For `object`: true where the value is plain JSON, so that it may be used as a map with keys of any
   * text too: `self["spec"]`, `"x" in self.spec`, `self.spec.all(k, …)`.
   */
  readonly isMap?: boolean;
  readonly value?: T;
}

function scalar<T extends Value>(kind: TypeKind, name: string): Type<T> {
  return { kind, name, params: [] };
}

export const DYN: Type = scalar('dyn', 'dyn');
/** `google.protobuf.Any`: as dyn, but no macro walks over it. Values of untyped maps have it in cel-go. */
export const ANY: Type = scalar('dyn', 'any');
export const NULL: Type<null> = scalar('null', 'null_type');
export const BOOL: Type<boolean> = scalar('bool', 'bool');
export const INT: Type<Int> = scalar('int', 'int');
export const UINT: Type<Uint> = scalar('uint', 'uint');
export const DOUBLE: Type<number | Double> = scalar('double', 'double');
export const STRING: Type<string> = scalar('string', 'string');
export const BYTES: Type<Uint8Array> = scalar('bytes', 'bytes');
export const TIMESTAMP: Type<Timestamp> = scalar('timestamp', 'google.protobuf.Timestamp');
export const DURATION: Type<Duration> = scalar('duration', 'google.protobuf.Duration');

/** A list. At run time only "is a list" is checked: the elements are the function's to look at. */
export function listOf(element: Type): Type<readonly Value[]> {
  return { kind: 'list', name: 'list', params: [element] };
}

export function mapOf(key: Type, value: Type): Type<MapValue> {
  return { kind: 'map', name: 'map', params: [key, value] };
}

export function optionalOf(element: Type): Type<Optional> {
  return { kind: 'opaque', name: 'optional_type', params: [element] };
}

/** The type of a type: `typeTypeOf(INT)` is the type of the expression `int`. */
export function typeTypeOf(element: Type): Type<TypeValue> {
  return { kind: 'type', name: 'type', params: [element] };
}

/** A type that a library adds; `name` equals the `celType` of its values. */
export function opaqueType<T extends Opaque>(name: string): Type<T> {
  return { kind: 'opaque', name, params: [] };
}

/** A type parameter: `list(T).contains(T)` uses `typeParam('T')` twice. */
export function typeParam(name: string): Type {
  return { kind: 'param', name, params: [] };
}

/** The type as messages write it: `list(int)`, `map(string, dyn)`. */
export function formatType(type: Type): string {
  if (type.kind === 'object') return type.name;
  if (type.kind === 'null') return 'null';
  if (type.params.length === 0) return type.name;
  return `${type.name}(${type.params.map(formatType).join(', ')})`;
}
