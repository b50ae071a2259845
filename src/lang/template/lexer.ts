// Splits template text into tokens: delimiters, trim markers, comments, literals.
import { quote } from './strconv/quote.ts';
import { showRune } from './strconv/rune.ts';
import type { Token, TokenKind } from './token.ts';
import { KEYWORDS } from './token.ts';

export interface LexerOptions {
  readonly leftDelim: string;
  readonly rightDelim: string;
  /** A function named `break` or `continue` takes the keyword away. */
  readonly breakIsFunction: boolean;
  readonly continueIsFunction: boolean;
}

const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}]$/u;
const SPACES = ' \t\r\n';

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0d || unit === 0x0a;
}

function isAlphaNumeric(code: number): boolean {
  if (code < 0x80) {
    return (
      (code >= 0x61 && code <= 0x7a) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x30 && code <= 0x39) ||
      code === 0x5f
    );
  }
  return LETTER_OR_DIGIT.test(String.fromCodePoint(code));
}

/** Thrown and caught inside the lexer: the token stream ends with an error token. */
class LexicalError extends Error {}

export class Lexer {
  private readonly text: string;
  private readonly options: LexerOptions;
  private pos = 0;
  /** Where the current token starts, and on which line. */
  private start = 0;
  private line = 1;
  /** The first line break at or after `start`; looked up once, however many tokens a line has. */
  private lineBreak: number;
  private insideAction = false;
  private parenDepth = 0;

  constructor(text: string, options: LexerOptions) {
    this.text = text;
    this.options = options;
    this.lineBreak = this.lineBreakFrom(0);
  }

  private lineBreakFrom(at: number): number {
    const found = this.text.indexOf('\n', at);
    return found === -1 ? Infinity : found;
  }

  /** The next token; after the end, or after an error, always the same kind again. */
  next(): Token {
    try {
      return this.insideAction ? this.lexAction() : this.lexText();
    } catch (error) {
      if (!(error instanceof LexicalError)) throw error;
      const token: Token = {
        kind: 'error',
        pos: this.start,
        value: error.message,
        line: this.line,
      };
      this.pos = this.text.length;
      this.start = this.pos;
      return token;
    }
  }

  private emit(kind: TokenKind): Token {
    const token = {
      kind,
      pos: this.start,
      value: this.text.slice(this.start, this.pos),
      line: this.line,
    };
    this.skip();
    return token;
  }

  /** Forgets what was read since the last token, and counts its lines. */
  private skip(): void {
    while (this.lineBreak < this.pos) {
      this.line += 1;
      this.lineBreak = this.lineBreakFrom(this.lineBreak + 1);
    }
    this.start = this.pos;
  }

  private peek(): number {
    return this.text.codePointAt(this.pos) ?? -1;
  }

  private advance(code: number): void {
    this.pos += code > 0xffff ? 2 : 1;
  }

  private accept(valid: string): boolean {
    if (this.pos >= this.text.length || !valid.includes(this.text[this.pos] as string)) {
      return false;
    }
    this.pos += 1;
    return true;
  }

  private acceptRun(valid: string): void {
    while (this.accept(valid));
  }

  private hasLeftTrim(at: number): boolean {
    return this.text[at] === '-' && isSpace(this.text.charCodeAt(at + 1));
  }

  private hasRightTrim(at: number): boolean {
    return isSpace(this.text.charCodeAt(at)) && this.text[at + 1] === '-';
  }

  private atRightDelim(): 'no' | 'plain' | 'trim' {
    const delim = this.options.rightDelim;
    if (this.hasRightTrim(this.pos) && this.text.startsWith(delim, this.pos + 2)) return 'trim';
    return this.text.startsWith(delim, this.pos) ? 'plain' : 'no';
  }

  private lexText(): Token {
    for (;;) {
      const left = this.text.indexOf(this.options.leftDelim, this.pos);
      if (left === -1) {
        this.pos = this.text.length;
        return this.emit(this.pos > this.start ? 'text' : 'eof');
      }
      if (left > this.pos) {
        const token = this.textBefore(left);
        if (token !== undefined) return token;
      }
      const token = this.lexLeftDelim();
      if (token !== undefined) return token;
    }
  }

  /** Text up to an action, without the spaces its trim marker takes away. */
  private textBefore(left: number): Token | undefined {
    let end = left;
    if (this.hasLeftTrim(left + this.options.leftDelim.length)) {
      while (end > this.start && SPACES.includes(this.text[end - 1] as string)) end -= 1;
    }
    this.pos = end;
    const token = end > this.start ? this.emit('text') : undefined;
    this.pos = left;
    this.skip();
    return token;
  }

  private lexLeftDelim(): Token | undefined {
    this.pos += this.options.leftDelim.length;
    const marker = this.hasLeftTrim(this.pos) ? 2 : 0;
    if (this.text.startsWith('/*', this.pos + marker)) {
      this.pos += marker;
      this.skip();
      this.skipComment();
      return undefined;
    }
    const token = this.emit('left-delim');
    this.insideAction = true;
    this.pos += marker;
    this.skip();
    this.parenDepth = 0;
    return token;
  }

  private skipComment(): void {
    const end = this.text.indexOf('*/', this.pos + 2);
    if (end === -1) throw new LexicalError('unclosed comment');
    this.pos = end + 2;
    const delim = this.atRightDelim();
    if (delim === 'no') throw new LexicalError('comment ends before closing delimiter');
    this.passRightDelim(delim);
    this.skip();
  }

  private passRightDelim(delim: 'plain' | 'trim'): void {
    if (delim === 'trim') this.pos += 2;
    this.pos += this.options.rightDelim.length;
    if (delim === 'trim') this.acceptRun(SPACES);
  }

  private lexRightDelim(): Token {
    const trim = this.atRightDelim() === 'trim';
    if (trim) {
      this.pos += 2;
      this.skip();
    }
    this.pos += this.options.rightDelim.length;
    const token = this.emit('right-delim');
    if (trim) {
      this.acceptRun(SPACES);
      this.skip();
    }
    this.insideAction = false;
    return token;
  }

  private lexAction(): Token {
    if (this.atRightDelim() !== 'no') {
      if (this.parenDepth > 0) throw new LexicalError('unclosed left paren');
      return this.lexRightDelim();
    }
    const code = this.peek();
    if (code === -1) throw new LexicalError('unclosed action');
    if (isSpace(code)) return this.lexSpace();
    const char = String.fromCodePoint(code);
    if (char === '.') {
      const next = this.text.charCodeAt(this.pos + 1);
      if (!(next >= 0x30 && next <= 0x39) && this.pos + 1 < this.text.length) {
        this.pos += 1;
        return this.lexName('field');
      }
      return this.lexNumber();
    }
    if (char === '+' || char === '-' || (code >= 0x30 && code <= 0x39)) return this.lexNumber();
    if (isAlphaNumeric(code)) return this.lexWord();
    return this.lexSign(code, char);
  }

  private lexSign(code: number, char: string): Token {
    this.advance(code);
    switch (char) {
      case '=':
        return this.emit('assign');
      case ':':
        if (!this.accept('=')) {
          this.advance(Math.max(0, this.peek()));
          throw new LexicalError('expected :=');
        }
        return this.emit('declare');
      case '|':
        return this.emit('pipe');
      case '"':
        return this.lexQuoted('"', 'string', 'unterminated quoted string');
      case "'":
        return this.lexQuoted("'", 'char-constant', 'unterminated character constant');
      case '`':
        return this.lexRawString();
      case '$':
        return this.atTerminator() ? this.emit('variable') : this.lexName('variable');
      case '(':
        this.parenDepth += 1;
        return this.emit('left-paren');
      case ')':
        this.parenDepth -= 1;
        if (this.parenDepth < 0) throw new LexicalError('unexpected right paren');
        return this.emit('right-paren');
      default:
    }
    if (code > 0x20 && code < 0x7f) return this.emit('char');
    throw new LexicalError(`unrecognized character in action: ${showRune(code)}`);
  }

  private lexSpace(): Token {
    let spaces = 0;
    while (isSpace(this.text.charCodeAt(this.pos))) {
      this.pos += 1;
      spaces += 1;
    }
    // A trim-marked closing delimiter begins with one of the spaces.
    const last = this.pos - 1;
    if (this.hasRightTrim(last) && this.text.startsWith(this.options.rightDelim, last + 2)) {
      this.pos = last;
      if (spaces === 1) return this.lexRightDelim();
    }
    return this.emit('space');
  }

  private passAlphaNumerics(): void {
    for (let code = this.peek(); code !== -1 && isAlphaNumeric(code); code = this.peek()) {
      this.advance(code);
    }
  }

  private atTerminator(): boolean {
    const code = this.peek();
    if (code === -1 || isSpace(code)) return true;
    if (code < 0x80 && '.,|:)('.includes(String.fromCharCode(code))) return true;
    return this.text.startsWith(this.options.rightDelim, this.pos);
  }

  private requireTerminator(): void {
    if (this.atTerminator()) return;
    throw new LexicalError(`bad character ${showRune(this.peek())}`);
  }

  private lexWord(): Token {
    this.passAlphaNumerics();
    this.requireTerminator();
    const word = this.text.slice(this.start, this.pos);
    if (word === 'true' || word === 'false') return this.emit('bool');
    if (!KEYWORDS.has(word)) return this.emit('identifier');
    if (word === 'break' && this.options.breakIsFunction) return this.emit('identifier');
    if (word === 'continue' && this.options.continueIsFunction) return this.emit('identifier');
    return this.emit(word as TokenKind);
  }

  /** A field or variable of which the first character has been read. */
  private lexName(kind: 'field' | 'variable'): Token {
    if (this.atTerminator()) return this.emit(kind === 'field' ? 'dot' : kind);
    this.passAlphaNumerics();
    this.requireTerminator();
    return this.emit(kind);
  }

  private lexQuoted(end: string, kind: TokenKind, problem: string): Token {
    for (;;) {
      const char = this.text[this.pos];
      if (char === undefined || char === '\n') throw new LexicalError(problem);
      this.pos += 1;
      if (char === end) return this.emit(kind);
      if (char !== '\\') continue;
      const escaped = this.text[this.pos];
      if (escaped === undefined || escaped === '\n') throw new LexicalError(problem);
      this.pos += 1;
    }
  }

  private lexRawString(): Token {
    const end = this.text.indexOf('`', this.pos);
    if (end === -1) throw new LexicalError('unterminated raw quoted string');
    this.pos = end + 1;
    return this.emit('raw-string');
  }

  private lexNumber(): Token {
    if (!this.scanNumber()) throw this.badNumber();
    const sign = this.text[this.pos];
    if (sign !== '+' && sign !== '-') return this.emit('number');
    if (!this.scanNumber() || this.text[this.pos - 1] !== 'i') throw this.badNumber();
    return this.emit('complex');
  }

  private badNumber(): LexicalError {
    return new LexicalError(`bad number syntax: ${quote(this.text.slice(this.start, this.pos))}`);
  }

  /** Accepts more than numbers; the parser's conversion rejects the rest. */
  private scanNumber(): boolean {
    this.accept('+-');
    let digits = '0123456789_';
    let exponent = 'eE';
    if (this.accept('0')) {
      if (this.accept('xX')) {
        digits = '0123456789abcdefABCDEF_';
        exponent = 'pP';
      } else if (this.accept('oO')) {
        digits = '01234567_';
        exponent = '';
      } else if (this.accept('bB')) {
        digits = '01_';
        exponent = '';
      }
    }
    this.acceptRun(digits);
    if (this.accept('.')) this.acceptRun(digits);
    if (exponent !== '' && this.accept(exponent)) {
      this.accept('+-');
      this.acceptRun('0123456789_');
    }
    this.accept('i');
    const next = this.peek();
    if (next === -1 || !isAlphaNumeric(next)) return true;
    this.advance(next);
    return false;
  }
}
