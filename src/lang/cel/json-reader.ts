// Reads JSON text without losing numbers: `2.0` is a double, 9223372036854775807 is exact.
import { doubleFrom, intFrom } from './value.ts';
import type { Value } from './value.ts';

/** Deepest nesting that is read. */
const MAX_DEPTH = 500;

/** Reads JSON as Kubernetes does: numbers without point and exponent are ints. Throws SyntaxError. */
export function readJson(text: string): Value {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

class JsonReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  private fail(): SyntaxError {
    return new SyntaxError(`invalid JSON at offset ${this.at}`);
  }

  private next(): RegExpExecArray {
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (match === null) throw this.fail();
    this.at = TOKEN.lastIndex;
    return match;
  }

  /** True where the next token is this one, which is then consumed. */
  private accept(mark: string): boolean {
    const before = this.at;
    if (this.next()[1] === mark) return true;
    this.at = before;
    return false;
  }

  end(): void {
    if (this.text.slice(this.at).trim() !== '') throw this.fail();
  }

  value(depth: number): Value {
    if (depth > MAX_DEPTH) throw new SyntaxError('JSON is nested too deep');
    const [, mark, quoted, number, word] = this.next();
    if (quoted !== undefined) return JSON.parse(quoted) as string;
    if (number !== undefined) return numberValue(number);
    if (word !== undefined) return word === 'null' ? null : word === 'true';
    if (mark === '[') return this.list(depth);
    if (mark === '{') return this.map(depth);
    throw this.fail();
  }

  private list(depth: number): Value {
    const values: Value[] = [];
    if (this.accept(']')) return values;
    do values.push(this.value(depth + 1));
    while (this.accept(','));
    if (!this.accept(']')) throw this.fail();
    return values;
  }

  private map(depth: number): Value {
    const entries: [string, Value][] = [];
    if (this.accept('}')) return {};
    do {
      const quoted = this.next()[2];
      if (quoted === undefined || !this.accept(':')) throw this.fail();
      entries.push([JSON.parse(quoted) as string, this.value(depth + 1)]);
    } while (this.accept(','));
    if (!this.accept('}')) throw this.fail();
    // fromEntries defines own properties, also for a key such as `__proto__`.
    return Object.fromEntries(entries);
  }
}

function numberValue(text: string): Value {
  if (/[.eE]/.test(text)) return doubleFrom(Number(text));
  return intFrom(BigInt(text)) ?? doubleFrom(Number(text));
}
