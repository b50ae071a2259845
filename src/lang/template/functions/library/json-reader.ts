// Reading JSON as Go's encoding/json does: numbers become float64, and errors carry Go's text.
import { toBytes } from '../../bytes.ts';
import { list, map } from '../../value.ts';
import type { GoList, GoMap, Value } from '../../value.ts';
import { quote } from '../../strconv/quote.ts';
import { failure, success } from './result.ts';
import type { Result } from './result.ts';

const MAX_DEPTH = 10_000;

const SPACE_REFUSED = /^(?:in (?!string literal)|after decimal point)/;

class JsonProblem extends Error {}

/** What Go's decoder leaves behind even where it reports an error. */
export interface Decoded {
  readonly value: Value;
  /** The first number out of range; the place in the value holds nil. */
  readonly error?: string;
}

/**
 * Decodes one JSON document into an `interface {}`.
 * @returns a failure with Go's text where the syntax is wrong
 */
export function decodeJson(text: string): Result<Decoded> {
  const reader = new JsonReader(text);
  try {
    const value = reader.document();
    return success(
      reader.rangeError === undefined ? { value } : { value, error: reader.rangeError },
    );
  } catch (error) {
    if (error instanceof JsonProblem) return failure(error.message);
    throw error;
  }
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  rangeError: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Value {
    const value = this.#value();
    this.#skip();
    if (this.#at < this.#text.length) throw this.#unexpected('after top-level value');
    return value;
  }

  #skip(): void {
    while (/^[ \t\r\n]$/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #unexpected(where: string): JsonProblem {
    const code = this.#text.codePointAt(this.#at);
    const char = code === undefined ? undefined : String.fromCodePoint(code);
    if (char !== undefined) return new JsonProblem(`invalid character ${quoteByte(char)} ${where}`);
    // At its end Go feeds the text a blank, which only some places refuse.
    return SPACE_REFUSED.test(where)
      ? new JsonProblem(`invalid character ' ' ${where}`)
      : new JsonProblem('unexpected end of JSON input');
  }

  #value(): Value {
    this.#skip();
    const char = this.#text[this.#at] ?? '';
    switch (char) {
      case '{':
        return this.#nested(() => this.#object());
      case '[':
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      case 't':
        return this.#literal('true', true);
      case 'f':
        return this.#literal('false', false);
      case 'n':
        return this.#literal('null', null);
      default:
        if (char === '-' || isDigit(char)) return this.#number();
        throw this.#unexpected('looking for beginning of value');
    }
  }

  #nested<T>(read: () => T): T {
    this.#depth++;
    if (this.#depth > MAX_DEPTH) throw new JsonProblem('exceeded max depth');
    this.#at++;
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): GoMap {
    const entries = new Map<string, Value>();
    this.#skip();
    if (this.#text[this.#at] === '}') {
      this.#at++;
      return map();
    }
    for (;;) {
      this.#skip();
      if (this.#text[this.#at] !== '"') {
        throw this.#unexpected('looking for beginning of object key string');
      }
      const key = this.#string();
      this.#skip();
      if (this.#text[this.#at] !== ':') throw this.#unexpected('after object key');
      this.#at++;
      entries.set(key, this.#value());
      if (this.#ends('}', 'after object key:value pair')) return map(entries);
    }
  }

  #array(): GoList {
    const items: Value[] = [];
    this.#skip();
    if (this.#text[this.#at] === ']') {
      this.#at++;
      return list(items);
    }
    for (;;) {
      items.push(this.#value());
      if (this.#ends(']', 'after array element')) return list(items);
    }
  }

  /** Reads the closing bracket or the comma before the next element. */
  #ends(close: string, where: string): boolean {
    this.#skip();
    const char = this.#text[this.#at];
    if (char !== close && char !== ',') throw this.#unexpected(where);
    this.#at++;
    return char === close;
  }

  #literal<T>(word: string, value: T): T {
    for (let index = 1; index < word.length; index++) {
      this.#at++;
      if (this.#text[this.#at] !== word[index]) {
        throw this.#unexpected(`in literal ${word} (expecting '${word[index]}')`);
      }
    }
    this.#at++;
    return value;
  }

  #number(): number | null {
    const start = this.#at;
    if (this.#text[this.#at] === '-') this.#at++;
    if (this.#text[this.#at] === '0') this.#at++;
    else this.#digits('in numeric literal');
    if (this.#text[this.#at] === '.') {
      this.#at++;
      this.#digits('after decimal point in numeric literal');
    }
    if (/^[eE]$/.test(this.#text[this.#at] ?? '')) {
      this.#at++;
      if (/^[+-]$/.test(this.#text[this.#at] ?? '')) this.#at++;
      this.#digits('in exponent of numeric literal');
    }
    const text = this.#text.slice(start, this.#at);
    const number = Number(text);
    if (Number.isFinite(number)) return number;
    this.rangeError ??= `json: cannot unmarshal number ${text} into Go value of type float64`;
    return null;
  }

  #digits(where: string): void {
    if (!isDigit(this.#text[this.#at] ?? '')) throw this.#unexpected(where);
    while (isDigit(this.#text[this.#at] ?? '')) this.#at++;
  }

  #string(): string {
    let value = '';
    this.#at++;
    for (let start = this.#at; ; this.#at++) {
      const char = this.#text[this.#at];
      if (char === undefined || char < ' ') throw this.#unexpected('in string literal');
      if (char !== '"' && char !== '\\') continue;
      value += this.#text.slice(start, this.#at);
      if (char === '"') {
        this.#at++;
        // Halves of surrogate pairs and bytes that are no UTF-8 are replaced.
        return value.replace(/\p{Surrogate}/gu, '\ufffd');
      }
      value += this.#escape();
      start = this.#at + 1;
    }
  }

  /** Reads the escape at a backslash and stops on its last character. */
  #escape(): string {
    this.#at++;
    const char = this.#text[this.#at] ?? '';
    if (char === 'u') {
      for (let digit = 0; digit < 4; digit++) {
        this.#at++;
        if (!/^[0-9a-fA-F]$/.test(this.#text[this.#at] ?? '')) {
          throw this.#unexpected('in \\u hexadecimal character escape');
        }
      }
      return String.fromCharCode(Number.parseInt(this.#text.slice(this.#at - 3, this.#at + 1), 16));
    }
    const plain = ESCAPES.get(char);
    if (plain === undefined) throw this.#unexpected('in string escape code');
    return plain;
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['\\', '\\'],
  ['/', '/'],
  ['"', '"'],
]);

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9' && char.length === 1;
}

/** Go looks at bytes: of a longer character it names the first byte, read as Latin-1. */
function quoteByte(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return `'"'`;
  const [byte = 0] = toBytes(char);
  return `'${quote(String.fromCharCode(char < '\x80' ? char.charCodeAt(0) : byte)).slice(1, -1)}'`;
}
