// eq ne lt le gt ge: basic kinds must match, nil compares with anything that can be nil.
import { compareStrings } from '../bytes.ts';
import { sprintf } from '../fmt/print.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { TemplateFunctionError } from '../function.ts';
import { isSignedKind } from '../type.ts';
import type { Value } from '../value.ts';
import { GoComplex, GoInt, GoList, GoMap, GoObject, typeName, typeOf } from '../value.ts';
import { rawFunction } from './raw.ts';

type BasicKind = 'bool' | 'complex' | 'int' | 'float' | 'string' | 'uint';

function basicKind(value: Value): BasicKind | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float';
    case 'string':
      return 'string';
    default:
  }
  if (value instanceof GoInt) return isSignedKind(value.kind) ? 'int' : 'uint';
  return value instanceof GoComplex ? 'complex' : undefined;
}

function isNilValue(value: Value): boolean {
  if (value === undefined || value === null) return true;
  return (value instanceof GoMap || value instanceof GoList) && value.isNil;
}

function compareIntegers(a: GoInt, b: GoInt): number {
  if (a.value < b.value) return -1;
  return a.value > b.value ? 1 : 0;
}

function incompatible(a: Value, b: Value): TemplateFunctionError {
  return new TemplateFunctionError(
    `incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`,
  );
}

function isEqual(a: Value, b: Value): boolean {
  if (a instanceof GoInt && b instanceof GoInt) return compareIntegers(a, b) === 0;
  const kind = basicKind(a);
  if (kind !== basicKind(b)) {
    if (isMissing(a) || isMissing(b)) return false;
    throw incompatible(a, b);
  }
  if (a instanceof GoComplex && b instanceof GoComplex) return a.re === b.re && a.im === b.im;
  return kind === undefined ? isEqualComposite(a, b) : a === b;
}

/** A nil interface is no value once the engine has looked into it. */
function isMissing(value: Value): boolean {
  return value === undefined || value === null;
}

function isEqualComposite(a: Value, b: Value): boolean {
  const sameKind = typeOf(a)?.kind === typeOf(b)?.kind;
  if (!sameKind && !isMissing(a) && !isMissing(b)) {
    throw new TemplateFunctionError(
      sprintf('non-comparable types %s: %v, %s: %v', [a, typeName(a), typeName(b), b]),
    );
  }
  if (isNilValue(a) || isNilValue(b)) return isNilValue(a) === isNilValue(b);
  if (!(b instanceof GoObject) || !(a instanceof GoObject)) {
    throw new TemplateFunctionError(sprintf('non-comparable type %s: %v', [b, typeName(b)]));
  }
  if (a.type.name !== b.type.name) return false;
  return a.state === b.state || a.type.equal?.(a.state, b.state) === true;
}

function isLess(a: Value, b: Value): boolean {
  const left = basicKind(a);
  const right = basicKind(b);
  if (left === undefined || right === undefined) throw badType();
  if (a instanceof GoInt && b instanceof GoInt) return compareIntegers(a, b) < 0;
  if (left !== right) throw incompatible(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b) < 0;
  throw badType();
}

function badType(): TemplateFunctionError {
  return new TemplateFunctionError('invalid type for comparison');
}

function isLessOrEqual(a: Value, b: Value): boolean {
  return isLess(a, b) || isEqual(a, b);
}

/** Long strings are compared at a price. */
function chargeComparison(context: CallContext, values: readonly Value[]): void {
  for (const value of values) {
    if (typeof value === 'string' && value.length > 256) context.charge(value.length >> 8);
  }
}

/** A comparison of two values. */
function comparison(name: string, compare: (a: Value, b: Value) => boolean): TemplateFunction {
  return rawFunction(name, 'func(interface {}, interface {}) bool', (context, a, b) => {
    chargeComparison(context, [a, b]);
    return compare(a, b);
  });
}

export const COMPARISONS: readonly TemplateFunction[] = [
  rawFunction('eq', 'func(interface {}, ...interface {}) bool', (context, first, ...others) => {
    if (others.length === 0) throw new TemplateFunctionError('missing argument for comparison');
    chargeComparison(context, others);
    return others.some((other) => isEqual(first, other));
  }),
  comparison('ne', (a, b) => !isEqual(a, b)),
  comparison('lt', isLess),
  comparison('le', isLessOrEqual),
  comparison('gt', (a, b) => !isLessOrEqual(a, b)),
  comparison('ge', (a, b) => !isLess(a, b)),
];
