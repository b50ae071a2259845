// TOML as BurntSushi/toml 1.6 writes it for Helm's toToml (go-templates §7): plain values first,
// sorted keys, tables as indented blocks.
import { compareStrings, fromBytes } from '../../bytes.ts';
import { TemplateFunctionError } from '../../function.ts';
import type { CallContext } from '../../function.ts';
import { GoInt, GoList, GoMap, GoObject, typeOf, uint8 } from '../../value.ts';
import type { Value } from '../../value.ts';
import { formatGoFloat } from '../../../yaml/index.ts';
import { formatDuration } from './duration.ts';

type TomlKind = 'nil' | 'plain' | 'table' | 'array' | 'tables';

const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
]);

/**
 * @throws TemplateFunctionError with the text of the original's error
 */
export function writeToml(context: CallContext, value: Value): string {
  if (value === null || value === undefined) {
    throw new TemplateFunctionError('reflect: call of reflect.Value.Type on zero Value');
  }
  const writer = new TomlWriter(context);
  writer.encode([], value);
  return writer.text;
}

class TomlWriter {
  readonly #context: CallContext;
  text = '';

  constructor(context: CallContext) {
    this.#context = context;
  }

  encode(key: readonly string[], value: Value): void {
    switch (this.#kindOf(value, key.length)) {
      case 'nil':
        return;
      case 'table':
        this.#table(key, value);
        return;
      case 'tables':
        this.#arrayOfTables(key, elements(value));
        return;
      default:
        this.#keyValue(key, value, false);
    }
  }

  #write(text: string): void {
    this.#context.checkLength(text.length);
    this.text += text;
  }

  #newLine(): void {
    if (this.text !== '') this.#write('\n');
  }

  #kindOf(value: Value, depth: number): TomlKind {
    this.#context.charge(1);
    if (depth > 1000) throw new TemplateFunctionError('toml: nested too deeply');
    if (value === null || value === undefined) return 'nil';
    if (value instanceof GoMap) return value.isNil ? 'nil' : 'table';
    if (value instanceof GoObject)
      return marshalled(this.#context, value) === undefined ? 'table' : 'plain';
    if (value instanceof Uint8Array) return 'array';
    if (value instanceof GoList) {
      if (value.isNil) return 'nil';
      return this.#isTableArray(value.items, depth) ? 'tables' : 'array';
    }
    const kind = typeOf(value)?.kind ?? '';
    if (kind === 'func' || kind === 'complex128') {
      throw new TemplateFunctionError(
        depth === 0 ? `unsupported type for key '': ${kind}` : `unsupported type: ${kind}`,
      );
    }
    return 'plain';
  }

  #isTableArray(items: readonly Value[], depth: number): boolean {
    let tables = items.length > 0;
    for (const item of items) {
      const kind = this.#kindOf(item, depth + 1);
      if (kind === 'nil') {
        throw new TemplateFunctionError('toml: cannot encode array with nil element');
      }
      if (kind !== 'table') tables = false;
    }
    return tables;
  }

  #table(key: readonly string[], value: Value): void {
    if (key.length === 1) this.#newLine();
    if (key.length > 0) {
      this.#write(`${indent(key)}[${key.map(keyText).join('.')}]`);
      this.#newLine();
    }
    this.#entries(key, entriesOf(value));
  }

  #arrayOfTables(key: readonly string[], items: readonly Value[]): void {
    if (key.length === 0) {
      throw new TemplateFunctionError('toml: top-level values must be Go maps or structs');
    }
    for (const item of items) {
      this.#newLine();
      this.#write(`${indent(key)}[[${key.map(keyText).join('.')}]]`);
      this.#newLine();
      this.#entries(key, entriesOf(item));
    }
  }

  /** Plain values come before tables, or they would belong to those. */
  #entries(key: readonly string[], entries: readonly (readonly [string, Value])[]): void {
    for (const [name, value] of this.#ordered(entries, key.length)) {
      this.encode([...key, name], value);
    }
  }

  #ordered(entries: readonly (readonly [string, Value])[], depth: number) {
    const isTable = (value: Value) => ['table', 'tables'].includes(this.#kindOf(value, depth + 1));
    const plain = entries.filter(([, value]) => !isTable(value));
    const tables = entries.filter(([, value]) => isTable(value));
    return [...plain, ...tables];
  }

  #keyValue(key: readonly string[], value: Value, inline: boolean): void {
    if (key.length === 0) {
      this.#element(value, 0);
      return;
    }
    this.#write(`${indent(key)}${keyText(key.at(-1) ?? '')} = `);
    this.#element(value, key.length);
    if (!inline) this.#newLine();
  }

  #element(value: Value, depth: number): void {
    const kind = this.#kindOf(value, depth);
    if (kind === 'table') this.#inlineTable(value, depth);
    else if (kind === 'plain' || kind === 'nil') this.#write(this.#plain(value));
    else {
      this.#write('[');
      for (const [at, item] of elements(value).entries()) {
        if (at > 0) this.#write(', ');
        this.#element(item, depth + 1);
      }
      this.#write(']');
    }
  }

  #inlineTable(value: Value, depth: number): void {
    const entries = this.#ordered(entriesOf(value), depth);
    this.#write('{');
    for (const [at, [name, item]] of entries.entries()) {
      // A nil value leaves nothing but the comma before it.
      if (this.#kindOf(item, depth + 1) === 'nil') continue;
      this.#keyValue([name], item, true);
      if (at < entries.length - 1) this.#write(', ');
    }
    this.#write('}');
  }

  #plain(value: Value): string {
    if (typeof value === 'string') return quoted(value);
    if (typeof value === 'number') return floatText(value);
    if (value instanceof GoInt) {
      const isDuration = value.type.name === 'time.Duration';
      return isDuration ? quoted(formatDuration(value.toBigInt())) : String(value.value);
    }
    if (value instanceof GoObject) {
      const text = marshalled(this.#context, value) ?? '';
      return value.type.name === 'time.Time' ? text : quoted(text);
    }
    return String(value);
  }
}

function elements(value: Value): readonly Value[] {
  if (value instanceof GoList) return value.items;
  return value instanceof Uint8Array ? Array.from(value, uint8) : [];
}

function entriesOf(value: Value): readonly (readonly [string, Value])[] {
  if (value instanceof GoMap) {
    return [...value.entries].sort(([left], [right]) => compareStrings(left, right));
  }
  if (!(value instanceof GoObject)) return [];
  const fields = (value.type.elem ?? value.type).fields ?? [];
  return fields.map((field) => [field.name, field.read(value.state)] as const);
}

/** The text of a value that knows how to write itself, such as a time. */
function marshalled(context: CallContext, value: GoObject): string | undefined {
  const marshal = value.type.methods?.get('MarshalText');
  if (!marshal) return undefined;
  return fromBytes(marshal.implementation({ ...context, receiver: value }) as Uint8Array);
}

function indent(key: readonly string[]): string {
  return '  '.repeat(key.length - 1);
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quoted(key);
}

function quoted(text: string): string {
  const escaped = text.replace(
    /["\\\x00-\x1f\x7f]/g,
    (char) => SHORT.get(char) ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const text = formatGoFloat(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
