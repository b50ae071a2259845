// Reads JSON text as Go's encoding/json decodes it into interface{}, in either number mode.
import { integer } from './value.ts';
import type { Value } from './value.ts';
import { GoList, GoMap } from './value.ts';
import { INT64 } from './type.ts';

/** Whether integer literals become float64 (encoding/json) or int64 (Kubernetes, Helm's --set). */
export type NumberMode = 'float64' | 'int64';

/** Go refuses documents nested deeper than this. */
const MAX_DEPTH = 10_000;

/** JSON text that cannot be read; the message names the offset. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** @throws JsonError for text that is no JSON */
export function parseJson(text: string, numbers: NumberMode): Value {
  return new JsonReader(text, numbers).document();
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const PLAIN_STRING = /"([^"\\\x00-\x1f]*)"/y;
const ANY_STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\r\n]*/y;
const LONE = /\p{Surrogate}/gu;
const MIN_INT64 = -(1n << 63n);
const MAX_INT64 = (1n << 63n) - 1n;

class JsonReader {
  private readonly text: string;
  private readonly numbers: NumberMode;
  private at = 0;
  private depth = 0;

  constructor(text: string, numbers: NumberMode) {
    this.text = text;
    this.numbers = numbers;
  }

  document(): Value {
    try {
      const value = this.value();
      this.space();
      if (this.at < this.text.length) this.fail('text after the value');
      return value;
    } catch (error) {
      if (error instanceof RangeError) return this.fail('nested too deeply');
      throw error;
    }
  }

  private fail(problem: string): never {
    throw new JsonError(`invalid JSON at offset ${this.at}: ${problem}`);
  }

  private space(): void {
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.at = SPACE.lastIndex;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at = pattern.lastIndex;
    return match;
  }

  private take(char: string): boolean {
    this.space();
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private value(): Value {
    this.space();
    switch (this.text[this.at]) {
      case '{':
        return this.nested(() => this.object());
      case '[':
        return this.nested(() => this.array());
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private nested<T>(read: () => T): T {
    this.at += 1;
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.fail('nested too deeply');
    const result = read();
    this.depth -= 1;
    return result;
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail('unknown word');
    this.at += word.length;
    return value;
  }

  private object(): GoMap {
    const entries = new Map<string, Value>();
    if (this.take('}')) return new GoMap(entries);
    do {
      this.space();
      const key = this.string();
      if (!this.take(':')) this.fail('expected a colon');
      entries.set(key, this.value());
    } while (this.take(','));
    if (!this.take('}')) this.fail('expected a comma or a closing brace');
    return new GoMap(entries);
  }

  private array(): GoList {
    const items: Value[] = [];
    if (this.take(']')) return new GoList(items);
    do items.push(this.value());
    while (this.take(','));
    if (!this.take(']')) this.fail('expected a comma or a closing bracket');
    return new GoList(items);
  }

  private string(): string {
    const plain = this.match(PLAIN_STRING);
    const text =
      plain === null
        ? (JSON.parse(this.match(ANY_STRING)?.[0] ?? this.fail('expected a string')) as string)
        : (plain[1] ?? '');
    return wellFormed(text);
  }

  private number(): Value {
    const match = this.match(NUMBER);
    if (match === null) return this.fail('expected a value');
    const [literal, fraction, exponent] = match;
    if (this.numbers === 'int64' && fraction === undefined && exponent === undefined) {
      const exact = BigInt(literal);
      if (exact >= MIN_INT64 && exact <= MAX_INT64) return integer(INT64, exact);
    }
    const value = Number(literal);
    return Number.isFinite(value) ? value : this.fail('number out of range');
  }
}

/** Lone surrogates are no characters: Go reads them as U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(LONE, '\ufffd');
}
