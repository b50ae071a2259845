// Puts YAML down the way Go's emitter does: indentation, styles, escapes, folds. yaml/v2 and yaml/v3 share it.
//
// Rules: go-templates §7, measured against sigs.k8s.io/yaml 1.6 and yaml/v3. The emitter of both is descended from
// libyaml, whose state is two flags: is the last thing written white space, and is it nothing but indentation.

export type ScalarWish = 'plain' | 'double' | 'literal';

export interface EmitterDialect {
  /** Column after which text is folded at the next space; Infinity for never. */
  readonly width: number;
  /** Lists under a key start in the key's own column (v2) or two further in (v3). */
  readonly indentLists: boolean;
  /** A tab forbids the literal style (v2). */
  readonly tabIsSpecial: boolean;
}

interface ScalarTraits {
  /** Holds a line break of any kind. */
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

const STEP = 2;
const MAX_SIMPLE_KEY_BYTES = 128;
const BOM = 0xfeff;

/** Text without any character that the rules below look at: nearly every string of a manifest. */
const HARMLESS = /^[A-Za-z0-9_/.$(^~][A-Za-z0-9_/.$()^~+=;*!?<>&|-]*$/u;

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
]);

/** A pen with a position. One per document. */
export class GoEmitter {
  private readonly dialect: EmitterDialect;
  private text = '';
  private column = 0;
  /** The last character is white space, or the text is empty. */
  private whitespace = true;
  /** The line holds nothing but indentation and indicators so far. */
  private indention = true;

  constructor(dialect: EmitterDialect) {
    this.dialect = dialect;
  }

  /** Ends the document and returns its text. */
  finish(): string {
    this.startLine(0);
    return this.text;
  }

  /** The column of a collection inside one at `indent` (-1 for the root). */
  innerIndent(indent: number): number {
    return indent < 0 ? 0 : indent + STEP;
  }

  /** The column of a list that is the value of a key at `indent`. */
  listIndent(indent: number): number {
    const compact = indent >= 0 && !this.indention && !this.dialect.indentLists;
    return compact ? indent : this.innerIndent(indent);
  }

  startLine(indent: number): void {
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace)) {
      this.lineBreak();
    }
    if (this.column < indent) {
      this.text += ' '.repeat(indent - this.column);
      this.column = indent;
    }
    this.whitespace = true;
    this.indention = true;
  }

  /** A `-`, or the `?` and `:` of a key that does not fit on one line: what follows may stand beside it. */
  bullet(mark: '-' | '?' | ':'): void {
    this.indicator(mark);
  }

  /** The `:` after an ordinary key. */
  colon(): void {
    this.text += ':';
    this.column++;
    this.whitespace = false;
    this.indention = false;
  }

  /** `[]` or `{}`. */
  empty(mark: '[]' | '{}'): void {
    this.indicator(mark);
    this.indention = false;
  }

  /** Text that needs no analysis: numbers, booleans, null. */
  word(word: string): void {
    this.indicator(word);
    this.indention = false;
  }

  /** True when a key may stand before its colon on one line. */
  isSimpleKey(key: string): boolean {
    if (HARMLESS.test(key)) return key.length <= MAX_SIMPLE_KEY_BYTES;
    return !analyze(key, this.dialect).multiline && utf8Length(key) <= MAX_SIMPLE_KEY_BYTES;
  }

  /**
   * @param wish the style that the content asks for; the emitter takes the next one that can carry it
   * @param indent of the collection around it
   * @param simpleKey a key on one line: never folded
   */
  scalar(text: string, wish: ScalarWish, indent: number, simpleKey: boolean): void {
    if (wish === 'plain' && HARMLESS.test(text) && !text.startsWith('...')) {
      this.word(text);
      return;
    }
    const inner = indent < 0 ? STEP : indent + STEP;
    switch (this.styleOf(text, wish, simpleKey)) {
      case 'plain':
        this.plain(text, inner, !simpleKey);
        break;
      case 'single':
        this.single(text, inner, !simpleKey);
        break;
      case 'literal':
        this.literal(text, inner);
        break;
      case 'double':
        this.double(text, inner, !simpleKey);
    }
  }

  private styleOf(
    text: string,
    wish: ScalarWish,
    simpleKey: boolean,
  ): 'plain' | 'single' | 'double' | 'literal' {
    const traits = analyze(text, this.dialect);
    if (wish === 'literal') return traits.block && !simpleKey ? 'literal' : 'double';
    if (wish === 'double' || !traits.single) return 'double';
    return traits.plain ? 'plain' : 'single';
  }

  private indicator(mark: string): void {
    if (!this.whitespace) {
      this.text += ' ';
      this.column++;
    }
    this.text += mark;
    this.column += mark.length;
    this.whitespace = false;
  }

  private lineBreak(): void {
    this.text += '\n';
    this.column = 0;
    this.indention = true;
  }

  private put(character: string): void {
    this.text += character;
    this.column++;
  }

  /** A break inside a scalar: a line feed starts a line of ours, the Unicode ones are copied. */
  private copyBreak(character: string): void {
    this.text += character;
    this.column = 0;
    this.indention = true;
  }

  private plain(text: string, indent: number, folds: boolean): void {
    this.indicator('');
    this.flow(text, indent, folds, false);
    this.whitespace = false;
    this.indention = false;
  }

  private single(text: string, indent: number, folds: boolean): void {
    this.indicator("'");
    this.indention = false;
    this.flow(text, indent, folds, true);
    this.put("'");
    this.whitespace = false;
    this.indention = false;
  }

  /** Plain and single-quoted text. A fold replaces one single space behind the width; runs of spaces stay. */
  private flow(text: string, indent: number, folds: boolean, quoted: boolean): void {
    let spaces = false;
    let breaks = false;
    for (let index = 0; index < text.length; index++) {
      const character = text[index] ?? '';
      if (character === ' ') {
        const inside = !quoted || (index > 0 && index < text.length - 1);
        const wide = folds && !spaces && this.column > this.dialect.width;
        if (wide && inside && text[index + 1] !== ' ') this.startLine(indent);
        else this.put(character);
        spaces = true;
      } else if (isBreak(character)) {
        if (!breaks && character === '\n') this.lineBreak();
        this.copyBreak(character);
        breaks = true;
      } else {
        if (breaks) this.startLine(indent);
        if (quoted && character === "'") this.put("'");
        this.put(character);
        this.indention = false;
        spaces = false;
        breaks = false;
      }
    }
  }

  private double(text: string, indent: number, folds: boolean): void {
    this.indicator('"');
    this.indention = false;
    // Go asks whether the *text* starts with a byte order mark where it means the character: all is escaped then.
    const escapeAll = text.codePointAt(0) === BOM;
    let spaces = false;
    for (let index = 0; index < text.length; index++) {
      const code = text.codePointAt(index) ?? 0;
      if (escapeAll || code === 0x22 || code === 0x5c || !isPrintable(code) || isBreakCode(code)) {
        const escaped = escape(code);
        this.text += escaped;
        this.column += escaped.length;
        if (code > 0xffff) index++;
        spaces = false;
      } else if (code === 0x20) {
        const inside = index > 0 && index < text.length - 1;
        if (folds && !spaces && inside && this.column > this.dialect.width) {
          this.startLine(indent);
          if (text[index + 1] === ' ') this.put('\\');
        } else this.put(' ');
        spaces = true;
      } else {
        this.put(text[index] ?? '');
        spaces = false;
      }
    }
    this.put('"');
    this.whitespace = false;
    this.indention = false;
  }

  private literal(text: string, indent: number): void {
    const hint = text.startsWith(' ') || isBreak(text[0] ?? '') ? String(STEP) : '';
    const last = isBreak(text.at(-1) ?? '');
    const kept = last && (text.length === 1 || isBreak(text.at(-2) ?? ''));
    const chomp = kept ? '+' : last ? '' : '-';
    this.indicator(`|${hint}${chomp}`);
    this.lineBreak();
    this.whitespace = true;
    let breaks = true;
    for (const character of text) {
      if (isBreak(character)) {
        this.copyBreak(character);
        breaks = true;
        continue;
      }
      if (breaks) this.startLine(indent);
      this.put(character);
      this.indention = false;
      breaks = false;
    }
  }
}

function isBreak(character: string): boolean {
  return isBreakCode(character.charCodeAt(0));
}

function isBreakCode(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** What Go writes as it is; characters beyond U+FFFF are not among them. */
function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= 0x20 || code === 0x0a;
  if (code < 0xa0 || code > 0xfffd) return false;
  return code !== BOM && (code < 0xd800 || code > 0xdfff);
}

function escape(code: number): string {
  const short = SHORT_ESCAPES.get(code);
  if (short !== undefined) return `\\${short}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

const FIRST_INDICATORS = new Set('#,[]{}&*!|>\'"%@`');

/** Which styles can carry a text without changing it. */
function analyze(text: string, dialect: EmitterDialect): ScalarTraits {
  if (text === '') return { multiline: false, plain: true, single: true, block: false };
  let indicators = text.startsWith('---') || text.startsWith('...');
  let special = false;
  let tab = false;
  let multiline = false;
  let breakSpace = false;
  let spaceBreak = false;
  let previous: 'space' | 'break' | 'other' = 'other';
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    indicators ||= isIndicator(text, index);
    if (code === 0x09 && !dialect.tabIsSpecial) tab = true;
    else if (!isPrintable(code)) special = true;
    if (code === 0x20) {
      if (previous === 'break') breakSpace = true;
      previous = 'space';
    } else if (isBreakCode(code)) {
      multiline = true;
      if (previous === 'space') spaceBreak = true;
      previous = 'break';
    } else previous = 'other';
  }
  const edge = isEdge(text[0] ?? '') || isEdge(text.at(-1) ?? '');
  const escaped = spaceBreak || special;
  return {
    multiline,
    plain: !(edge || multiline || indicators || tab || escaped || breakSpace),
    single: !(breakSpace || escaped || tab),
    block: !escaped && !text.endsWith(' '),
  };
}

function isEdge(character: string): boolean {
  return character === ' ' || isBreak(character);
}

/** A character that would be read as punctuation of a block. */
function isIndicator(text: string, index: number): boolean {
  const character = text[index] ?? '';
  const next = text[index + 1];
  const blankAhead = next === undefined || next === ' ' || next === '\t';
  if (character === ':') return blankAhead;
  if (index === 0) {
    if (character === '?' || character === '-') return blankAhead;
    return FIRST_INDICATORS.has(character);
  }
  if (character !== '#') return false;
  const before = text[index - 1] ?? '';
  return before === ' ' || before === '\t' || before === '\0' || isBreak(before);
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
