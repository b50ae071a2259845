// Package Operator's own functions (package-operator §2.3): include, YAML, files of the package, and
// conditions in CEL through an injected evaluator.
import { fromBytes, toBytes } from '../bytes.ts';
import { defineFunction, TemplateFunctionError } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { map, stringMap } from '../value.ts';
import type { GoMap, Value } from '../value.ts';
import { chargeText } from './elements.ts';
import { includeFunction } from './include.ts';
import { decodeBase64 } from './library/base-encoding.ts';
import { compileGlob } from './library/file-glob.ts';
import { yamlText, yamlValue } from './yaml.ts';

function decodeMap(context: CallContext, data: GoMap): GoMap {
  const decoded: (readonly [string, string])[] = [];
  for (const [key, value] of data.entries) {
    // Anything but a string is left out.
    if (typeof value !== 'string') continue;
    chargeText(context, 8 * value.length);
    const bytes = decodeBase64(toBytes(value));
    if (!bytes.ok) {
      throw new TemplateFunctionError(`decode base64 value at key ${key}: ${bytes.error}`);
    }
    decoded.push([key, fromBytes(bytes.value)]);
  }
  return map(decoded);
}

function textOf(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : fromBytes(content);
}

function getFile(context: CallContext, path: string): string {
  const content = context.hooks.getFile?.(path);
  if (content === undefined) throw new TemplateFunctionError('file not found');
  chargeText(context, content.length);
  return textOf(content);
}

function getFileGlob(context: CallContext, pattern: string): GoMap {
  context.charge(1 + pattern.length);
  const compiled = compileGlob(pattern);
  if (!compiled.ok) throw new TemplateFunctionError(compiled.error);
  const found: (readonly [string, string])[] = [];
  for (const [path, content] of context.hooks.listFiles?.() ?? []) {
    context.charge(1 + pattern.length);
    if (!compiled.value(path)) continue;
    chargeText(context, content.length);
    found.push([path, textOf(content)]);
  }
  return stringMap(found);
}

function fromYaml(context: CallContext, value: Value): Value {
  if (value instanceof Uint8Array) return yamlValue(context, fromBytes(value));
  if (typeof value === 'string') return yamlValue(context, value);
  throw new TemplateFunctionError('fromYAML requires string or []byte as input: invalid type');
}

/** For every template of a package and for ObjectTemplates. */
export const PACKAGE_OPERATOR: readonly TemplateFunction[] = [
  includeFunction(
    (name) => `including template with name ${name}: exceeded max include recursion depth`,
  ),
  defineFunction(
    'b64decMap',
    'func(map[string]interface {}) (map[string]interface {}, error)',
    decodeMap,
  ),
  defineFunction('toYAML', 'func(interface {}) (string, error)', (context, value) =>
    yamlText(context, value),
  ),
  defineFunction('fromYAML', 'func(interface {}) (interface {}, error)', fromYaml),
];

/** For templates of a package only. */
export const PACKAGE_FILES: readonly TemplateFunction[] = [
  defineFunction('getFile', 'func(string) (string, error)', getFile),
  defineFunction('getFileGlob', 'func(string) (map[string]string, error)', getFileGlob),
  defineFunction('cel', 'func(string) (bool, error)', (context, expression) => {
    context.charge(1 + expression.length);
    if (!context.hooks.cel) {
      throw new TemplateFunctionError('expressions in CEL are not available here');
    }
    return context.hooks.cel(expression) === true;
  }),
];
