// Text to tokens, accepting exactly what yaml/v2 accepts: the YAML 1.1 of libyaml, which Kubernetes and Helm read.
//
// js-yaml reads YAML 1.2: it refuses a `]` in column 0 and `"\'"`, and takes tabs, `"\/"` and `[::]`, where Go does
// the opposite. A key is recognised by the `:` that follows it, so tokens wait in a queue until it is clear whether
// the oldest of them begins a key.
import { BOM, CR, LF, NUL, SPACE, TAB, isBlankOrEnd, isBreak, isBreakOrEnd } from './characters.ts';
import { GoYamlFault } from './go-fault.ts';
import type { GoFaultPlace } from './go-fault.ts';
import { scanBlockScalar } from './scan-block-scalar.ts';
import { scanPlainScalar } from './scan-plain-scalar.ts';
import { scanAnchorName, scanDirective, scanTag } from './scan-property.ts';
import { scanQuotedScalar } from './scan-quoted-scalar.ts';
import { TOKEN } from './token.ts';
import type { Token, TokenKind } from './token.ts';

/** A place where a key may have begun that has no `:` yet. */
interface SimpleKey {
  possible: boolean;
  /** Its first token stays in the queue until the matter is decided. */
  waits: boolean;
  /** Only a key can stand there: its `:` must come. */
  required: boolean;
  /** Number of its first token since the beginning of the text. */
  token: number;
  offset: number;
  line: number;
  column: number;
}

/** A key's `:` must follow on the same line, within so many characters. */
const MAX_KEY_LENGTH = 1024;

export class Scanner {
  /** The text with a NUL behind it, so that reading one character ahead needs no check. */
  readonly text: string;
  position = 0;
  line = 0;
  lineStart = 0;
  /** Column of the innermost block collection; -1 outside of any. */
  indent = -1;
  /** Depth of `[` and `{`. */
  flowLevel = 0;
  /** A key may begin here: at the start of a line, after `- `, in `[` and `{`. */
  keyAllowed = true;
  private readonly indents: number[] = [];
  private readonly keys: SimpleKey[] = [noKey(0)];
  private tokens: Token[] = [];
  private head = 0;
  private taken = 0;
  private ended = false;

  constructor(text: string) {
    this.text = `${text}\0`;
  }

  /** The next token, without taking it. */
  peek(): Token {
    while (this.needsMore()) this.fetch();
    return this.tokens[this.head] as Token;
  }

  /** Takes the token that `peek` showed. */
  skip(): void {
    this.head++;
    this.taken++;
    if (this.head !== this.tokens.length) return;
    this.tokens.length = 0;
    this.head = 0;
  }

  get column(): number {
    return this.position - this.lineStart;
  }

  here(): GoFaultPlace {
    return { offset: this.position, line: this.line };
  }

  fail(problem: string, context: GoFaultPlace | undefined): never {
    throw new GoYamlFault({ by: 'scanner', problem, at: this.here(), context });
  }

  /** Steps over one line break; CR LF is one. */
  skipBreak(): void {
    const crlf =
      this.text.charCodeAt(this.position) === CR && this.text.charCodeAt(this.position + 1) === LF;
    this.position += crlf ? 2 : 1;
    this.line++;
    this.lineStart = this.position;
  }

  /** Steps over one line break and returns what stands for it in a text. */
  takeBreak(): string {
    const code = this.text.charCodeAt(this.position);
    this.skipBreak();
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  /** True at `---` or `...` in column 0. */
  atDocumentMark(): boolean {
    if (this.position !== this.lineStart) return false;
    const { text, position } = this;
    const code = text.charCodeAt(position);
    if (code !== 0x2d && code !== 0x2e) return false;
    return (
      text.charCodeAt(position + 1) === code &&
      text.charCodeAt(position + 2) === code &&
      isBlankOrEnd(text.charCodeAt(position + 3))
    );
  }

  private needsMore(): boolean {
    if (this.head === this.tokens.length) return true;
    for (const key of this.keys) {
      if (key.possible && key.waits && key.token === this.taken) return this.isStillKey(key);
    }
    return false;
  }

  private isStillKey(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line === this.line && key.offset + MAX_KEY_LENGTH >= this.position) return true;
    if (key.required) this.fail("could not find expected ':'", key);
    key.possible = false;
    return false;
  }

  private fetch(): void {
    if (this.ended) return;
    this.skipSpace();
    this.unroll(this.column);
    const code = this.text.charCodeAt(this.position);
    if (code === NUL && this.position === this.text.length - 1) this.fetchEnd();
    else if (this.position === this.lineStart && code === 0x25) this.fetchDirective();
    else if (this.atDocumentMark()) this.fetchDocumentMark(code);
    else this.fetchContent(code, isBlankOrEnd(this.text.charCodeAt(this.position + 1)));
  }

  private fetchContent(code: number, blankAhead: boolean): void {
    switch (code) {
      case 0x5b: // [
        this.openFlow(TOKEN.FLOW_SEQUENCE);
        return;
      case 0x7b: // {
        this.openFlow(TOKEN.FLOW_MAPPING);
        return;
      case 0x5d: // ]
        this.closeFlow(TOKEN.FLOW_SEQUENCE_END);
        return;
      case 0x7d: // }
        this.closeFlow(TOKEN.FLOW_MAPPING_END);
        return;
      case 0x2c: // ,
        this.dropKey();
        this.keyAllowed = true;
        this.indicator(TOKEN.FLOW_ENTRY);
        return;
      case 0x2d: // -
        if (blankAhead) this.fetchBlockEntry();
        else this.fetchPlain();
        return;
      case 0x3f: // ?
        if (blankAhead || this.flowLevel > 0) this.fetchKey();
        else this.fetchPlain();
        return;
      case 0x3a: // :
        if (blankAhead || this.flowLevel > 0) this.fetchValue();
        else this.fetchPlain();
        return;
      case 0x2a: // *
        this.fetchProperty(TOKEN.ALIAS);
        return;
      case 0x26: // &
        this.fetchProperty(TOKEN.ANCHOR);
        return;
      case 0x21: // !
        this.fetchProperty(TOKEN.TAG);
        return;
      case 0x27: // '
      case 0x22: // "
        this.fetchScalar();
        return;
      case 0x7c: // |
      case 0x3e: // >
        if (this.flowLevel > 0) break;
        this.fetchBlockScalar();
        return;
      case TAB:
      case 0x23: // #
      case 0x25: // %
      case 0x40: // @
      case 0x60: // `
        break;
      default:
        this.fetchPlain();
        return;
    }
    this.fail('found character that cannot start any token', this.here());
  }

  private push(kind: TokenKind, offset: number, text = '', suffix = ''): void {
    const { line } = this;
    this.tokens.push({ kind, offset, line, text, suffix, plain: false });
  }

  /** Puts a token before the one with the given number. */
  private insert(number: number, kind: TokenKind, at: GoFaultPlace): void {
    const { offset, line } = at;
    const token = { kind, offset, line, text: '', suffix: '', plain: false };
    const index = this.head + number - this.taken;
    this.tokens.push(token);
    // The key was taken already, which Go does not wait for either: the token stays where it is now.
    if (number < this.taken) return;
    for (let from = this.tokens.length - 1; from > index; from--) {
      this.tokens[from] = this.tokens[from - 1] as Token;
    }
    this.tokens[index] = token;
  }

  private indicator(kind: TokenKind): void {
    const { position } = this;
    this.position++;
    this.push(kind, position);
  }

  private nextNumber(): number {
    return this.taken + this.tokens.length - this.head;
  }

  private saveKey(): void {
    if (!this.keyAllowed) return;
    this.dropKey();
    const key = this.keys[this.keys.length - 1] as SimpleKey;
    key.possible = true;
    key.waits = true;
    key.required = this.flowLevel === 0 && this.indent === this.column;
    key.token = this.nextNumber();
    key.offset = this.position;
    key.line = this.line;
    key.column = this.column;
  }

  private dropKey(): void {
    const key = this.keys[this.keys.length - 1] as SimpleKey;
    if (!key.possible) return;
    if (key.required) this.fail("could not find expected ':'", key);
    key.possible = false;
  }

  /** Opens a block collection when the column lies deeper than the one around it. */
  private roll(column: number, number: number, kind: TokenKind, at: GoFaultPlace): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    this.insert(number, kind, at);
  }

  /** Closes the block collections that lie deeper than a column. */
  private unroll(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push(TOKEN.BLOCK_END, this.position);
      this.indent = this.indents.pop() ?? -1;
    }
  }

  /** White space, comments and line breaks. A tab is white space only where no key may begin. */
  private skipSpace(): void {
    const { text } = this;
    for (;;) {
      if (this.position === this.lineStart && text.charCodeAt(this.position) === BOM) {
        this.position++;
        this.lineStart++;
      }
      const tabs = this.flowLevel > 0 || !this.keyAllowed;
      let code = text.charCodeAt(this.position);
      while (code === SPACE || (code === TAB && tabs)) code = text.charCodeAt(++this.position);
      if (code === 0x23) {
        while (!isBreakOrEnd(code)) code = text.charCodeAt(++this.position);
      }
      if (!isBreak(code)) return;
      this.skipBreak();
      if (this.flowLevel === 0) this.keyAllowed = true;
    }
  }

  private fetchEnd(): void {
    // The end counts as the start of a new line.
    if (this.position !== this.lineStart) {
      this.line++;
      this.lineStart = this.position;
    }
    this.unroll(-1);
    this.dropKey();
    this.keyAllowed = false;
    this.ended = true;
    this.push(TOKEN.STREAM_END, this.position);
  }

  private fetchDirective(): void {
    this.unroll(-1);
    this.dropKey();
    this.keyAllowed = false;
    const offset = this.position;
    const { name, value } = scanDirective(this);
    this.push(TOKEN.DIRECTIVE, offset, name, value);
  }

  private fetchDocumentMark(code: number): void {
    this.unroll(-1);
    this.dropKey();
    this.keyAllowed = false;
    const offset = this.position;
    this.position += 3;
    this.push(code === 0x2d ? TOKEN.DOCUMENT_START : TOKEN.DOCUMENT_END, offset);
  }

  private openFlow(kind: TokenKind): void {
    this.saveKey();
    this.keys.push(noKey(this.nextNumber()));
    this.flowLevel++;
    this.keyAllowed = true;
    this.indicator(kind);
  }

  private closeFlow(kind: TokenKind): void {
    this.dropKey();
    if (this.flowLevel > 0) {
      this.flowLevel--;
      const inner = this.keys.pop();
      const outer = this.keys[this.keys.length - 1] as SimpleKey;
      // Go forgets to wait for the colon behind an empty [] or {}.
      if (inner?.token === outer.token) outer.waits = false;
    }
    this.keyAllowed = false;
    this.indicator(kind);
  }

  private fetchBlockEntry(): void {
    if (this.flowLevel === 0) {
      if (!this.keyAllowed) {
        this.fail('block sequence entries are not allowed in this context', this.here());
      }
      this.roll(this.column, this.nextNumber(), TOKEN.BLOCK_SEQUENCE, this.here());
    }
    this.dropKey();
    this.keyAllowed = true;
    this.indicator(TOKEN.BLOCK_ENTRY);
  }

  private fetchKey(): void {
    if (this.flowLevel === 0) {
      if (!this.keyAllowed) this.fail('mapping keys are not allowed in this context', this.here());
      this.roll(this.column, this.nextNumber(), TOKEN.BLOCK_MAPPING, this.here());
    }
    this.dropKey();
    this.keyAllowed = this.flowLevel === 0;
    this.indicator(TOKEN.KEY);
  }

  private fetchValue(): void {
    const key = this.keys[this.keys.length - 1] as SimpleKey;
    if (this.isStillKey(key)) {
      this.insert(key.token, TOKEN.KEY, key);
      this.roll(key.column, key.token, TOKEN.BLOCK_MAPPING, key);
      key.possible = false;
      this.keyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.keyAllowed) {
          this.fail('mapping values are not allowed in this context', this.here());
        }
        this.roll(this.column, this.nextNumber(), TOKEN.BLOCK_MAPPING, this.here());
      }
      this.keyAllowed = this.flowLevel === 0;
    }
    this.indicator(TOKEN.VALUE);
  }

  private fetchProperty(kind: TokenKind): void {
    this.saveKey();
    this.keyAllowed = false;
    const offset = this.position;
    if (kind === TOKEN.TAG) {
      const { handle, suffix } = scanTag(this);
      this.push(kind, offset, handle, suffix);
    } else this.push(kind, offset, scanAnchorName(this));
  }

  private fetchScalar(): void {
    this.saveKey();
    this.keyAllowed = false;
    const { position: offset, line } = this;
    const text = scanQuotedScalar(this);
    this.tokens.push({
      kind: TOKEN.SCALAR,
      offset,
      line,
      text,
      suffix: '',
      plain: false,
    });
  }

  private fetchBlockScalar(): void {
    this.dropKey();
    this.keyAllowed = true;
    const { position: offset, line } = this;
    const text = scanBlockScalar(this);
    this.tokens.push({
      kind: TOKEN.SCALAR,
      offset,
      line,
      text,
      suffix: '',
      plain: false,
    });
  }

  private fetchPlain(): void {
    this.saveKey();
    this.keyAllowed = false;
    const { position: offset, line } = this;
    const text = scanPlainScalar(this);
    this.tokens.push({
      kind: TOKEN.SCALAR,
      offset,
      line,
      text,
      suffix: '',
      plain: true,
    });
  }
}

function noKey(token: number): SimpleKey {
  return { possible: false, waits: false, required: false, token, offset: 0, line: 0, column: 0 };
}
