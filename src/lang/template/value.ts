// The values a template sees: the distinctions that Go shows, kept in JavaScript (go-templates §4.1).
import type { TemplateFunction } from './function.ts';
import type { GoType, IntKind } from './type.ts';
import {
  ANY_LIST,
  ANY_MAP,
  BOOL,
  BYTES,
  COMPLEX128,
  FLOAT64,
  INT_TYPES,
  STRING,
  STRING_LIST,
  STRING_MAP,
} from './type.ts';

/**
 * | JavaScript   | Go                                                                        |
 * | ------------ | ------------------------------------------------------------------------- |
 * | `undefined`  | no value: a missing map key, an invalid reflect.Value                     |
 * | `null`       | a nil interface                                                           |
 * | `boolean`    | bool                                                                      |
 * | `number`     | float64, always; integers are `GoInt`                                     |
 * | `string`     | string; bytes that are no UTF-8 are lone surrogates U+DC80..DCFF (bytes.ts) |
 * | `Uint8Array` | []byte                                                                    |
 * | classes      | see below                                                                 |
 *
 * No other JavaScript object may enter: the engine never looks at properties of an object.
 */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | string
  | GoInt
  | GoComplex
  | Uint8Array
  | GoList
  | GoMap
  | GoObject
  | GoFunc;

/** An integer of any of Go's kinds. `value` is a `bigint` only outside the safe integers. */
export class GoInt {
  readonly type: GoType;
  readonly value: number | bigint;

  /** Prefer `int()`, `int64()` or `integer()`, which wrap around as Go does. */
  constructor(type: GoType, value: number | bigint) {
    this.type = type;
    this.value = value;
  }

  get kind(): IntKind {
    return this.type.kind as IntKind;
  }

  toNumber(): number {
    return Number(this.value);
  }

  toBigInt(): bigint {
    return BigInt(this.value);
  }
}

export class GoComplex {
  readonly re: number;
  readonly im: number;

  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }
}

/** A slice of anything but bytes. `items` is shared between holders, as Go's backing array is. */
export class GoList {
  readonly type: GoType;
  readonly items: Value[];
  /** A nil slice: empty, but `%#v`, toJson and DeepEqual tell it from an empty one. */
  readonly isNil: boolean;

  constructor(items: Value[], type: GoType = ANY_LIST, isNil = false) {
    this.items = items;
    this.type = type;
    this.isNil = isNil;
  }
}

/** A map with string keys; the order of `entries` means nothing, see `sortedKeys` in bytes.ts. */
export class GoMap {
  readonly type: GoType;
  readonly entries: Map<string, Value>;
  readonly isNil: boolean;

  constructor(entries: Map<string, Value>, type: GoType = ANY_MAP, isNil = false) {
    this.entries = entries;
    this.type = type;
    this.isNil = isNil;
  }
}

/**
 * A struct, or a pointer to one: time.Time, *semver.Version, a certificate. Templates reach the
 * fields and methods its type lists, and nothing else; `state` belongs to those.
 */
export class GoObject {
  readonly type: GoType;
  readonly state: unknown;

  constructor(type: GoType, state: unknown) {
    this.type = type;
    this.state = state;
  }
}

/** A func value that data carries; `call` invokes it. */
export class GoFunc {
  readonly fn: TemplateFunction;

  constructor(fn: TemplateFunction) {
    this.fn = fn;
  }
}

const BITS: Readonly<Record<IntKind, number>> = {
  int: 64,
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  uint: 64,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
};

/** An integer of the given type; values beyond its range wrap around, as in Go. */
export function integer(type: GoType, value: number | bigint): GoInt {
  const kind = type.kind as IntKind;
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    if (kind === 'int' || kind === 'int64') return new GoInt(type, value === 0 ? 0 : value);
  }
  const bits = BITS[kind];
  const big = BigInt(value);
  const wrapped = kind.startsWith('u') ? BigInt.asUintN(bits, big) : BigInt.asIntN(bits, big);
  const small = Number(wrapped);
  return new GoInt(type, Number.isSafeInteger(small) ? small : wrapped);
}

const SMALL: readonly GoInt[] = Array.from({ length: 256 }, (_, n) => new GoInt(INT_TYPES.int, n));
const SMALL_BYTES: readonly GoInt[] = Array.from(
  { length: 256 },
  (_, n) => new GoInt(INT_TYPES.uint8, n),
);

/** A Go `int` (64 bits). */
export function int(value: number | bigint): GoInt {
  const cached = typeof value === 'number' ? SMALL[value] : undefined;
  return cached ?? integer(INT_TYPES.int, value);
}

/** A Go `int64`. */
export function int64(value: number | bigint): GoInt {
  return integer(INT_TYPES.int64, value);
}

/** A Go `uint8`, from 0 to 255. */
export function uint8(value: number): GoInt {
  return SMALL_BYTES[value & 0xff] as GoInt;
}

/** `[]interface {}` */
export function list(items: Value[]): GoList {
  return new GoList(items);
}

/** `[]string` */
export function stringList(items: string[]): GoList {
  return new GoList(items, STRING_LIST);
}

/** `map[string]interface {}` */
export function map(entries: Iterable<readonly [string, Value]> = []): GoMap {
  return new GoMap(new Map(entries));
}

/** `map[string]string` */
export function stringMap(entries: Iterable<readonly [string, string]> = []): GoMap {
  return new GoMap(new Map<string, Value>(entries), STRING_MAP);
}

/**
 * The dynamic type of a value; `undefined` for no value and for a nil interface, whose %T is
 * `<nil>`.
 */
export function typeOf(value: Value): GoType | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'boolean':
      return BOOL;
    case 'number':
      return FLOAT64;
    case 'string':
      return STRING;
    default:
  }
  if (value === null) return undefined;
  if (value instanceof Uint8Array) return BYTES;
  if (value instanceof GoComplex) return COMPLEX128;
  if (value instanceof GoFunc) return value.fn.type;
  return value.type;
}

/** What %T prints. */
export function typeName(value: Value): string {
  return typeOf(value)?.name ?? '<nil>';
}

/** The zero value of a type: "" 0 false, nil for what can be nil. */
export function zeroValue(type: GoType): Value {
  switch (type.kind) {
    case 'bool':
      return false;
    case 'string':
      return '';
    case 'float64':
      return 0;
    case 'complex128':
      return new GoComplex(0, 0);
    case 'slice':
      return type.name === BYTES.name ? new Uint8Array(0) : new GoList([], type, true);
    case 'map':
      return new GoMap(new Map(), type, true);
    case 'interface':
    case 'pointer':
    case 'func':
      return null;
    case 'struct':
      return new GoObject(type, undefined);
    default:
      return integer(type, 0);
  }
}
