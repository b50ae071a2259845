// Writes values as Go's template functions do, byte for byte: toYaml (sigs.k8s.io/yaml) and toYamlPretty (yaml/v3).
import { GoEmitter } from './go-emitter.ts';
import type { EmitterDialect, ScalarWish } from './go-emitter.ts';
import { formatGoFloat } from './go-float.ts';
import { resolvesToOther } from './go-scalar.ts';
import { jsonAsYamlFault, wellFormed } from './json-as-yaml.ts';
import { compareNaturally } from './natural-order.ts';

/** What the writers take: JSON values, maps with string keys as objects or `Map`s, integers as bigint. */
export type WritableYaml =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly WritableYaml[]
  | ReadonlyMap<string, WritableYaml>
  | { readonly [key: string]: WritableYaml | undefined };

export type WrittenYaml =
  | { readonly kind: 'written'; readonly text: string }
  /** Go would return this error. */
  | { readonly kind: 'failed'; readonly message: string };

interface Style {
  readonly dialect: EmitterDialect;
  readonly number: (value: number) => string;
  readonly integer: (value: bigint) => string;
  readonly compareKeys: ((a: string, b: string) => number) | undefined;
  /** The text as it arrives at the emitter, and the style it asks for. */
  readonly prepare: (text: string) => {
    readonly text: string;
    readonly wish: ScalarWish;
    readonly tag?: string;
  };
}

const V2: Style = {
  dialect: { width: 80, indentLists: false, tabIsSpecial: true },
  number: jsonNumber,
  integer: jsonInteger,
  compareKeys: (a, b) => compareNaturally(a, b, 2),
  prepare: (value) => {
    const text = wellFormed(value);
    return { text, wish: wishFor(text) };
  },
};

const V3: Style = {
  dialect: { width: Number.POSITIVE_INFINITY, indentLists: true, tabIsSpecial: false },
  number: (value) => formatGoFloat(value),
  integer: (value) => value.toString(),
  compareKeys: (a, b) => compareNaturally(a, b, 3),
  prepare: (text) => {
    const encoded = invalidBytes(text);
    if (encoded === undefined) return { text, wish: wishFor(text) };
    return { text: encoded, wish: encoded.includes('\n') ? 'literal' : 'plain', tag: '!!binary' };
  },
};

/**
 * `yaml.Marshal` of sigs.k8s.io/yaml: value → JSON → yaml/v2. `number` stands for float64, `bigint` for an
 * integer. The text ends with a line break (Helm's toYaml trims it). Members that are `undefined` are left out.
 *
 * Fails where Go fails, because it reads its own JSON back as YAML: DEL and C1 control characters, keys over 1022
 * characters, NaN and infinities. Lone surrogates, which stand for invalid bytes, become U+FFFD.
 */
export function writeGoYaml(value: WritableYaml): WrittenYaml {
  const fault = jsonAsYamlFault(value);
  return fault === undefined ? write(value, V2) : { kind: 'failed', message: fault };
}

/**
 * yaml/v3 with an indent of two, which Helm's toYamlPretty uses: floats keep Go's form (1e+06), lists are indented,
 * nothing is folded. Strings with lone surrogates (invalid bytes) are written as `!!binary`.
 */
export function writeGoYamlPretty(value: WritableYaml): WrittenYaml {
  return write(value, V3);
}

export interface WriteManifestOptions {
  /** Default true: keys in code-unit order. False keeps the order in which the object holds them. */
  readonly sortKeys?: boolean;
}

/**
 * Writes a file of our own: one document, kubectl's layout, no folded lines (they make poor diffs), and quoting such
 * that `readManifests` and Kubernetes read back the very same value. Same value, same bytes.
 *
 * Numbers must be finite and `bigint`s fit into 64 bits; an integral `number` beyond ±2^53 comes back as a `bigint`.
 */
export function writeManifest(value: WritableYaml, options: WriteManifestOptions = {}): string {
  return write(value, options.sortKeys === false ? MANIFEST_UNSORTED : MANIFEST).text;
}

const MANIFEST: Style = {
  dialect: { width: Number.POSITIVE_INFINITY, indentLists: false, tabIsSpecial: true },
  // An integer beyond 64 bits would be read with a warning; a float is what it is.
  number: (value) => (Math.abs(value) < 2 ** 63 ? jsonNumber(value) : formatGoFloat(value)),
  integer: (value) => value.toString(),
  compareKeys: compareCodeUnits,
  prepare: (value) => {
    const text = value.replace(/[\ud800-\udfff]/gu, '\ufffd');
    // Readers disagree on whether U+2028 breaks a line, and a plain << is a merge.
    const risky = text === '<<' || /[\u0085\u2028\u2029]/u.test(text);
    return { text, wish: risky ? 'double' : wishFor(text) };
  },
};

const MANIFEST_UNSORTED: Style = { ...MANIFEST, compareKeys: undefined };

function write(
  value: WritableYaml,
  style: Style,
): { readonly kind: 'written'; readonly text: string } {
  const writer = new Writer(style);
  writer.node(value, -1, false);
  return { kind: 'written', text: writer.emitter.finish() };
}

class Writer {
  readonly emitter: GoEmitter;
  private readonly style: Style;

  constructor(style: Style) {
    this.style = style;
    this.emitter = new GoEmitter(style.dialect);
  }

  /** @param underKey the node is the value of a key that stands on the same line */
  node(value: WritableYaml, indent: number, underKey: boolean): void {
    switch (typeof value) {
      case 'string':
        this.string(value, indent, false);
        return;
      case 'number':
        this.emitter.word(this.style.number(value));
        return;
      case 'bigint':
        this.emitter.word(this.style.integer(value));
        return;
      case 'boolean':
        this.emitter.word(value ? 'true' : 'false');
        return;
      default:
        if (value === null) this.emitter.word('null');
        else if (isList(value)) this.list(value, indent, underKey);
        else this.map(entriesOf(value), indent);
    }
  }

  private list(list: readonly WritableYaml[], outer: number, underKey: boolean): void {
    if (list.length === 0) {
      this.emitter.empty('[]');
      return;
    }
    const indent = underKey ? this.emitter.listIndent(outer) : this.emitter.innerIndent(outer);
    for (const item of list) {
      this.emitter.startLine(indent);
      this.emitter.bullet('-');
      this.node(item, indent, false);
    }
  }

  private map(entries: (readonly [string, WritableYaml])[], outer: number): void {
    if (entries.length === 0) {
      this.emitter.empty('{}');
      return;
    }
    const { compareKeys } = this.style;
    const indent = this.emitter.innerIndent(outer);
    if (compareKeys !== undefined) {
      // Go's order is not strict for every mix of keys; sorting twice keeps the result independent of the input's.
      entries.sort(([a], [b]) => compareCodeUnits(a, b)).sort(([a], [b]) => compareKeys(a, b));
    }
    for (const [key, value] of entries) {
      this.emitter.startLine(indent);
      if (this.emitter.isSimpleKey(key)) {
        this.string(key, indent, true);
        this.emitter.colon();
        this.node(value, indent, true);
      } else {
        this.emitter.bullet('?');
        this.string(key, indent, false);
        this.emitter.startLine(indent);
        this.emitter.bullet(':');
        this.node(value, indent, true);
      }
    }
  }

  private string(value: string, indent: number, simpleKey: boolean): void {
    const { text, wish, tag } = this.style.prepare(value);
    if (tag !== undefined) this.emitter.word(tag);
    this.emitter.scalar(text, wish, indent, simpleKey);
  }
}

function compareCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isList(value: WritableYaml): value is readonly WritableYaml[] {
  return Array.isArray(value);
}

function entriesOf(
  value: ReadonlyMap<string, WritableYaml> | { readonly [key: string]: WritableYaml | undefined },
): (readonly [string, WritableYaml])[] {
  if (value instanceof Map) return [...(value as ReadonlyMap<string, WritableYaml>)];
  const entries: (readonly [string, WritableYaml])[] = [];
  for (const [key, member] of Object.entries(value as Record<string, WritableYaml | undefined>)) {
    if (member !== undefined) entries.push([key, member]);
  }
  return entries;
}

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/u;
/**
 * Text that a reader would take for something else is quoted; base-60 numbers for the sake of other readers. v3 quotes
 * the booleans of old although it does not read them, so both versions come to the same.
 */
function wishFor(text: string): ScalarWish {
  if (text.includes('\n')) return 'literal';
  return resolvesToOther(text) || BASE_60.test(text) ? 'double' : 'plain';
}

const MAX_INT64 = 2n ** 63n;
const MAX_UINT64 = 2n ** 64n;

/** A float64 that went through JSON text and was read back: integral ones come out as integers. */
function jsonNumber(value: number): string {
  // The JSON text has the shortest digits, filled up with zeros: 8911538690164596000, not ...5712.
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return jsonInteger(BigInt(String(value)));
  return formatGoFloat(value);
}

function jsonInteger(value: bigint): string {
  if (value >= -MAX_INT64 && value < MAX_UINT64) return value.toString();
  return formatGoFloat(Number(value));
}

/** Base64 of a string that holds invalid bytes (as U+DC80..U+DCFF), in lines of 70; undefined for valid text. */
function invalidBytes(text: string): string | undefined {
  if (!/[\ud800-\udfff]/u.test(text)) return undefined;
  let binary = '';
  const encoder = new TextEncoder();
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) binary += String.fromCharCode(code - 0xdc00);
    else binary += String.fromCharCode(...encoder.encode(character));
  }
  const encoded = btoa(binary);
  if (encoded.length < 70) return encoded;
  return encoded.replace(/.{1,70}/gu, '$&\n');
}
