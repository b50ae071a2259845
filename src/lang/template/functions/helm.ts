// Helm's functions on top of sprig's (go-templates §6): include, tpl, required, lookup, YAML, JSON.
import { defineFunction, TemplateFunctionError, TemplateTextError } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { quote } from '../strconv/quote.ts';
import { ANY_LIST, ANY_MAP } from '../type.ts';
import { GoList, GoMap, list, map, typeOf } from '../value.ts';
import type { Value } from '../value.ts';
import { chargeText } from './elements.ts';
import { includeFunction } from './include.ts';
import { orElse } from './json.ts';
import { decodeJson } from './library/json-reader.ts';
import { writeJson } from './library/json-text.ts';
import { yamlText, yamlValue } from './yaml.ts';

/** The name of the template set, which also names the texts that `tpl` parses. */
export const HELM_ROOT = 'gotpl';
const NO_VALUE = '<no value>';

/** Go's missing values print as `<no value>`; Helm takes that out of every result. */
export function withoutNoValue(text: string): string {
  return text.replaceAll(NO_VALUE, '');
}

function tpl(context: CallContext, text: string, data: Value): string {
  try {
    return withoutNoValue(context.executeText(HELM_ROOT, text, data));
  } catch (error) {
    if (!(error instanceof TemplateTextError)) throw error;
    const what =
      error.stage === 'parse' ? 'cannot parse template' : 'error during tpl function execution for';
    throw new TemplateFunctionError(`${what} ${quote(text)}: ${error.message}`);
  }
}

function required(_: CallContext, message: string, value: Value): Value {
  if (value === null || value === undefined || value === '') {
    throw new TemplateFunctionError(message);
  }
  return value;
}

function lookup(context: CallContext, ...args: readonly [string, string, string, string]): Value {
  context.charge(1000);
  return context.hooks.lookup?.(...args) ?? map();
}

/** The text of a failure under the key `Error`, as Helm's readers of maps report it. */
export function errorMap(message: string): GoMap {
  return map([['Error', message]]);
}

/** JSON or YAML must hold the wanted kind; null leaves it nil. */
export function expectMap(value: Value): GoMap {
  if (value instanceof GoMap) return value;
  if (value === null || value === undefined) return new GoMap(new Map(), ANY_MAP, true);
  throw new TemplateFunctionError(cannotUnmarshal(value, ANY_MAP.name));
}

export function expectList(value: Value): GoList {
  if (value instanceof GoList) return value;
  if (value === null || value === undefined) return new GoList([], ANY_LIST, true);
  throw new TemplateFunctionError(cannotUnmarshal(value, ANY_LIST.name));
}

function cannotUnmarshal(value: Value, wanted: string): string {
  const kind = typeOf(value)?.kind ?? 'null';
  const names: ReadonlyMap<string, string> = new Map([
    ['slice', 'array'],
    ['map', 'object'],
    ['float64', 'number'],
    ['int64', 'number'],
    ['uint64', 'number'],
  ]);
  return `json: cannot unmarshal ${names.get(kind) ?? kind} into Go value of type ${wanted}`;
}

function readJson(context: CallContext, text: string): Value {
  chargeText(context, 64 * text.length);
  const decoded = decodeJson(text);
  if (!decoded.ok) throw new TemplateFunctionError(decoded.error);
  if (decoded.value.error !== undefined) throw new TemplateFunctionError(decoded.value.error);
  return decoded.value.value;
}

/** The result, or what `report` makes of Go's error text. */
export function reporting<T>(run: () => T, report: (message: string) => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateFunctionError) return report(error.message);
    throw error;
  }
}

const TEMPLATES: readonly TemplateFunction[] = [
  includeFunction(
    (name) => `rendering template has a nested reference name: ${name}: unable to execute template`,
  ),
  defineFunction('tpl', 'func(string, interface {}) (string, error)', tpl),
  defineFunction('required', 'func(string, interface {}) (interface {}, error)', required),
  defineFunction(
    'lookup',
    'func(string, string, string, string) (map[string]interface {}, error)',
    lookup,
  ),
];

const JSON_FORM = { escapeHtml: true, indent: 0 } as const;

const TEXTS: readonly TemplateFunction[] = [
  defineFunction('toYaml', 'func(interface {}) string', (context, value) =>
    orElse(() => yamlText(context, value), ''),
  ),
  defineFunction('mustToYaml', 'func(interface {}) string', (context, value) =>
    yamlText(context, value),
  ),
  defineFunction('toYamlPretty', 'func(interface {}) string', (context, value) =>
    orElse(() => yamlText(context, value, { pretty: true }), ''),
  ),
  defineFunction('fromYaml', 'func(string) map[string]interface {}', (context, text) =>
    // An empty text leaves an empty map, unlike JSON's null.
    reporting(() => expectMap(yamlValue(context, text, 'map') ?? map()), errorMap),
  ),
  defineFunction('fromYamlArray', 'func(string) []interface {}', (context, text) =>
    reporting(
      () => expectList(yamlValue(context, text, 'array') ?? list([])),
      (message) => list([message]),
    ),
  ),
  defineFunction('mustToJson', 'func(interface {}) string', (context, value) =>
    writeJson(context, value, JSON_FORM),
  ),
  defineFunction('fromJson', 'func(string) map[string]interface {}', (context, text) =>
    reporting(() => expectMap(readJson(context, text)), errorMap),
  ),
  defineFunction('fromJsonArray', 'func(string) []interface {}', (context, text) =>
    reporting(
      () => expectList(readJson(context, text)),
      (message) => list([message]),
    ),
  ),
];

export const HELM: readonly TemplateFunction[] = [...TEMPLATES, ...TEXTS];
