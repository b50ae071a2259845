// JSON as Go's encoding/json writes it (go-templates §6, Encoding): sorted keys, its escapes, its
// number forms, and its refusals.
import { compareStrings } from '../../bytes.ts';
import { TemplateFunctionError } from '../../function.ts';
import type { CallContext } from '../../function.ts';
import { GoComplex, GoFunc, GoInt, GoList, GoMap, GoObject } from '../../value.ts';
import type { Value } from '../../value.ts';
import { fromBytes } from '../../bytes.ts';
import { encodeBase64 } from './base-encoding.ts';

export interface JsonOptions {
  /** Escape <, > and &, as Go does unless told otherwise. */
  readonly escapeHtml: boolean;
  /** Spaces per level; 0 writes everything on one line. */
  readonly indent: number;
}

/** Beyond this depth Go looks for cycles; nothing else nests that deep. */
const CYCLE_DEPTH = 1000;
const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);
const SPECIAL = /["\\\x00-\x1f\u2028\u2029]|\p{Surrogate}/gu;
const SPECIAL_HTML = /["\\\x00-\x1f\u2028\u2029<>&]|\p{Surrogate}/gu;

/**
 * @throws TemplateFunctionError with Go's text for values without a JSON form
 */
export function writeJson(context: CallContext, value: Value, options: JsonOptions): string {
  return new JsonWriter(context, options).write(value ?? null, 0);
}

/** A string literal; bytes that are no UTF-8 become the escape \ufffd. */
export function jsonString(text: string, escapeHtml: boolean): string {
  return `"${text.replace(escapeHtml ? SPECIAL_HTML : SPECIAL, escaped)}"`;
}

function escaped(char: string): string {
  const short = SHORT.get(char);
  if (short !== undefined) return short;
  const code = char.charCodeAt(0);
  if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd';
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Exponents only from 1e21 on and below 1e-6: by chance the very form that JavaScript prints. */
export function jsonNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

class JsonWriter {
  readonly #context: CallContext;
  readonly #options: JsonOptions;

  constructor(context: CallContext, options: JsonOptions) {
    this.#context = context;
    this.#options = options;
  }

  write(value: Value, depth: number): string {
    this.#context.charge(1);
    if (depth > CYCLE_DEPTH) throw this.#cycle(value);
    if (value === null || value === undefined) return 'null';
    if (typeof value === 'string') return this.#string(value);
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'number') return finite(value);
    if (value instanceof GoInt) return String(value.value);
    if (value instanceof Uint8Array) return this.#counted(`"${encodeBase64(value)}"`);
    if (value instanceof GoList) return this.#list(value, depth);
    if (value instanceof GoMap) return this.#map(value, depth);
    return value instanceof GoObject ? this.#object(value, depth) : refuse(value);
  }

  #cycle(value: Value): TemplateFunctionError {
    const name = value instanceof GoList || value instanceof GoMap ? value.type.name : 'value';
    return new TemplateFunctionError(`json: unsupported value: encountered a cycle via ${name}`);
  }

  #string(text: string): string {
    return this.#counted(jsonString(text, this.#options.escapeHtml));
  }

  /** Shared parts can blow up to any size: the volume of text is charged as it grows. */
  #counted(text: string): string {
    this.#context.checkLength(text.length);
    return text;
  }

  #list(list: GoList, depth: number): string {
    if (list.isNil) return 'null';
    return this.#block(
      '[]',
      list.items.map((item) => this.write(item, depth + 1)),
      depth,
    );
  }

  #map(map: GoMap, depth: number): string {
    if (map.isNil) return 'null';
    const colon = this.#options.indent > 0 ? ': ' : ':';
    const entries = [...map.entries].sort(([left], [right]) => compareStrings(left, right));
    const parts = entries.map(
      ([key, value]) => this.#string(key) + colon + this.write(value, depth + 1),
    );
    return this.#block('{}', parts, depth);
  }

  #object(object: GoObject, depth: number): string {
    const marshal = object.type.methods?.get('MarshalJSON');
    if (marshal) {
      const bytes = marshal.implementation({ ...this.#context, receiver: object });
      return fromBytes(bytes as Uint8Array);
    }
    if (object.type.fields === undefined) return refuse(object);
    const colon = this.#options.indent > 0 ? ': ' : ':';
    const parts = object.type.fields
      .filter((field) => /^\p{Lu}/u.test(field.name))
      .map(
        (field) =>
          this.#string(field.name) + colon + this.write(field.read(object.state), depth + 1),
      );
    return this.#block('{}', parts, depth);
  }

  #block(brackets: '[]' | '{}', parts: readonly string[], depth: number): string {
    if (parts.length === 0) return brackets;
    const [open, close] = brackets;
    if (this.#options.indent === 0) return open + parts.join(',') + close;
    const padding = ' '.repeat(this.#options.indent * depth);
    const inner = `\n${padding}${' '.repeat(this.#options.indent)}`;
    this.#context.checkLength(parts.length * inner.length);
    return `${open}${inner}${parts.join(`,${inner}`)}\n${padding}${close}`;
  }
}

function finite(value: number): string {
  if (Number.isFinite(value)) return jsonNumber(value);
  const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  throw new TemplateFunctionError(`json: unsupported value: ${name}`);
}

function refuse(value: GoObject | GoFunc | GoComplex): never {
  const name =
    value instanceof GoComplex
      ? 'complex128'
      : value instanceof GoFunc
        ? value.fn.type.name
        : value.type.name;
  throw new TemplateFunctionError(`json: unsupported type: ${name}`);
}
