// Checks a value against a parameter's type, and hands it over the way implementations want it.
import type { Frame } from './frame.ts';
import type { GoType } from './type.ts';
import { canBeNil, isIntKind, sameType } from './type.ts';
import type { Value } from './value.ts';
import { GoInt, typeOf, zeroValue } from './value.ts';

/** The value as an argument of the type, or Go's complaint at the frame's present node. */
export function validate(frame: Frame, value: Value, type: GoType): Value {
  if (type.kind === 'interface') return value === undefined ? null : value;
  if (value === undefined) {
    if (canBeNil(type)) return zeroValue(type);
    return frame.fail(`invalid value; expected ${type.name}`);
  }
  const actual = typeOf(value);
  if (actual !== undefined && isAssignable(actual, type)) return value;
  const name = actual?.name ?? 'interface {}';
  return frame.fail(`wrong type for value; expected ${type.name}; got ${name}`);
}

/** Whether a value of one type may stand where the other is wanted, one dereference included. */
export function isAssignable(actual: GoType, wanted: GoType): boolean {
  if (wanted.kind === 'interface' || sameType(actual, wanted)) return true;
  if (actual.kind === 'pointer' && actual.elem !== undefined && sameType(actual.elem, wanted)) {
    return true;
  }
  // A named slice or map goes where its unnamed form is wanted.
  return (
    actual.kind === wanted.kind &&
    (wanted.kind === 'slice' || wanted.kind === 'map') &&
    (wanted.name.startsWith('[') || wanted.name.startsWith('map[')) &&
    actual.elem !== undefined &&
    wanted.elem !== undefined &&
    sameType(actual.elem, wanted.elem)
  );
}

/** How a checked value of the type reaches an implementation: see function.ts. */
export function toArgument(value: Value): unknown {
  return value instanceof GoInt ? Number(value.value) : value;
}

/** Whether `toArgument` changes values of the type. */
export function isConverted(type: GoType): boolean {
  return isIntKind(type.kind);
}
