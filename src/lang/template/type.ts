// Go types as data: what %T prints, what a signature names, what a field chain may reach.
import type { TemplateFunction } from './function.ts';
import type { Value } from './value.ts';

export type IntKind =
  'int' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint' | 'uint8' | 'uint16' | 'uint32' | 'uint64';

export type Kind =
  | IntKind
  | 'bool'
  | 'float64'
  | 'complex128'
  | 'string'
  | 'interface'
  | 'slice'
  | 'map'
  | 'struct'
  | 'pointer'
  | 'func';

/** One field of a struct type. Others than those with an upper-case first letter only print. */
export interface StructField {
  readonly name: string;
  readonly type: GoType;
  /** Reads the field out of the state of a `GoObject`. */
  readonly read: (state: unknown) => Value;
}

/**
 * A Go type. Two types are the same type when their names are equal: the name is what reflect
 * prints, package included (`map[string]interface {}`, `time.Time`, `*semver.Version`).
 */
export interface GoType {
  readonly kind: Kind;
  readonly name: string;
  /** Element of a slice, map or pointer. */
  readonly elem?: GoType;
  /** Key of a map; always a string kind here. */
  readonly key?: GoType;
  readonly fields?: readonly StructField[];
  /**
   * The methods that templates can reach, by name; nothing else on an object is callable. The
   * receiver is not part of the signature: the implementation gets it as `context.receiver`.
   * `String` (and `Error`) also decide how fmt prints the value.
   */
  readonly methods?: ReadonlyMap<string, TemplateFunction>;
  /** Whether `==` works between two values; slices, maps and funcs never compare. */
  readonly equal?: (a: unknown, b: unknown) => boolean;
}

function basic<K extends Kind>(kind: K): GoType & { readonly kind: K } {
  return { kind, name: kind };
}

export const BOOL = basic('bool');
export const STRING = basic('string');
export const FLOAT64 = basic('float64');
export const COMPLEX128 = basic('complex128');
export const INT = basic('int');
export const INT64 = basic('int64');
export const UINT8 = basic('uint8');
/** `interface {}` */
export const ANY: GoType = { kind: 'interface', name: 'interface {}' };

export const INT_TYPES: Readonly<Record<IntKind, GoType & { readonly kind: IntKind }>> = {
  int: INT,
  int8: basic('int8'),
  int16: basic('int16'),
  int32: basic('int32'),
  int64: INT64,
  uint: basic('uint'),
  uint8: UINT8,
  uint16: basic('uint16'),
  uint32: basic('uint32'),
  uint64: basic('uint64'),
};

export function sliceOf(elem: GoType): GoType {
  return { kind: 'slice', name: `[]${elem.name}`, elem };
}

export function mapOf(elem: GoType): GoType {
  return { kind: 'map', name: `map[string]${elem.name}`, elem, key: STRING };
}

export function pointerTo(elem: GoType): GoType {
  return { kind: 'pointer', name: `*${elem.name}`, elem };
}

/** `[]interface {}` */
export const ANY_LIST = sliceOf(ANY);
export const STRING_LIST = sliceOf(STRING);
export const INT_LIST = sliceOf(INT);
/** `[]uint8`, which Go also calls `[]byte`; its values are `Uint8Array`. */
export const BYTES = sliceOf(UINT8);
/** `map[string]interface {}` */
export const ANY_MAP = mapOf(ANY);
export const STRING_MAP = mapOf(STRING);

export function isIntKind(kind: Kind): kind is IntKind {
  return Object.hasOwn(INT_TYPES, kind);
}

export function isSignedKind(kind: Kind): boolean {
  return kind === 'int' || (kind.startsWith('int') && isIntKind(kind));
}

export function sameType(a: GoType, b: GoType): boolean {
  return a === b || a.name === b.name;
}

/** Whether nil may stand for a value of this type (go-templates §4.3, canBeNil of the engine). */
export function canBeNil(type: GoType): boolean {
  switch (type.kind) {
    case 'interface':
    case 'slice':
    case 'map':
    case 'pointer':
    case 'func':
      return true;
    default:
      return false;
  }
}

/**
 * Reads a type as Go writes it in a signature: `[]interface {}`, `map[string]string`, `int64`.
 * @param named types with a package name, by that name (`time.Time`)
 * @throws Error for text that is no known type: a mistake of the programmer, not of a template
 */
export function parseType(text: string, named: ReadonlyMap<string, GoType> = new Map()): GoType {
  const known = named.get(text);
  if (known !== undefined) return known;
  if (text === 'interface {}' || text === 'any') return ANY;
  if (text === 'bool') return BOOL;
  if (text === 'string') return STRING;
  if (text === 'float64') return FLOAT64;
  if (text === 'complex128') return COMPLEX128;
  if (text === '[]byte' || text === '[]uint8') return BYTES;
  if (Object.hasOwn(INT_TYPES, text)) return INT_TYPES[text as IntKind];
  if (text.startsWith('[]')) return sliceOf(parseType(text.slice(2), named));
  if (text.startsWith('map[string]')) return mapOf(parseType(text.slice(11), named));
  if (text.startsWith('*')) return pointerTo(parseType(text.slice(1), named));
  throw new Error(`unknown Go type ${JSON.stringify(text)}`);
}
