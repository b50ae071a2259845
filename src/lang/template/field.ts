// Field chains: map entries, struct fields and methods, and Go's errors for what is none of them.
import type { TemplateFunction } from './function.ts';
import type { Frame } from './frame.ts';
import { quote } from './strconv/quote.ts';
import type { GoType } from './type.ts';
import { ANY } from './type.ts';
import type { Value } from './value.ts';
import { GoInt, GoList, GoMap, GoObject, typeOf, zeroValue } from './value.ts';

/** Calls a method that was found on a receiver. */
export type CallMethod = (frame: Frame, method: TemplateFunction, receiver: Value) => Value;

/** Names to follow one after the other, none of them with arguments. */
export interface Chain {
  readonly path: readonly string[];
  readonly callMethod: CallMethod;
}

/** One step of a chain. */
export interface FieldStep {
  readonly name: string;
  /** Whether arguments or a piped value would go to it, which only a method takes. */
  readonly hasArguments: boolean;
  readonly callMethod: CallMethod;
}

/**
 * Follows a chain from a value.
 * @param startFromInterface whether the value's static type is `interface {}`, for error texts
 */
export function followPath(
  frame: Frame,
  start: Value,
  chain: Chain,
  startFromInterface: boolean,
): Value {
  let value = start;
  let fromInterface = startFromInterface;
  for (const name of chain.path) {
    if (value instanceof GoMap && value.type.methods === undefined) {
      const found = value.entries.get(name);
      fromInterface = value.type.elem === ANY;
      value = found === undefined ? missingEntry(frame, value, name) : found;
      continue;
    }
    const step = { name, hasArguments: false, callMethod: chain.callMethod };
    const next = readField(frame, value, step, fromInterface);
    fromInterface = isInterfaceField(value, name);
    value = next;
  }
  frame.pathFromInterface = fromInterface;
  return value;
}

/** Whether a step's result has the static type `interface {}`. */
function isInterfaceField(receiver: Value, name: string): boolean {
  const type = typeOf(receiver);
  const method = type?.methods?.get(name);
  if (method !== undefined) return method.signature.result.kind === 'interface';
  if (receiver instanceof GoMap) return type?.elem?.kind === 'interface';
  const field = structOf(type)?.fields?.find((candidate) => candidate.name === name);
  return field?.type.kind === 'interface';
}

function structOf(type: GoType | undefined): GoType | undefined {
  return type?.kind === 'pointer' ? type.elem : type;
}

function missingEntry(frame: Frame, map: GoMap, name: string): Value {
  switch (frame.run.set.options.missingKey) {
    case 'default':
      return undefined;
    case 'zero':
      return zeroValue(map.type.elem ?? ANY);
    case 'error':
      return frame.fail(`map has no entry for key ${quote(name)}`);
  }
}

/** One step from a receiver: evalField. */
export function readField(
  frame: Frame,
  receiver: Value,
  step: FieldStep,
  fromInterface: boolean,
): Value {
  const { name } = step;
  if (receiver === undefined) {
    if (frame.run.set.options.missingKey === 'error') {
      frame.fail(`nil data; no entry for key ${quote(name)}`);
    }
    return undefined;
  }
  if (receiver === null) return frame.fail(`nil pointer evaluating interface {}.${name}`);
  const method = methodOf(receiver, name);
  if (method !== undefined) return step.callMethod(frame, method, receiver);
  if (receiver instanceof GoMap) {
    if (step.hasArguments) frame.fail(`${name} is not a method but has arguments`);
    return receiver.entries.get(name) ?? entryOrMissing(frame, receiver, name);
  }
  const typeText = (): string => (fromInterface ? ANY.name : (typeOf(receiver)?.name ?? ''));
  if (receiver instanceof GoObject) {
    const field = structOf(receiver.type)?.fields?.find((candidate) => candidate.name === name);
    if (field !== undefined) {
      if (!/^\p{Lu}/u.test(name)) {
        frame.fail(`${name} is an unexported field of struct type ${typeText()}`);
      }
      if (step.hasArguments) {
        frame.fail(`${name} has arguments but cannot be invoked as function`);
      }
      return field.read(receiver.state);
    }
  }
  return frame.fail(`can't evaluate field ${name} in type ${typeText()}`);
}

function entryOrMissing(frame: Frame, map: GoMap, name: string): Value {
  return map.entries.has(name) ? null : missingEntry(frame, map, name);
}

function methodOf(receiver: Value, name: string): TemplateFunction | undefined {
  if (
    receiver instanceof GoObject ||
    receiver instanceof GoMap ||
    receiver instanceof GoList ||
    receiver instanceof GoInt
  ) {
    return receiver.type.methods?.get(name);
  }
  return undefined;
}
