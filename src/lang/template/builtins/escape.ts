// html, js and urlquery: escapers over the printed form of their arguments.
import { toBytes } from '../bytes.ts';
import { sprint } from '../fmt/print.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { defineFunction } from '../function.ts';
import { isPrint } from '../strconv/rune.ts';
import type { Value } from '../value.ts';

/** One string stays itself, anything else is printed; nil prints as an action prints it. */
function printedArguments(context: CallContext, args: readonly Value[]): string {
  const [only] = args;
  if (args.length === 1 && typeof only === 'string') return only;
  const shown = args.map((arg) => (arg === null || arg === undefined ? '<no value>' : arg));
  return sprint(shown, context.charge);
}

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (char) => HTML[char] ?? char);
}

const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

function escapeJs(text: string): string {
  return text.replace(/[\\'"<>&=\x00-\x1f]|[^\x00-\x7f]/gu, (char) => {
    const known = JS[char];
    if (known !== undefined) return known;
    const code = char.codePointAt(0) as number;
    const rune = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (rune >= 0x80 && isPrint(rune)) return char;
    return `\\u${rune.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

function escapeQuery(text: string): string {
  let escaped = '';
  for (const byte of toBytes(text)) {
    const char = String.fromCharCode(byte);
    if (byte < 0x80 && /[A-Za-z0-9\-_.~]/.test(char)) escaped += char;
    else if (byte === 0x20) escaped += '+';
    else escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

function escaper(name: string, escape: (text: string) => string, growth: number): TemplateFunction {
  return defineFunction(name, 'func(...interface {}) string', (context, ...args) => {
    const text = printedArguments(context, args);
    context.checkLength(text.length * growth);
    return escape(text);
  });
}

export const ESCAPERS: readonly TemplateFunction[] = [
  escaper('html', escapeHtml, 1),
  escaper('js', escapeJs, 1),
  escaper('urlquery', escapeQuery, 1),
];
