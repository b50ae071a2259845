// TOML as BurntSushi/toml 1.6 reads it for Helm's fromToml, with its error texts (go-templates §7).
import { parseFloat64, parseInteger } from '../../strconv/number.ts';
import { quote, quoteRune } from '../../strconv/quote.ts';
import { GoMap, int64, list } from '../../value.ts';
import type { Value } from '../../value.ts';
import { timeValue } from '../time-types.ts';
import { failure, success } from './result.ts';
import type { Result } from './result.ts';
import { parseInstant } from './time-parse.ts';
import { fixedZone, UTC } from './time-zone.ts';
import { keyPath, TomlProblem, TomlTables } from './toml-tables.ts';

const MAX_DEPTH = 500;

/** The document as a table, or the whole error text. */
export function readToml(text: string): Result<GoMap> {
  const reader = new TomlReader(text.replace(/^\ufeff/, ''));
  try {
    return success(reader.document());
  } catch (error) {
    if (!(error instanceof TomlProblem)) throw error;
    return failure(reader.describe(error.message));
  }
}

/** Layouts of dates in the order of trying; those without a zone get a name of their own. */
const DATES: readonly (readonly [layout: string, zone: string | undefined])[] = [
  ['2006-01-02T15:04:05.999999999Z07:00', undefined],
  ['2006-01-02T15:04:05.999999999', 'datetime-local'],
  ['2006-01-02', 'date-local'],
  ['15:04:05.999999999', 'time-local'],
  ['2006-01-02T15:04Z07:00', undefined],
  ['2006-01-02T15:04', 'datetime-local'],
  ['15:04', 'time-local'],
];

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
  ['"', '"'],
  ['\\', '\\'],
]);

const HEX_WORDS: ReadonlyMap<string, readonly [length: number, word: string]> = new Map([
  ['x', [2, 'two']],
  ['u', [4, 'four']],
  ['U', [8, 'eight']],
]);

class TomlReader {
  readonly #text: string;
  readonly #tables = new TomlTables();
  #at = 0;
  #depth = 0;
  #key = '';

  constructor(text: string) {
    this.#text = text;
  }

  /** Adds line and last key to a message. */
  describe(message: string): string {
    let at = this.#at;
    // At the end of the text the last line counts, not the empty one behind it.
    if (at >= this.#text.length && this.#text.endsWith('\n')) at = this.#text.length - 1;
    const line = this.#text.slice(0, at).split('\n').length;
    const path = this.#key === '' ? this.#tables.context : [...this.#tables.context, this.#key];
    const last = this.#tables.context.length === 0 ? this.#key : keyPath(path);
    return last === ''
      ? `toml: line ${line}: ${message}`
      : `toml: line ${line} (last key ${quote(last)}): ${message}`;
  }

  document(): GoMap {
    const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/.exec(this.#text);
    if (control) {
      this.#at = control.index;
      const code = control[0].charCodeAt(0).toString(16).padStart(2, '0');
      this.#fail(`TOML files cannot contain control characters: '0x${code}'`);
    }
    for (;;) {
      this.#skip(/[ \t\r\n]*/y);
      const char = this.#peek();
      if (char === '') return this.#tables.root;
      if (char === '#') this.#comment();
      else if (char === '[') this.#header();
      else this.#topLevelKey();
      if (char !== '#') this.#endOfLine();
    }
  }

  #peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #fail(message: string): never {
    throw new TomlProblem(message);
  }

  #shown(): string {
    const char = this.#peek();
    return char === '' ? quoteRune(0) : quoteRune(char.codePointAt(0) ?? 0);
  }

  #shownOrEnd(): string {
    const char = this.#peek();
    return char === '' ? 'end of file' : `'${char}'`;
  }

  #comment(): void {
    this.#skip(/[^\n]*/y);
  }

  #endOfLine(): void {
    this.#skip(/[ \t]*/y);
    const char = this.#peek();
    if (char === '#') this.#comment();
    else if (char !== '' && char !== '\n' && char !== '\r') {
      this.#fail(
        `expected a top-level item to end with a newline, comment, or EOF, but got ${this.#shown()} instead`,
      );
    }
  }

  #header(): void {
    this.#at++;
    const isArray = this.#peek() === '[';
    if (isArray) this.#at++;
    const path: string[] = [];
    for (;;) {
      path.push(this.#headerPart());
      this.#skip(/[ \t]*/y);
      const char = this.#peek();
      if (char !== '.' && char !== ']') {
        this.#fail(`expected '.' or ']' to end table name, but got ${this.#shown()} instead`);
      }
      this.#at++;
      if (char === ']') break;
    }
    if (isArray) {
      if (this.#peek() !== ']') {
        this.#fail(
          `expected end of table array name delimiter ']', but got ${this.#shown()} instead`,
        );
      }
      this.#at++;
    }
    this.#key = '';
    this.#tables.open(path, isArray);
  }

  #headerPart(): string {
    this.#skip(/[ \t]*/y);
    const char = this.#peek();
    if (char === ']' || char === '') {
      this.#fail('unexpected end of table name (table names cannot be empty)');
    }
    if (char === '.') this.#fail('unexpected table separator (table names cannot be empty)');
    return this.#namePart(char);
  }

  #namePart(char: string): string {
    if (char === '"') return this.#basicString();
    if (char === "'") return this.#rawString();
    return this.#skip(/[A-Za-z0-9_-]*/y);
  }

  /** Reads a dotted key and the `=` behind it. */
  #dottedKey(): string[] {
    this.#skip(/[ \t]*/y);
    const first = this.#peek();
    if (first === '=' || first === '') this.#fail("unexpected '=': key name appears blank");
    if (first === '.') this.#fail("unexpected '.': keys cannot start with a '.'");
    const path: string[] = [];
    for (;;) {
      this.#skip(/[ \t]*/y);
      const char = this.#peek();
      if (char === '=' || char === '') this.#fail("unexpected '='");
      if (char === '.') this.#fail("unexpected '.'");
      path.push(this.#namePart(char));
      this.#skip(/[ \t]*/y);
      const end = this.#peek();
      if (end === '') this.#fail("unexpected EOF; expected key separator '='");
      if (end !== '.' && end !== '=') {
        this.#fail(`expected '.' or '=', but got ${this.#shown()} instead`);
      }
      this.#at++;
      if (end === '=') return path;
    }
  }

  #topLevelKey(): void {
    const outer = this.#tables.context;
    this.#keyAndValue();
    this.#tables.context = outer;
    this.#key = '';
  }

  #keyAndValue(): readonly [path: readonly string[], value: Value] {
    const path = this.#dottedKey();
    this.#key = path.at(-1) ?? '';
    this.#tables.openDotted(path.slice(0, -1));
    const value = this.#value(false);
    this.#tables.set(this.#key, value);
    return [path, value];
  }

  #value(inArray: boolean): Value {
    this.#skip(/[ \t]*/y);
    const char = this.#peek();
    if (char === '[' || char === '{') return this.#nested(char, inArray);
    if (char === '"') return this.#startsWith('"""') ? this.#longString() : this.#basicString();
    if (char === "'") return this.#startsWith("'''") ? this.#longRawString() : this.#rawString();
    if (/^[0-9+-]$/.test(char)) return this.#numberOrDate(char);
    if (this.#skip(/(?:inf|nan)/y) !== '') {
      return this.#text.slice(this.#at - 3, this.#at) === 'inf' ? Infinity : NaN;
    }
    if (char === '.') this.#fail("floats must start with a digit, not '.'");
    if (char === '') this.#fail('unexpected EOF; expected value');
    return this.#boolean();
  }

  #startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #boolean(): boolean {
    const word = this.#skip(/\p{L}*/uy);
    if (word === 'true' || word === 'false') return word === 'true';
    this.#fail(`expected value but found ${word === '' ? this.#shown() : quote(word)} instead`);
  }

  #nested(open: string, inArray: boolean): Value {
    this.#depth++;
    if (this.#depth > MAX_DEPTH) this.#fail('nested too deeply');
    this.#at++;
    const value = open === '[' ? this.#array() : this.#inlineTable(inArray);
    this.#depth--;
    return value;
  }

  #blank(): void {
    for (;;) {
      this.#skip(/[ \t\r\n]*/y);
      if (this.#peek() !== '#') return;
      this.#comment();
    }
  }

  #array(): Value {
    this.#tables.markArray([...this.#tables.context, this.#key]);
    const items: Value[] = [];
    for (;;) {
      this.#blank();
      if (this.#peek() === ',') this.#fail('unexpected comma');
      if (this.#peek() === ']') break;
      items.push(this.#value(true));
      this.#blank();
      const char = this.#peek();
      if (char === ']') break;
      if (char !== ',') {
        this.#fail(
          `expected a comma (',') or array terminator (']'), but got ${this.#shownOrEnd()}`,
        );
      }
      this.#at++;
    }
    this.#at++;
    return list(items);
  }

  #inlineTable(inArray: boolean): Value {
    const outer = this.#tables.context;
    const outerKey = this.#key;
    const path = [...outer, outerKey];
    const table = new GoMap(new Map());
    this.#key = '';
    this.#tables.markImplicit(path);
    this.#tables.open(path, inArray);
    for (;;) {
      this.#blank();
      if (this.#peek() === ',') this.#fail('unexpected comma');
      if (this.#peek() === '}') break;
      this.#tables.context = path;
      const [key, value] = this.#keyAndValue();
      this.#putInline(table, key, value);
      this.#blank();
      const char = this.#peek();
      if (char === '}') break;
      if (char !== ',') {
        this.#fail(
          `expected a comma or an inline table terminator '}', but got ${this.#shownOrEnd()} instead`,
        );
      }
      this.#at++;
    }
    this.#at++;
    this.#tables.context = outer;
    this.#key = outerKey;
    return table;
  }

  #putInline(root: GoMap, key: readonly string[], value: Value): void {
    let table = root;
    for (const part of key.slice(0, -1)) {
      const next = table.entries.get(part) ?? new GoMap(new Map());
      if (!(next instanceof GoMap)) this.#fail(`${quote(part)} is not a table`);
      table.entries.set(part, next);
      table = next;
    }
    table.entries.set(key.at(-1) ?? '', value);
  }

  #lineEnd(): never {
    this.#fail('strings cannot contain newlines');
  }

  #basicString(): string {
    this.#at++;
    let value = '';
    for (;;) {
      value += this.#skip(/[^"\\\r\n]*/y);
      const char = this.#peek();
      if (char === '') this.#fail(`unexpected EOF; expected '"'`);
      if (char === '\n' || char === '\r') this.#lineEnd();
      this.#at++;
      if (char === '"') return value;
      value += this.#escape();
    }
  }

  #rawString(): string {
    this.#at++;
    const value = this.#skip(/[^'\r\n]*/y);
    if (this.#peek() === '') this.#fail(`unexpected EOF; expected "'"`);
    if (this.#peek() !== "'") this.#lineEnd();
    this.#at++;
    return value;
  }

  #longString(): string {
    this.#at += 3;
    this.#skip(/\r?\n/y);
    let value = '';
    for (;;) {
      value += this.#skip(/[^"\\]*/y);
      const char = this.#peek();
      if (char === '') this.#fail(`unexpected EOF; expected '"""'`);
      if (char === '"') {
        const quotes = this.#skip(/"{1,6}/y);
        if (quotes.length === 6) this.#fail(`unexpected '""""""'`);
        value += '"'.repeat(quotes.length < 3 ? quotes.length : quotes.length - 3);
        if (quotes.length >= 3) return value;
        continue;
      }
      // A backslash at the end of a line takes all white space up to the next text away.
      if (this.#skip(/\\[ \t]*\r?\n[ \t\r\n]*/y) !== '') continue;
      this.#at++;
      value += this.#escape();
    }
  }

  #longRawString(): string {
    this.#at += 3;
    this.#skip(/\r?\n/y);
    const end = this.#text.indexOf("'''", this.#at);
    const value = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at += value.length;
    const quotes = this.#skip(/'{3,6}/y);
    if (quotes === '') this.#fail(`unexpected EOF; expected "'''"`);
    if (quotes.length === 6) this.#fail(`unexpected "''''''"`);
    return value + "'".repeat(quotes.length - 3);
  }

  /** Reads what stands behind a backslash. */
  #escape(): string {
    const char = this.#peek();
    this.#at += char.length;
    const plain = ESCAPES.get(char);
    if (plain !== undefined) return plain;
    const hex = HEX_WORDS.get(char);
    if (!hex) {
      if (char === ' ' || char === '\t') this.#fail(`invalid escape: '\\${char}'`);
      this.#fail(`invalid escape in string '\\${char}'`);
    }
    const [length, word] = hex;
    const digits = this.#skip(new RegExp(`[0-9a-fA-F]{0,${length}}`, 'y'));
    if (digits.length < length) {
      this.#fail(
        `expected ${word} hexadecimal digits after '\\${char}', but got ${quote(digits + this.#peek())} instead`,
      );
    }
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      this.#fail(`Escaped character '\\u${digits}' is not valid UTF-8.`);
    }
    return String.fromCodePoint(code);
  }

  #numberOrDate(first: string): Value {
    const date = this.#skip(/[0-9]+[-:][0-9\-:Tt .Zz+]*/y);
    if (date !== '') return this.#date(date.trimEnd());
    const special = this.#skip(/[+-](?:inf|nan)/y);
    if (special !== '')
      return special.endsWith('nan') ? NaN : special === '-inf' ? -Infinity : Infinity;
    const based = this.#skip(/0(?:x[0-9a-fA-F_]+|o[0-7_]+|b[01_]+)/y);
    if (based !== '') return this.#integer(based);
    const signed = /^[+-]$/.test(first);
    if (signed && !/^[0-9]/.test(this.#text.charAt(this.#at + 1))) {
      this.#at++;
      if (this.#peek() === '.') this.#fail("floats must start with a digit, not '.'");
      this.#fail(`expected a digit but got ${this.#shown()}`);
    }
    if (signed && /^0[box]/.test(this.#text.slice(this.#at + 1, this.#at + 3))) {
      const shown = this.#text.slice(this.#at, this.#at + 3);
      this.#fail(`cannot use sign with non-decimal numbers: '${shown}'`);
    }
    const whole = this.#skip(/[+-]?[0-9][0-9_]*/y);
    if (!/^[.eE]$/.test(this.#peek())) return this.#integer(whole);
    return this.#float(whole + this.#skip(/[0-9_.\-+eE]*/y));
  }

  #integer(text: string): Value {
    if (!underscoresFit(text)) {
      this.#fail(`Invalid integer ${quote(text)}: underscores must be surrounded by digits`);
    }
    if (/^[+-]?0[0-9]/.test(text) || text.startsWith('0_')) {
      this.#fail(`Invalid integer ${quote(text)}: cannot have leading zeroes`);
    }
    const value = parseInteger(text, 0);
    if (typeof value === 'bigint') return int64(value);
    this.#fail(`${text} is out of range for int64`);
  }

  #float(text: string): number {
    const parts = text.split(/[.eE]/).filter((part) => part !== '');
    if (!parts.every(underscoresFit)) {
      this.#fail(`Invalid float ${quote(text)}: underscores must be surrounded by digits`);
    }
    if (/^[+-]?0[0-9]/.test(parts[0] ?? '')) {
      this.#fail(`Invalid float ${quote(text)}: cannot have leading zeroes`);
    }
    if (/\.(?![0-9])/.test(text)) {
      this.#fail(`Invalid float ${quote(text)}: '.' must be followed by one or more digits`);
    }
    const value = parseFloat64(text.replaceAll('_', ''));
    if (typeof value === 'number') return value;
    if (value === 'range') this.#fail(`${text} is out of range for float64`);
    this.#fail(`Invalid float value: ${quote(text)}`);
  }

  #date(raw: string): Value {
    const text = raw.replaceAll('z', 'Z').replace(/[t ]/g, 'T');
    for (const [layout, zone] of DATES) {
      const parsed = parseInstant(layout, text, zone === undefined ? UTC : fixedZone(zone, 0));
      if (!parsed.ok) continue;
      // The layouts let single digits pass, TOML does not.
      if (/(?:^|[-:T])[0-9](?:[-:T]|$)/.test(text)) break;
      return timeValue(parsed.value);
    }
    this.#fail(`invalid datetime: ${quote(text)}`);
  }
}

function underscoresFit(text: string): boolean {
  return !/^_|__|_$|_[^0-9a-fA-F]|[^0-9a-fA-F]_/.test(text);
}
