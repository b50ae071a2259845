// How functions look into values of any type: kind names, list elements and text, as reflect and
// fmt give them to sprig.
import { fromBytes } from '../bytes.ts';
import { formatValue } from '../fmt/print.ts';
import { TemplateFunctionError } from '../function.ts';
import type { CallContext } from '../function.ts';
import { GoList, GoMap, typeOf, uint8 } from '../value.ts';
import type { Value } from '../value.ts';

export const NIL_DEREFERENCE = 'runtime error: invalid memory address or nil pointer dereference';

/** reflect's name of a value's kind. */
export function kindName(value: Value): string {
  const kind = typeOf(value)?.kind;
  if (kind === undefined) return 'invalid';
  return kind === 'pointer' ? 'ptr' : kind;
}

/** The elements of a slice of any type, or `undefined` for what is none. */
export function elementsOf(value: Value): readonly Value[] | undefined {
  if (value instanceof GoList) return value.items;
  if (value instanceof Uint8Array) return Array.from(value, uint8);
  return undefined;
}

/**
 * The elements of a list argument, charged one unit each.
 * @param refusal the text before the kind's name in Go's error
 */
export function listElements(
  context: CallContext,
  value: Value,
  refusal: string,
): readonly Value[] {
  if (value === null || value === undefined) throw new TemplateFunctionError(NIL_DEREFERENCE);
  if (value instanceof Uint8Array) context.charge(value.length);
  const items = elementsOf(value);
  if (!items) throw new TemplateFunctionError(refusal + kindName(value));
  context.charge(items.length);
  return items;
}

/** sprig's text of any value: bytes as text, everything else as `%v`. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? fromBytes(value) : formatValue(value ?? null);
}

/** Charges the work of looking through some text. */
export function chargeText(context: CallContext, length: number): void {
  context.charge(1 + Math.floor(length / 64));
}

/** Announces a string of some length before it is made. */
export function reserve(context: CallContext, length: number): void {
  context.checkLength(length);
  chargeText(context, length);
}

/** Whether sprig calls a value empty: what Go's templates call false, and nil pointers. */
export function isEmpty(value: Value): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value === '';
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value === 0;
  if (value instanceof GoMap) return value.entries.size === 0;
  if (value instanceof GoList) return value.items.length === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  return isEmptyNumber(value);
}

function isEmptyNumber(
  value: Exclude<Value, undefined | null | boolean | number | string>,
): boolean {
  if ('toBigInt' in value) return Number(value.value) === 0;
  return 're' in value && value.re === 0 && value.im === 0;
}
