// Parses template text into trees, with Go's grammar and Go's complaints.
import type { LexerOptions } from './lexer.ts';
import { Lexer } from './lexer.ts';
import type {
  BranchNode,
  CommandNode,
  ListNode,
  OperandNode,
  PipeNode,
  Source,
  StatementNode,
  TemplateNode,
  Tree,
  VariableNode,
} from './node.ts';
import { isEmptyTree } from './node.ts';
import { nodeText } from './node-text.ts';
import { readNumber } from './number-literal.ts';
import { quote, unquote } from './strconv/quote.ts';
import type { Token, TokenKind } from './token.ts';
import { showToken } from './token.ts';
import { VisibleNames } from './visible-names.ts';

export interface ParseOptions {
  readonly leftDelim?: string;
  readonly rightDelim?: string;
  /** Names that are functions; any other identifier is an error. */
  readonly isFunction: (name: string) => boolean;
}

export type ParseResult =
  | { readonly trees: ReadonlyMap<string, Tree> }
  | { readonly message: string; readonly line: number };

/** Go gives up at this many nested parentheses (1.26). */
const MAX_PAREN_DEPTH = 10_000;

class ParseFailure extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** What is local to one definition while it is parsed. */
interface Scope {
  readonly variables: VisibleNames;
  rangeDepth: number;
  parenDepth: number;
  actionLine: number;
}

interface EndNode {
  readonly kind: 'end';
  readonly pos: number;
}

interface ElseNode {
  readonly kind: 'else';
  readonly pos: number;
}

type ParsedNode = StatementNode | EndNode | ElseNode;

/**
 * Parses one text.
 * @param name the name of its outermost template, which positions show as well
 * @returns the trees it defines, its own among them; or the first complaint, in Go's words
 */
export function parseTemplate(name: string, text: string, options: ParseOptions): ParseResult {
  const parser = new Parser(name, text, options);
  try {
    return { trees: parser.parse() };
  } catch (error) {
    if (error instanceof ParseFailure) return { message: error.message, line: error.line };
    if (error instanceof RangeError) return parser.tooDeep();
    throw error;
  }
}

class Parser {
  private readonly source: Source;
  private readonly lexer: Lexer;
  private readonly options: ParseOptions;
  private readonly trees = new Map<string, Tree>();
  /** Tokens pushed back, the next one last. */
  private readonly pending: Token[] = [];
  /** The token lexed last: its line is the line of a complaint. */
  private latest: Token = { kind: 'eof', pos: 0, value: '', line: 1 };
  private scope: Scope = newScope();

  constructor(name: string, text: string, options: ParseOptions) {
    this.source = { name, text };
    this.options = options;
    const lexerOptions: LexerOptions = {
      leftDelim: options.leftDelim || '{{',
      rightDelim: options.rightDelim || '}}',
      breakIsFunction: options.isFunction('break'),
      continueIsFunction: options.isFunction('continue'),
    };
    this.lexer = new Lexer(text, lexerOptions);
  }

  parse(): ReadonlyMap<string, Tree> {
    const nodes: StatementNode[] = [];
    const pos = this.peek().pos;
    while (this.peek().kind !== 'eof') {
      if (this.peek().kind === 'left-delim' && this.parseDefinition()) continue;
      const node = this.textOrAction();
      if (node.kind === 'end' || node.kind === 'else') this.fail(`unexpected ${show(node)}`);
      nodes.push(node);
    }
    this.add(this.source.name, { kind: 'list', pos, nodes });
    return this.trees;
  }

  /** The answer when the text is nested deeper than our own stack. */
  tooDeep(): ParseResult {
    const line = this.latest.line;
    return { message: this.locate('max expression depth exceeded', line), line };
  }

  private locate(problem: string, line: number): string {
    return `template: ${this.source.name}:${line}: ${problem}`;
  }

  private fail(problem: string): never {
    const line = this.latest.line;
    throw new ParseFailure(this.locate(problem, line), line);
  }

  private next(): Token {
    const pending = this.pending.pop();
    if (pending !== undefined) return pending;
    this.latest = this.lexer.next();
    return this.latest;
  }

  private back(token: Token): void {
    this.pending.push(token);
  }

  private peek(): Token {
    const token = this.next();
    this.back(token);
    return token;
  }

  private nextNonSpace(): Token {
    let token = this.next();
    while (token.kind === 'space') token = this.next();
    return token;
  }

  private peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.back(token);
    return token;
  }

  private expect(kind: TokenKind, context: string): Token {
    const token = this.nextNonSpace();
    if (token.kind !== kind) this.unexpected(token, context);
    return token;
  }

  private unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') this.fail(`unexpected ${showToken(token)} in ${context}`);
    const { actionLine } = this.scope;
    if (actionLine === 0 || actionLine === token.line) this.fail(token.value);
    const started = ` started at ${this.source.name}:${actionLine}`;
    const inAction = token.value.endsWith(' action') ? '' : ' in action';
    this.fail(`${token.value}${inAction}${started}`);
  }

  private add(name: string, root: ListNode): void {
    const existing = this.trees.get(name);
    if (existing !== undefined && !isEmptyTree(existing.root)) {
      if (isEmptyTree(root)) return;
      this.fail(`template: multiple definition of template ${quote(name)}`);
    }
    this.trees.set(name, { name, root, source: this.source });
  }

  /** `{{define}}` at top level; `false`, with nothing consumed, for any other action. */
  private parseDefinition(): boolean {
    const delim = this.next();
    const token = this.nextNonSpace();
    if (token.kind !== 'define') {
      this.back(token);
      this.back(delim);
      return false;
    }
    const outer = this.enter();
    const context = 'define clause';
    const name = this.templateName(this.nextNonSpace(), context);
    this.expect('right-delim', context);
    this.body(name, context);
    this.scope = outer;
    return true;
  }

  private enter(): Scope {
    const outer = this.scope;
    this.scope = newScope();
    return outer;
  }

  private body(name: string, context: string): void {
    const opening = this.latest.line;
    const { list, end } = this.itemList();
    if (end.kind !== 'end') {
      // Go complains about a block from the parser around it, which has not read beyond its head.
      const line = context === 'block clause' ? opening : this.latest.line;
      const problem = `unexpected ${show(end)} in ${context}`;
      throw new ParseFailure(this.locate(problem, line), line);
    }
    this.add(name, list);
  }

  private itemList(): { readonly list: ListNode; readonly end: EndNode | ElseNode } {
    const nodes: StatementNode[] = [];
    const pos = this.peekNonSpace().pos;
    while (this.peekNonSpace().kind !== 'eof') {
      const node = this.textOrAction();
      if (node.kind === 'end' || node.kind === 'else') {
        return { list: { kind: 'list', pos, nodes }, end: node };
      }
      nodes.push(node);
    }
    return this.fail('unexpected EOF');
  }

  private textOrAction(): ParsedNode {
    const token = this.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', pos: token.pos, text: token.value };
    if (token.kind !== 'left-delim') return this.unexpected(token, 'input');
    this.scope.actionLine = token.line;
    const node = this.action();
    this.scope.actionLine = 0;
    return node;
  }

  private action(): ParsedNode {
    const token = this.nextNonSpace();
    switch (token.kind) {
      case 'block':
        return this.block();
      case 'break':
      case 'continue':
        return this.jump(token.kind, token.pos);
      case 'else':
        return this.elseClause();
      case 'end':
        return { kind: 'end', pos: this.expect('right-delim', 'end').pos };
      case 'if':
      case 'range':
      case 'with':
        return this.branch(token.kind);
      case 'template':
        return this.template();
      default:
    }
    this.back(token);
    // Variables declared here persist until the end of the enclosing block.
    return { kind: 'action', pos: token.pos, pipe: this.pipeline('command', 'right-delim') };
  }

  private jump(kind: 'break' | 'continue', pos: number): ParsedNode {
    const token = this.nextNonSpace();
    if (token.kind !== 'right-delim') this.unexpected(token, `{{${kind}}}`);
    if (this.scope.rangeDepth === 0) this.fail(`{{${kind}}} outside {{range}}`);
    return { kind, pos };
  }

  private elseClause(): ElseNode {
    const token = this.peekNonSpace();
    // "else if" and "else with" leave their second word for the branch that continues there.
    if (token.kind === 'if' || token.kind === 'with') return { kind: 'else', pos: token.pos };
    return { kind: 'else', pos: this.expect('right-delim', 'else').pos };
  }

  private branch(kind: BranchNode['kind']): BranchNode {
    const visible = this.scope.variables.length;
    const pipe = this.pipeline(kind, 'right-delim');
    if (kind === 'range') this.scope.rangeDepth += 1;
    const { list, end } = this.itemList();
    if (kind === 'range') this.scope.rangeDepth -= 1;
    const elseList = end.kind === 'else' ? this.elseList(kind, end) : undefined;
    this.scope.variables.truncate(visible);
    return { kind, pos: pipe.pos, pipe, list, elseList };
  }

  private elseList(kind: BranchNode['kind'], clause: ElseNode): ListNode {
    const next = this.peek().kind;
    if (kind !== 'range' && next === kind) {
      this.next();
      return { kind: 'list', pos: clause.pos, nodes: [this.branch(kind)] };
    }
    const { list, end } = this.itemList();
    if (end.kind !== 'end') this.fail(`expected end; found ${show(end)}`);
    return list;
  }

  private templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'raw-string') this.unexpected(token, context);
    return unquote(token.value) ?? this.fail('invalid syntax');
  }

  private block(): TemplateNode {
    const context = 'block clause';
    const token = this.nextNonSpace();
    const name = this.templateName(token, context);
    const pipe = this.pipeline(context, 'right-delim');
    const outer = this.enter();
    this.body(name, context);
    this.scope = outer;
    return { kind: 'template', pos: token.pos, name, pipe };
  }

  private template(): TemplateNode {
    const context = 'template clause';
    const token = this.nextNonSpace();
    const name = this.templateName(token, context);
    const next = this.nextNonSpace();
    if (next.kind === 'right-delim') {
      return { kind: 'template', pos: token.pos, name, pipe: undefined };
    }
    this.back(next);
    const pipe = this.pipeline(context, 'right-delim');
    return { kind: 'template', pos: token.pos, name, pipe };
  }

  private pipeline(context: string, end: TokenKind): PipeNode {
    const { pos } = this.peekNonSpace();
    const variables: VariableNode[] = [];
    const isAssign = this.declarations(context, variables);
    const commands: CommandNode[] = [];
    for (let token = this.nextNonSpace(); token.kind !== end; token = this.nextNonSpace()) {
      if (!OPERANDS.has(token.kind)) this.unexpected(token, context);
      this.back(token);
      commands.push(this.command());
    }
    this.checkPipeline(commands, context);
    return { kind: 'pipe', pos, isAssign, variables, commands };
  }

  /** Reads `$x :=`, `$x =`, `$i, $v :=` into `variables`; tells whether it was an assignment. */
  private declarations(context: string, variables: VariableNode[]): boolean {
    for (;;) {
      if (this.peekNonSpace().kind !== 'variable') return false;
      const variable = this.next();
      const after = this.peek();
      const next = this.peekNonSpace();
      const comma = next.kind === 'char' && next.value === ',';
      if (next.kind !== 'assign' && next.kind !== 'declare' && !comma) {
        if (after.kind === 'space') this.back(after);
        this.back(variable);
        return false;
      }
      this.nextNonSpace();
      variables.push(variableNode(variable.pos, variable.value));
      this.scope.variables.push(variable.value);
      if (!comma) return next.kind === 'assign';
      if (context !== 'range' || variables.length >= 2) {
        this.fail(`too many declarations in ${context}`);
      }
      const { kind } = this.peekNonSpace();
      if (kind !== 'variable' && kind !== 'right-delim' && kind !== 'right-paren') {
        this.fail('range can only initialize variables');
      }
    }
  }

  private checkPipeline(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.fail(`missing value for ${context}`);
    commands.forEach((command, index) => {
      if (index > 0 && NOT_EXECUTABLE.has(command.args[0]?.kind ?? '')) {
        this.fail(`non executable command in pipeline stage ${index + 1}`);
      }
    });
  }

  private command(): CommandNode {
    const { pos } = this.peekNonSpace();
    const args: OperandNode[] = [];
    for (;;) {
      this.peekNonSpace();
      const operand = this.operand();
      if (operand !== undefined) args.push(operand);
      const token = this.next();
      if (token.kind === 'space') continue;
      if (token.kind === 'right-delim' || token.kind === 'right-paren') this.back(token);
      else if (token.kind !== 'pipe') this.unexpected(token, 'operand');
      break;
    }
    if (args.length === 0) this.fail('empty command');
    return { kind: 'command', pos, args };
  }

  private operand(): OperandNode | undefined {
    const node = this.term();
    if (node === undefined || this.peek().kind !== 'field') return node;
    const { pos } = this.peek();
    const path: string[] = [];
    while (this.peek().kind === 'field') path.push(this.next().value.slice(1));
    switch (node.kind) {
      case 'field':
      case 'variable':
        return { kind: node.kind, pos, path: [...node.path, ...path] };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        return this.fail(`unexpected . after term ${quote(nodeText(node))}`);
      default:
        return { kind: 'chain', pos, node, path };
    }
  }

  private term(): OperandNode | undefined {
    const token = this.nextNonSpace();
    const { pos, value } = token;
    switch (token.kind) {
      case 'identifier':
        if (!this.options.isFunction(value)) this.fail(`function ${quote(value)} not defined`);
        return { kind: 'identifier', pos, name: value };
      case 'dot':
      case 'nil':
        return { kind: token.kind, pos };
      case 'variable':
        return this.useVariable(token);
      case 'field':
        return { kind: 'field', pos, path: [value.slice(1)] };
      case 'bool':
        return { kind: 'bool', pos, value: value === 'true' };
      case 'char-constant':
      case 'complex':
      case 'number':
        return this.number(token);
      case 'left-paren':
        return this.parenthesized();
      case 'string':
      case 'raw-string': {
        const text = unquote(value) ?? this.fail('invalid syntax');
        return { kind: 'string', pos, quoted: value, text };
      }
      default:
        this.back(token);
        return undefined;
    }
  }

  private useVariable(token: Token): VariableNode {
    if (!this.scope.variables.has(token.value)) {
      this.fail(`undefined variable ${quote(token.value)}`);
    }
    return variableNode(token.pos, token.value);
  }

  private number(token: Token): OperandNode {
    const result = readNumber(token.value, token.kind);
    if ('problem' in result) return this.fail(result.problem);
    return { kind: 'number', pos: token.pos, text: token.value, literal: result.literal };
  }

  private parenthesized(): PipeNode {
    if (this.scope.parenDepth >= MAX_PAREN_DEPTH) this.fail('max expression depth exceeded');
    this.scope.parenDepth += 1;
    const pipe = this.pipeline('parenthesized pipeline', 'right-paren');
    this.scope.parenDepth -= 1;
    return pipe;
  }
}

const OPERANDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'char-constant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'raw-string',
  'string',
  'variable',
  'left-paren',
]);

const NOT_EXECUTABLE: ReadonlySet<string> = new Set(['bool', 'dot', 'nil', 'number', 'string']);

function newScope(): Scope {
  const variables = new VisibleNames();
  variables.push('$');
  return { variables, rangeDepth: 0, parenDepth: 0, actionLine: 0 };
}

function variableNode(pos: number, name: string): VariableNode {
  return { kind: 'variable', pos, path: [name] };
}

function show(node: ParsedNode): string {
  return node.kind === 'end' || node.kind === 'else' ? `{{${node.kind}}}` : nodeText(node);
}
