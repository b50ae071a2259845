// Tokens to events, document by document, with yaml/v2's grammar and its messages.
import { EVENT } from './event.ts';
import type { EventKind, YamlEvent } from './event.ts';
import { GoYamlFault } from './go-fault.ts';
import { Scanner } from './scanner.ts';
import { TOKEN } from './token.ts';
import type { Token, TokenKind } from './token.ts';

interface Properties {
  readonly start: Token;
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
}

const YAML_TAG_PREFIX = 'tag:yaml.org,2002:';
const DEFAULT_HANDLES: ReadonlyMap<string, string> = new Map([
  ['!', '!'],
  ['!!', YAML_TAG_PREFIX],
]);

/** Reads one document after the other; every method throws `GoYamlFault` at the first fault. */
export class Parser {
  private readonly scanner: Scanner;
  private readonly maxDepth: number;
  private depth = 0;
  private first = true;
  private events: YamlEvent[] = [];
  private handles: Map<string, string> = new Map();

  constructor(text: string, maxDepth: number) {
    this.scanner = new Scanner(text);
    this.maxDepth = maxDepth;
  }

  /**
   * Events of the next document, or undefined at the end of the text. Like Go it does not look at what follows the
   * document; the next call does, and fails if it is not the beginning of another one.
   */
  next(): readonly YamlEvent[] | undefined {
    const { scanner } = this;
    this.events = [];
    this.handles = new Map(DEFAULT_HANDLES);
    if (!this.first) while (scanner.peek().kind === TOKEN.DOCUMENT_END) scanner.skip();
    const token = scanner.peek();
    if (token.kind === TOKEN.STREAM_END) return undefined;
    const implicit =
      this.first && token.kind !== TOKEN.DIRECTIVE && token.kind !== TOKEN.DOCUMENT_START;
    this.first = false;
    if (implicit) this.node(true, false);
    else {
      this.directives();
      const start = scanner.peek();
      if (start.kind !== TOKEN.DOCUMENT_START) this.fail('did not find expected <document start>');
      scanner.skip();
      if (scanner.peek().kind <= TOKEN.DOCUMENT_END) this.empty();
      else this.node(true, false);
    }
    if (scanner.peek().kind === TOKEN.DOCUMENT_END) scanner.skip();
    return this.events;
  }

  /** Events of the document that could not be finished. */
  get soFar(): readonly YamlEvent[] {
    return this.events;
  }

  private fail(problem: string, context?: Token, at: Token = this.scanner.peek()): never {
    throw new GoYamlFault({ by: 'parser', problem, at, context });
  }

  private directives(): void {
    let version = false;
    const own = new Set<string>();
    for (
      let token = this.scanner.peek();
      token.kind === TOKEN.DIRECTIVE;
      token = this.scanner.peek()
    ) {
      if (token.text === 'YAML') {
        if (version) this.fail('found duplicate %YAML directive');
        if (token.suffix !== '1.1') this.fail('found incompatible YAML document');
        version = true;
      } else {
        const [handle = '', prefix = ''] = token.suffix.split(' ');
        if (own.has(handle)) this.fail('found duplicate %TAG directive');
        own.add(handle);
        this.handles.set(handle, prefix);
      }
      this.scanner.skip();
    }
  }

  private emit(kind: EventKind, token: Token): void {
    const { offset, line } = token;
    const text = kind === EVENT.ALIAS ? token.text : '';
    this.events.push({ kind, offset, line, text, plain: false, anchor: undefined, tag: undefined });
  }

  /** A value that was left out. */
  private empty(): void {
    const { line } = this.scanner.peek();
    this.events.push({
      kind: EVENT.SCALAR,
      offset: -1,
      line,
      text: '',
      plain: true,
      anchor: undefined,
      tag: undefined,
    });
  }

  private emitNode(kind: EventKind, properties: Properties, content?: Token): void {
    const { start, anchor, tag } = properties;
    const { offset, line } = start;
    const text = content?.text ?? '';
    const plain = tag === undefined && (content?.plain ?? true);
    this.events.push({ kind, offset, line, text, plain, anchor, tag });
  }

  /**
   * @param block block collections may start here
   * @param indentless a list may start here in the column of its key
   */
  private node(block: boolean, indentless: boolean): void {
    const { scanner } = this;
    let token = scanner.peek();
    if (token.kind === TOKEN.ALIAS) {
      this.emit(EVENT.ALIAS, token);
      scanner.skip();
      return;
    }
    const properties = this.properties(token);
    token = scanner.peek();
    switch (token.kind) {
      case TOKEN.SCALAR:
        this.emitNode(EVENT.SCALAR, properties, token);
        scanner.skip();
        return;
      case TOKEN.FLOW_SEQUENCE:
        this.open(EVENT.LIST, properties);
        this.flowSequence(token);
        this.depth--;
        return;
      case TOKEN.FLOW_MAPPING:
        this.open(EVENT.MAP, properties);
        this.flowMapping(token);
        this.depth--;
        return;
      case TOKEN.BLOCK_ENTRY:
        if (!indentless) break;
        this.open(EVENT.LIST, properties);
        this.indentlessSequence();
        this.depth--;
        return;
      case TOKEN.BLOCK_SEQUENCE:
        if (!block) break;
        this.open(EVENT.LIST, properties);
        this.blockSequence(token);
        this.depth--;
        return;
      case TOKEN.BLOCK_MAPPING:
        if (!block) break;
        this.open(EVENT.MAP, properties);
        this.blockMapping(token);
        this.depth--;
        return;
      default:
        break;
    }
    if (properties.anchor === undefined && properties.tag === undefined) {
      this.fail('did not find expected node content', properties.start);
    }
    this.emitNode(EVENT.SCALAR, properties);
  }

  private open(kind: EventKind, properties: Properties): void {
    if (++this.depth > this.maxDepth) {
      this.fail(`exceeded max depth of ${this.maxDepth}`, properties.start);
    }
    this.emitNode(kind, properties);
  }

  /** An anchor and a tag, in either order, or none. */
  private properties(first: Token): Properties {
    const { scanner } = this;
    let anchor: string | undefined;
    let tag: Token | undefined;
    for (let token = first; ; token = scanner.peek()) {
      if (token.kind === TOKEN.ANCHOR && anchor === undefined) anchor = token.text;
      else if (token.kind === TOKEN.TAG && tag === undefined) tag = token;
      else break;
      scanner.skip();
    }
    return { start: first, anchor, tag: tag && this.resolveTag(tag, first) };
  }

  private resolveTag(token: Token, start: Token): string {
    if (token.text === '') return shortTag(token.suffix);
    const prefix = this.handles.get(token.text);
    if (prefix === undefined) this.fail('found undefined tag handle', start, token);
    return shortTag(prefix + token.suffix);
  }

  private end(token: Token): void {
    this.emit(EVENT.END, token);
  }

  private blockSequence(start: Token): void {
    const { scanner } = this;
    scanner.skip();
    for (;;) {
      const token = scanner.peek();
      if (token.kind === TOKEN.BLOCK_END) {
        scanner.skip();
        this.end(token);
        return;
      }
      if (token.kind !== TOKEN.BLOCK_ENTRY) this.fail("did not find expected '-' indicator", start);
      scanner.skip();
      const { kind } = scanner.peek();
      if (kind === TOKEN.BLOCK_ENTRY || kind === TOKEN.BLOCK_END) this.empty();
      else this.node(true, false);
    }
  }

  private indentlessSequence(): void {
    const { scanner } = this;
    while (scanner.peek().kind === TOKEN.BLOCK_ENTRY) {
      scanner.skip();
      const { kind } = scanner.peek();
      if (kind === TOKEN.BLOCK_ENTRY || endsEntry(kind)) this.empty();
      else this.node(true, false);
    }
    this.end(scanner.peek());
  }

  private blockMapping(start: Token): void {
    const { scanner } = this;
    scanner.skip();
    for (;;) {
      const token = scanner.peek();
      if (token.kind === TOKEN.BLOCK_END) {
        scanner.skip();
        this.end(token);
        return;
      }
      if (token.kind !== TOKEN.KEY) this.fail('did not find expected key', start);
      scanner.skip();
      this.blockEntry();
      if (scanner.peek().kind === TOKEN.VALUE) {
        scanner.skip();
        this.blockEntry();
      } else this.empty();
    }
  }

  /** A key or a value of a block map. */
  private blockEntry(): void {
    if (endsEntry(this.scanner.peek().kind)) this.empty();
    else this.node(true, true);
  }

  private flowSequence(start: Token): void {
    this.flowEntries(start, TOKEN.FLOW_SEQUENCE_END, "',' or ']'", (token) => {
      if (token.kind === TOKEN.KEY) this.flowPair(token);
      else this.node(false, false);
    });
  }

  private flowMapping(start: Token): void {
    this.flowEntries(start, TOKEN.FLOW_MAPPING_END, "',' or '}'", (token) => {
      this.flowEntry(token);
    });
  }

  /** Entries between commas up to the closing bracket; a comma before that is allowed. */
  private flowEntries(
    start: Token,
    closing: TokenKind,
    expected: string,
    entry: (token: Token) => void,
  ): void {
    const { scanner } = this;
    scanner.skip();
    for (let first = true; ; first = false) {
      if (scanner.peek().kind !== closing && !first) {
        if (scanner.peek().kind !== TOKEN.FLOW_ENTRY) {
          this.fail(`did not find expected ${expected}`, start);
        }
        scanner.skip();
      }
      const token = scanner.peek();
      if (token.kind === closing) {
        scanner.skip();
        this.end(token);
        return;
      }
      entry(token);
    }
  }

  /** `[a: b]` is a list of one map. */
  private flowPair(key: Token): void {
    const { scanner } = this;
    scanner.skip();
    this.emit(EVENT.MAP, key);
    const { kind } = scanner.peek();
    if (kind === TOKEN.VALUE || kind === TOKEN.FLOW_ENTRY || kind === TOKEN.FLOW_SEQUENCE_END) {
      // Go steps over the token without a look at it.
      scanner.skip();
      this.empty();
    } else this.node(false, false);
    this.flowValue(TOKEN.FLOW_SEQUENCE_END);
    this.end(scanner.peek());
  }

  private flowValue(closing: TokenKind): void {
    const { scanner } = this;
    if (scanner.peek().kind === TOKEN.VALUE) {
      scanner.skip();
      const { kind } = scanner.peek();
      if (kind !== TOKEN.FLOW_ENTRY && kind !== closing) {
        this.node(false, false);
        return;
      }
    }
    this.empty();
  }

  private flowEntry(token: Token): void {
    const { scanner } = this;
    if (token.kind !== TOKEN.KEY) {
      this.node(false, false);
      this.empty();
      return;
    }
    scanner.skip();
    const { kind } = scanner.peek();
    const missing =
      kind === TOKEN.VALUE || kind === TOKEN.FLOW_ENTRY || kind === TOKEN.FLOW_MAPPING_END;
    if (missing) this.empty();
    else this.node(false, false);
    this.flowValue(TOKEN.FLOW_MAPPING_END);
  }
}

function endsEntry(kind: TokenKind): boolean {
  return kind === TOKEN.KEY || kind === TOKEN.VALUE || kind === TOKEN.BLOCK_END;
}

function shortTag(tag: string): string {
  return tag.startsWith(YAML_TAG_PREFIX) ? `!!${tag.slice(YAML_TAG_PREFIX.length)}` : tag;
}
