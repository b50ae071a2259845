// Sprig's JSON functions (go-templates §6, Encoding): without `must`, failures are swallowed.
import { defineFunction, TemplateFunctionError } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import type { Value } from '../value.ts';
import { chargeText } from './elements.ts';
import { decodeJson } from './library/json-reader.ts';
import { writeJson } from './library/json-text.ts';
import type { JsonOptions } from './library/json-text.ts';

const PLAIN: JsonOptions = { escapeHtml: true, indent: 0 };
const PRETTY: JsonOptions = { escapeHtml: true, indent: 2 };
const RAW: JsonOptions = { escapeHtml: false, indent: 0 };

/** The value, or `fallback` where Go has an error. */
export function orElse<T>(run: () => T, fallback: T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateFunctionError) return fallback;
    throw error;
  }
}

function fromJson(context: CallContext, text: string): Value {
  chargeText(context, 64 * text.length);
  const decoded = decodeJson(text);
  return decoded.ok ? decoded.value.value : null;
}

function mustFromJson(context: CallContext, text: string): Value {
  chargeText(context, 64 * text.length);
  const decoded = decodeJson(text);
  if (!decoded.ok) throw new TemplateFunctionError(decoded.error);
  if (decoded.value.error !== undefined) throw new TemplateFunctionError(decoded.value.error);
  return decoded.value.value;
}

export const JSON_READERS: readonly TemplateFunction[] = [
  defineFunction('fromJson', 'func(string) interface {}', fromJson),
  defineFunction('mustFromJson', 'func(string) (interface {}, error)', mustFromJson),
];

export const JSON_WRITERS: readonly TemplateFunction[] = [
  defineFunction('toJson', 'func(interface {}) string', (context, value) =>
    orElse(() => writeJson(context, value, PLAIN), ''),
  ),
  defineFunction('toPrettyJson', 'func(interface {}) string', (context, value) =>
    orElse(() => writeJson(context, value, PRETTY), ''),
  ),
  // Not forgiving: the original panics here.
  defineFunction('toRawJson', 'func(interface {}) string', (context, value) =>
    writeJson(context, value, RAW),
  ),
  defineFunction('mustToJson', 'func(interface {}) (string, error)', (context, value) =>
    writeJson(context, value, PLAIN),
  ),
  defineFunction('mustToPrettyJson', 'func(interface {}) (string, error)', (context, value) =>
    writeJson(context, value, PRETTY),
  ),
  defineFunction('mustToRawJson', 'func(interface {}) (string, error)', (context, value) =>
    writeJson(context, value, RAW),
  ),
];
