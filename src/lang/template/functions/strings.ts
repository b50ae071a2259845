// Sprig's string functions (go-templates §6, Strings). Lengths and positions count bytes.
import { byteLength, isAscii, normalize, sliceBytes } from '../bytes.ts';
import { sprintf } from '../fmt/print.ts';
import { defineFunction, TemplateFunctionError } from '../function.ts';
import type { CallContext } from '../function.ts';
import type { Value } from '../value.ts';
import { chargeText, reserve, textOf } from './elements.ts';
import { toConnectedCase, toPascalCase } from './library/identifier-case.ts';
import { toLower, toTitle, toUpper, trimSet, trimSpace } from './library/letter-case.ts';
import {
  abbreviate,
  fromBinary,
  initials,
  swapCase,
  toBinary,
  uncapitalize,
  withoutSpaces,
  wrapWords,
} from './library/words.ts';

type Texts = (text: string) => string;

/** A function of one string whose result is about as long. */
function mapping(name: string, map: Texts) {
  return defineFunction(name, 'func(string) string', (context, text) => {
    chargeText(context, 4 * text.length);
    return map(text);
  });
}

function sliceError(from: number, to: number): TemplateFunctionError {
  return new TemplateFunctionError(`runtime error: slice bounds out of range [${from}:${to}]`);
}

/** `text[from:to]` with Go's panics. */
function goSlice(text: string, from: number, to: number): string {
  const length = byteLength(text);
  if (to < 0) throw new TemplateFunctionError(`runtime error: slice bounds out of range [:${to}]`);
  if (to > length) {
    throw new TemplateFunctionError(
      `runtime error: slice bounds out of range [:${to}] with length ${length}`,
    );
  }
  if (from > to) throw sliceError(from, to);
  return sliceBytes(text, from, to);
}

function truncate(count: number, text: string): string {
  const length = byteLength(text);
  if (count < 0 && length + count > 0) return sliceBytes(text, length + count, length);
  return count >= 0 && length > count ? sliceBytes(text, 0, count) : text;
}

function substring(start: number, end: number, text: string): string {
  const length = byteLength(text);
  if (start < 0) return goSlice(text, 0, end);
  if (end < 0 || end > length) {
    if (start > length) throw sliceError(start, length);
    return sliceBytes(text, start, length);
  }
  return goSlice(text, start, end);
}

function repeat(context: CallContext, count: number, text: string): string {
  if (count < 0) throw new TemplateFunctionError('strings: negative Repeat count');
  if (text === '') return '';
  reserve(context, count * text.length);
  return normalize(text.repeat(count));
}

function indent(context: CallContext, spaces: number, text: string): string {
  if (spaces < 0) throw new TemplateFunctionError('strings: negative Repeat count');
  chargeText(context, text.length);
  const lines = text.split('\n');
  reserve(context, text.length + lines.length * spaces);
  const padding = ' '.repeat(spaces);
  return padding + lines.join(`\n${padding}`);
}

function replace(context: CallContext, search: string, replacement: string, text: string): string {
  chargeText(context, text.length);
  // An empty search string matches before every rune and at the end.
  const parts = search === '' ? ['', ...Array.from(text), ''] : text.split(search);
  reserve(context, text.length + parts.length * replacement.length);
  return normalize(parts.join(replacement));
}

function wrap(context: CallContext, width: number, newLine: string | undefined, text: string) {
  const lines = Math.ceil(text.length / Math.max(1, width));
  reserve(context, 3 * text.length + lines * (newLine ?? '').length);
  const binary = toBinary(text);
  const options = { width, newLine: toBinary(newLine ?? ''), breakWords: newLine !== undefined };
  return fromBinary(wrapWords(binary, options));
}

function concatenate(context: CallContext, values: readonly Value[]): string {
  const texts = values.filter((value) => value !== null).map((value) => sprintf('%v', [value]));
  reserve(context, lengthOf(texts));
  return normalize(texts.join(' '));
}

function quoteAll(context: CallContext, values: readonly Value[], quote: (value: Value) => string) {
  const texts: string[] = [];
  for (const value of values) {
    if (value === null) continue;
    const text = quote(value);
    reserve(context, text.length);
    texts.push(text);
  }
  reserve(context, lengthOf(texts));
  return texts.join(' ');
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length + 1, 0);
}

/** Cutting and trimming. */
const CUTTING = [
  defineFunction('abbrev', 'func(int, string) string', (_, width, text) =>
    width < 4 ? text : fromBinary(abbreviate(toBinary(text), 0, width)),
  ),
  defineFunction('abbrevboth', 'func(int, int, string) string', (_, left, width, text) =>
    width < 4 || (left > 0 && width < 7)
      ? text
      : fromBinary(abbreviate(toBinary(text), left, width)),
  ),
  defineFunction('trunc', 'func(int, string) string', (_, count, text) => truncate(count, text)),
  defineFunction('substr', 'func(int, int, string) string', (_, start, end, text) =>
    substring(start, end, text),
  ),
  mapping('trim', trimSpace),
  defineFunction('trimall', 'func(string, string) string', (_, set, text) => trimSet(text, set)),
  defineFunction('trimAll', 'func(string, string) string', (_, set, text) => trimSet(text, set)),
  defineFunction('trimSuffix', 'func(string, string) string', (_, suffix, text) =>
    suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  defineFunction('trimPrefix', 'func(string, string) string', (_, prefix, text) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  mapping('nospace', withoutSpaces),
  mapping('initials', (text) => initials(toBinary(text))),
];

const CASES = [
  mapping('upper', (text) => (isAscii(text) ? text.toUpperCase() : toUpper(text))),
  mapping('lower', (text) => (isAscii(text) ? text.toLowerCase() : toLower(text))),
  mapping('title', toTitle),
  mapping('untitle', uncapitalize),
  mapping('swapcase', swapCase),
  mapping('snakecase', (text) => toConnectedCase(text, '_')),
  mapping('camelcase', toPascalCase),
  mapping('kebabcase', (text) => toConnectedCase(text, '-')),
];

const SEARCHING = [
  defineFunction('contains', 'func(string, string) bool', (context, part, text) => {
    chargeText(context, text.length);
    return text.includes(part);
  }),
  defineFunction('hasPrefix', 'func(string, string) bool', (_, prefix, text) =>
    text.startsWith(prefix),
  ),
  defineFunction('hasSuffix', 'func(string, string) bool', (_, suffix, text) =>
    text.endsWith(suffix),
  ),
  defineFunction('replace', 'func(string, string, string) string', replace),
];

const SHAPING = [
  defineFunction('repeat', 'func(int, string) string', repeat),
  defineFunction('indent', 'func(int, string) string', indent),
  defineFunction(
    'nindent',
    'func(int, string) string',
    (context, spaces, text) => `\n${indent(context, spaces, text)}`,
  ),
  defineFunction('wrap', 'func(int, string) string', (context, width, text) =>
    wrap(context, width, undefined, text),
  ),
  defineFunction('wrapWith', 'func(int, string, string) string', (context, width, line, text) =>
    wrap(context, width, line, text),
  ),
  defineFunction('plural', 'func(string, string, int) string', (_, one, many, count) =>
    count === 1 ? one : many,
  ),
  defineFunction('quote', 'func(...interface {}) string', (context, ...values) =>
    quoteAll(context, values, (value) => sprintf('%q', [textOf(value)])),
  ),
  defineFunction('squote', 'func(...interface {}) string', (context, ...values) =>
    quoteAll(context, values, (value) => sprintf("'%v'", [value])),
  ),
  defineFunction('cat', 'func(...interface {}) string', (context, ...values) =>
    concatenate(context, values),
  ),
  defineFunction('toString', 'func(interface {}) string', (_, value) => textOf(value)),
  defineFunction('hello', 'func() string', () => 'Hello!'),
];

export const STRINGS = [...CUTTING, ...CASES, ...SEARCHING, ...SHAPING];
