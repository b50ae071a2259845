// Arithmetic of CEL values, with the overflow rules of int64 and uint64 (cel-spec "Overflow").
import { celError } from './error.ts';
import type { CelError } from './error.ts';
import { listKind, mergeLists } from './list-kind.ts';
import { addTimes, subtractTimes } from './time.ts';
import {
  Boxed,
  doubleFrom,
  doubleValue,
  intFrom,
  isDouble,
  isInt,
  Uint,
  uintFrom,
} from './value.ts';
import type { Int, Value } from './value.ts';

type Operation = 'add' | 'subtract' | 'multiply' | 'divide' | 'modulo';

function noOverload(): CelError {
  return celError('noSuchOverload', 'no such overload');
}

export function add(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    // Two integers whose sum is safe: it is exact. Everything else takes the long way.
    if (Number.isInteger(a) && Number.isInteger(b) && Number.isSafeInteger(sum)) return sum;
  }
  if (typeof a === 'string') {
    if (typeof b === 'string') return a + b;
    throw noOverload();
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b)) throw noOverload();
    const kind = listKind(a);
    return kind === undefined ? (a as Value[]).concat(b as Value[]) : mergeLists(a, b, kind);
  }
  if (a instanceof Uint8Array) {
    if (!(b instanceof Uint8Array)) throw noOverload();
    const bytes = new Uint8Array(a.length + b.length);
    bytes.set(a);
    bytes.set(b, a.length);
    return bytes;
  }
  return addTimes(a, b) ?? numbers('add', a, b);
}

export function subtract(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isInteger(a) && Number.isInteger(b) && Number.isSafeInteger(difference)) {
      return difference;
    }
  }
  return subtractTimes(a, b) ?? numbers('subtract', a, b);
}

export function multiply(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isInteger(a) && Number.isInteger(b) && Number.isSafeInteger(product)) {
      return product;
    }
  }
  return numbers('multiply', a, b);
}

export function divide(a: Value, b: Value): Value {
  if (b !== 0 && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const dividend = a as number;
    return (dividend - (dividend % (b as number))) / (b as number);
  }
  return numbers('divide', a, b);
}

export function modulo(a: Value, b: Value): Value {
  if (b !== 0 && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    return (a as number) % (b as number);
  }
  if (isDouble(a) || isDouble(b)) throw noOverload();
  return numbers('modulo', a, b);
}

export function negate(value: Value): Value {
  if (Number.isSafeInteger(value)) return -(value as number);
  if (isInt(value)) return int(-BigInt(value));
  if (isDouble(value)) return doubleFrom(-doubleValue(value));
  throw noOverload();
}

function numbers(operation: Operation, a: Value, b: Value): Value {
  if (isDouble(a) && isDouble(b)) return doubles(operation, doubleValue(a), doubleValue(b));
  if (isInt(a) && isInt(b)) return int(integers(operation, BigInt(a), BigInt(b)));
  if (a instanceof Uint && b instanceof Uint) {
    const result = uintFrom(integers(operation, a.value, b.value));
    if (result === undefined) throw celError('overflow', 'unsigned integer overflow');
    return result;
  }
  throw noOverload();
}

function int(value: bigint): Int {
  const result = intFrom(value);
  if (result === undefined) throw celError('overflow', 'integer overflow');
  return result;
}

function integers(operation: Operation, a: bigint, b: bigint): bigint {
  switch (operation) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      if (b === 0n) throw celError('divideByZero', 'division by zero');
      return a / b;
    case 'modulo':
      if (b === 0n) throw celError('divideByZero', 'modulus by zero');
      // The smallest int modulo -1 overflows in Go.
      if (b === -1n && intFrom(-a) === undefined) throw celError('overflow', 'integer overflow');
      return a % b;
  }
}

function doubles(operation: Operation, a: number, b: number): Value {
  switch (operation) {
    case 'add':
      return doubleFrom(a + b);
    case 'subtract':
      return doubleFrom(a - b);
    case 'multiply':
      return doubleFrom(a * b);
    case 'divide':
      return doubleFrom(a / b);
    case 'modulo':
      throw noOverload();
  }
}

/** Characters, bytes or elements that `+` copies; 0 for numbers. */
export function copiedSize(a: Value, b: Value): number {
  if (typeof a === 'string') return typeof b === 'string' ? a.length + b.length : 0;
  if (typeof a !== 'object' || a === null || a instanceof Boxed) return 0;
  if (Array.isArray(a) && Array.isArray(b)) return a.length + b.length;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return a.length + b.length;
  return 0;
}
