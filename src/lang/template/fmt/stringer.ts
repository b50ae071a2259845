// Calls a value's own String method while printing it: no context, no arguments.
import type { CallContext, TemplateFunction } from '../function.ts';
import { TemplateFunctionError } from '../function.ts';
import type { Value } from '../value.ts';

function unavailable(): never {
  throw new TemplateFunctionError('templates cannot run while a value is printed');
}

/** The text that `method`, one of String, Error and GoString, gives for a value. */
export function callStringMethod(method: TemplateFunction, receiver: Value): string {
  const context: CallContext = {
    hooks: {},
    receiver,
    scratch: new Map(),
    executeTemplate: unavailable,
    executeText: unavailable,
    charge: () => undefined,
    checkLength: () => undefined,
  };
  return String(method.implementation(context));
}
