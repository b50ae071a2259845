// How CEL values look in JavaScript: plain JSON is used as it is, everything else is boxed.
//
//   null, bool, string   the JavaScript value
//   int                  an integer `number`; a `bigint` where |n| > 2^53 - 1
//   double               a non-integer `number` (NaN and infinities too); `Double` where integral
//   uint                 `Uint`
//   bytes                `Uint8Array`
//   list                 an array
//   map                  a plain object (string keys, own properties only) or a `CelMap`
//   timestamp, duration  `Timestamp`, `Duration` with nanoseconds
//   type, optional       `TypeValue`, `Optional`
//   types of libraries   a subclass of `Opaque`
//
// Nothing of a JavaScript prototype is reachable: members are read through `hasOwn` only.

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Boxed
  | readonly Value[]
  | { readonly [key: string]: Value };

/** A CEL int: see `isInt`. */
export type Int = number | bigint;
export type List = readonly Value[];
export type JsonMap = { readonly [key: string]: Value };
export type MapValue = CelMap | JsonMap;

/** Base of every value that is not plain JSON; a plain object is never an instance of it. */
export abstract class Boxed {
  /** The CEL type name, as `type(x)` shows it. */
  abstract readonly celType: string;
}

/**
 * Base of types that libraries add (quantity, IP, semver …). `celType` must be a getter or field that
 * names the type, `equals` is asked only for another value of the same `celType`.
 */
export abstract class Opaque extends Boxed {
  abstract equals(other: Opaque): boolean;
  /** The value for printing; without it `toJson` prints `{"type": …}`. */
  toJson?(): Value;
}

/** A double whose value is integral (`1.0`, `-0.0`, `1e300`). */
export class Double extends Boxed {
  readonly value: number;
  constructor(value: number) {
    super();
    this.value = value;
  }
  get celType(): string {
    return 'double';
  }
}

export class Uint extends Boxed {
  readonly value: bigint;
  constructor(value: bigint) {
    super();
    this.value = value;
  }
  get celType(): string {
    return 'uint';
  }
}

/** An instant: seconds since 1970 (negative before) and 0 ≤ nanos < 1e9. */
export class Timestamp extends Boxed {
  readonly seconds: number;
  readonly nanos: number;
  /** Seconds east of UTC in which the text was written: `string()` writes them again, as Go does. */
  readonly offset: number;
  constructor(seconds: number, nanos: number, offset = 0) {
    super();
    this.seconds = seconds;
    this.nanos = nanos;
    this.offset = offset;
  }
  get celType(): string {
    return 'google.protobuf.Timestamp';
  }
}

/** A span of time in nanoseconds; the range is that of int64. */
export class Duration extends Boxed {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    super();
    this.nanos = nanos;
  }
  get celType(): string {
    return 'google.protobuf.Duration';
  }
}

/** The value of `type(x)`, `int`, `kubernetes.Quantity` …; types without parameters, as at run time. */
export class TypeValue extends Boxed {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
  get celType(): string {
    return 'type';
  }
}

/** `optional.of(x)` and `optional.none()`; `value` is undefined for none. */
export class Optional extends Boxed {
  readonly value: Value | undefined;
  constructor(value: Value | undefined) {
    super();
    this.value = value;
  }
  get celType(): string {
    return 'optional_type';
  }
}

/** A map with keys that are not all strings. Int, uint and double keys of one number are one key. */
export class CelMap extends Boxed {
  readonly #entries = new Map<string | bigint | boolean, readonly [Value, Value]>();
  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    super();
    for (const [key, value] of entries) this.#entries.set(mapKey(key) ?? '', [key, value]);
  }
  get celType(): string {
    return 'map';
  }
  get size(): number {
    return this.#entries.size;
  }
  get(key: Value): Value | undefined {
    const found = mapKey(key);
    return found === undefined ? undefined : this.#entries.get(found)?.[1];
  }
  has(key: Value): boolean {
    const found = mapKey(key);
    return found !== undefined && this.#entries.has(found);
  }
  entries(): IterableIterator<readonly [Value, Value]> {
    return this.#entries.values();
  }
}

/** What tells keys apart: 1, 1u and 1.0 are one key. Undefined for what no map can have as a key. */
export function mapKey(key: Value): string | bigint | boolean | undefined {
  if (typeof key === 'string' || typeof key === 'boolean' || typeof key === 'bigint') return key;
  if (typeof key === 'number') return Number.isInteger(key) ? BigInt(key) : undefined;
  if (key instanceof Uint) return key.value;
  if (key instanceof Double) return BigInt(key.value);
  return undefined;
}

const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;
const TWO_63 = 2 ** 63;

/** True for a CEL int. Integral numbers beyond int64 (JSON `1e300`) are doubles, as Go reads them. */
export function isInt(value: Value): value is Int {
  if (typeof value === 'number') {
    return (
      Number.isSafeInteger(value) || (Number.isInteger(value) && value >= -TWO_63 && value < TWO_63)
    );
  }
  return typeof value === 'bigint';
}

export function isDouble(value: Value): value is number | Double {
  return typeof value === 'number' ? !isInt(value) : value instanceof Double;
}

export function isList(value: Value): value is List {
  return Array.isArray(value);
}

export function isMap(value: Value): value is MapValue {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Boxed) return value instanceof CelMap;
  return !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** A plain object, the fast kind of map. */
export function isJsonMap(value: Value): value is JsonMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Boxed) &&
    !(value instanceof Uint8Array)
  );
}

/** The int in its one right form, or undefined where it does not fit int64. */
export function intFrom(value: bigint): Int | undefined {
  if (value < MIN_INT || value > MAX_INT) return undefined;
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** The uint, or undefined where it does not fit uint64. */
export function uintFrom(value: bigint): Uint | undefined {
  return value < 0n || value > MAX_UINT ? undefined : new Uint(value);
}

/** The double in its one right form. */
export function doubleFrom(value: number): number | Double {
  return Number.isInteger(value) ? new Double(value) : value;
}

/** The JavaScript number of a CEL double. */
export function doubleValue(value: number | Double): number {
  return typeof value === 'number' ? value : value.value;
}

/** The number behind an int, uint or double, exact: JavaScript compares numbers and bigints by value. */
export function numericValue(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Double || value instanceof Uint) return value.value;
  return undefined;
}

/**
 * The sides of a comparison of two numbers, undefined where one is none. JavaScript compares numbers
 * and bigints by exact value; an int or uint beside a double is rounded to a double first, as in cel-go.
 */
export function comparableNumbers(
  a: Value,
  b: Value,
): readonly [number | bigint, number | bigint] | undefined {
  const left = numericValue(a);
  if (left === undefined) return undefined;
  const right = numericValue(b);
  if (right === undefined) return undefined;
  if (typeof left === 'bigint' && isDouble(b)) return [Number(left), right];
  if (typeof right === 'bigint' && isDouble(a)) return [left, Number(right)];
  return [left, right];
}

/** The name of the value's CEL type. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return isInt(value) ? 'int' : 'double';
    default:
  }
  if (value === null || value === undefined) return 'null_type';
  if (value instanceof Boxed) return value.celType;
  if (Array.isArray(value)) return 'list';
  return value instanceof Uint8Array ? 'bytes' : 'map';
}

/** `type(x)`. */
export function typeOf(value: Value): TypeValue {
  return new TypeValue(typeName(value));
}

/** The number of entries of a map. */
export function mapSize(map: MapValue): number {
  return map instanceof CelMap ? map.size : Object.keys(map).length;
}

/** The value under a key, undefined where there is none. */
export function mapGet(map: MapValue, key: Value): Value | undefined {
  if (map instanceof CelMap) return map.get(key);
  return typeof key === 'string' && Object.hasOwn(map, key) ? map[key] : undefined;
}

export function mapKeys(map: MapValue): Value[] {
  return map instanceof CelMap ? Array.from(map.entries(), (entry) => entry[0]) : Object.keys(map);
}

export function mapEntries(map: MapValue): Iterable<readonly [Value, Value]> {
  return map instanceof CelMap ? map.entries() : Object.entries(map);
}
