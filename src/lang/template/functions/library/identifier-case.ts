// snakecase, kebabcase and camelcase as xstrings 1.5 cuts and joins words (go-templates §6):
// `HTTPServer2Go` is `http_server2_go`.
import { isSpace, isUpper, lowerRune, upperRune } from './letter-case.ts';

type WordKind = 'number' | 'upper' | 'letters' | 'connector' | 'punctuation' | 'other' | 'invalid';

interface Word {
  readonly kind: WordKind;
  readonly cells: readonly Cell[];
}

/** A rune together with the invalid bytes before it, which share its word. */
interface Cell {
  readonly rune: string;
  readonly text: string;
}

function isConnector(rune: string): boolean {
  return rune === '-' || rune === '_' || isSpace(rune);
}

function isLetter(rune: string): boolean {
  if (!/\p{L}/u.test(rune)) return false;
  const code = rune.codePointAt(0) ?? 0;
  // Common and rare Chinese characters are no alphabet.
  const chinese =
    (code >= 0x4e00 && code <= 0x9fcc) ||
    (code >= 0x3400 && code <= 0x4d85) ||
    (code >= 0x20000 && code <= 0x2b81d);
  return !chinese;
}

function kindOf(rune: string): WordKind {
  if (rune === '') return 'invalid';
  if (isConnector(rune)) return 'connector';
  if (/\p{P}/u.test(rune)) return 'punctuation';
  if (isUpper(rune)) return 'upper';
  if (isLetter(rune)) return 'letters';
  return /\p{N}/u.test(rune) ? 'number' : 'other';
}

function cellsOf(text: string): readonly Cell[] {
  const cells: Cell[] = [];
  let skipped = '';
  for (const rune of text) {
    if (rune === '\ufffd' || /\p{Surrogate}/u.test(rune)) {
      skipped += rune;
      continue;
    }
    cells.push({ rune, text: skipped + rune });
    skipped = '';
  }
  // Invalid bytes at the end go with the last word.
  if (skipped !== '') cells.push({ rune: cells.at(-1)?.rune ?? '', text: skipped });
  return cells;
}

function wordsOf(text: string): readonly Word[] {
  const cells = cellsOf(text);
  const words: Word[] = [];
  for (let start = 0; start < cells.length;) {
    const kind = kindOf(cells[start]?.rune ?? '');
    const end = kind === 'upper' ? upperEnd(cells, start) : runEnd(cells, start + 1, kind);
    words.push({ kind, cells: cells.slice(start, end) });
    start = end;
  }
  return words;
}

function runEnd(cells: readonly Cell[], from: number, kind: WordKind): number {
  let end = from;
  while (end < cells.length && belongs(cells[end]?.rune ?? '', kind)) end++;
  return end;
}

function belongs(rune: string, kind: WordKind): boolean {
  // Dashes and underscores are punctuation, too: behind other punctuation they go on with it.
  return kindOf(rune) === kind || (kind === 'punctuation' && /\p{P}/u.test(rune));
}

/** Capitals stay together, but the last one before a small letter starts the next word. */
function upperEnd(cells: readonly Cell[], start: number): number {
  const next = kindOf(cells[start + 1]?.rune ?? '');
  if (next === 'letters') return runEnd(cells, start + 1, 'letters');
  if (next !== 'upper') return start + 1;
  const end = runEnd(cells, start + 1, 'upper');
  const following = cells[end]?.rune;
  return following !== undefined && isLetter(following) ? end - 1 : end;
}

/** Small words joined by `connector`; numbers stay with the word they follow. */
export function toConnectedCase(text: string, connector: '_' | '-'): string {
  return new WordJoiner(wordsOf(text), connector).join();
}

class WordJoiner {
  readonly #words: readonly Word[];
  readonly #connector: string;
  #at = 0;
  #joined = '';

  constructor(words: readonly Word[], connector: string) {
    this.#words = words;
    this.#connector = connector;
  }

  join(): string {
    while (this.#at < this.#words.length - 1) {
      const word = this.#take();
      if (word.kind !== 'connector') this.#write(word);
      switch (word.kind) {
        case 'number':
          this.#takeTail();
          break;
        case 'connector':
          this.#write(word);
          break;
        case 'punctuation':
          break;
        default:
          this.#afterWord();
      }
    }
    if (this.#at < this.#words.length) this.#write(this.#take());
    return this.#joined;
  }

  #take(): Word {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new Error('no word left');
    return word;
  }

  #nextIs(...kinds: readonly WordKind[]): boolean {
    return kinds.includes(this.#words[this.#at]?.kind ?? 'invalid');
  }

  #connect(...unless: readonly WordKind[]): void {
    if (!this.#nextIs(...unless)) this.#joined += this.#connector;
  }

  /** Small letters and digits after a number belong to it. */
  #takeTail(): void {
    while (this.#nextIs('letters', 'number')) this.#write(this.#take());
    this.#connect('invalid', 'punctuation', 'connector');
  }

  #afterWord(): void {
    if (!this.#nextIs('number')) {
      this.#connect('connector', 'punctuation');
      return;
    }
    // A number at the very end is written by the caller.
    if (this.#at === this.#words.length - 1) return;
    const number = this.#take();
    if (!this.#nextIs('letters')) {
      this.#write(number);
      this.#connect('connector', 'punctuation');
      return;
    }
    this.#joined += this.#connector;
    this.#write(number);
    this.#takeTail();
  }

  #write(word: Word): void {
    for (const cell of word.cells) {
      if (word.kind === 'connector') this.#joined += this.#connector;
      else this.#joined += word.kind === 'upper' ? lowerRune(cell.rune) : cell.text;
    }
  }
}

/** Words without connectors, each with a capital; connectors at the ends and in pairs survive. */
export function toPascalCase(text: string): string {
  const runes = Array.from(text.replace(/\p{Surrogate}/gu, '\ufffd'));
  let at = 0;
  let joined = '';
  while (at < runes.length && isConnector(runes[at] ?? '')) joined += runes[at++];
  const first = runes[at++];
  // Nothing but connectors: the original writes the last one twice.
  if (first === undefined) return joined + (runes.at(-1) ?? '');
  // True while capitals follow a capital: all but the first become small.
  let shouting = isUpper(first);
  let held = upperRune(first);
  for (; at < runes.length; at++) {
    const rune = runes[at] ?? '';
    let mapped = rune;
    if (isConnector(held) && !isConnector(rune)) {
      shouting = isUpper(rune);
      mapped = upperRune(rune);
    } else {
      if (!isConnector(held) && shouting) {
        if (isUpper(rune)) mapped = lowerRune(rune);
        else shouting = false;
      }
      joined += held;
    }
    held = mapped;
  }
  return joined + held;
}
