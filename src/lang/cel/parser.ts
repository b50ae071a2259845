// Parses an expression by recursive descent (cel-spec "Syntax"); macros are expanded on the way.
import type { Call, Expr, ListElement, MapEntry } from './ast.ts';
import { tokenize } from './lexer.ts';
import type { Token } from './lexer.ts';
import { findMacro } from './macros.ts';
import type { MacroTable } from './macros.ts';
import { dottedName } from './names.ts';
import { SyntaxFault } from './position.ts';
import { Double, doubleFrom, doubleValue, intFrom, uintFrom } from './value.ts';
import type { Value } from './value.ts';

export interface ParseOptions {
  readonly macros: MacroTable;
  /** `a.?b`, `a[?b]`, `[?x]`, `{?k: x}`; without it they are syntax errors. */
  readonly optionalSyntax: boolean;
  /** a.`b-c`. */
  readonly quotedFields: boolean;
  /** How deep nodes may be nested. */
  readonly maxDepth: number;
}

/** Names that are not identifiers (cel-spec "Syntax", RESERVED); field names they may be. */
const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const KEYWORDS: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);

interface Operator {
  readonly name: string;
  /** Operators of a higher level bind tighter. */
  readonly level: number;
}

/** Operators of two operands, all left-associative; `in` is found by its text. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  [
    ['== _==_', '!= _!=_', '< _<_', '<= _<=_', '> _>_', '>= _>=_', 'in @in'],
    ['+ _+_', '- _-_'],
    ['* _*_', '/ _/_', '% _%_'],
  ].flatMap((row, level) =>
    row.map((entry): [string, Operator] => {
      const [token = '', name = ''] = entry.split(' ');
      return [token, { name, level }];
    }),
  ),
);

/** Parses the whole source to one expression. Throws SyntaxFault. */
export function parse(source: string, options: ParseOptions): Expr {
  return new Parser(source, options).parse();
}

class Parser {
  private readonly options: ParseOptions;
  private readonly source: string;
  private readonly tokens: readonly Token[];
  private next = 0;
  private token: Token;
  /** Expressions that are open around the current token. */
  private nesting = 0;
  /** Height of the tree parsed last: chains (`1+1+…`) are deep without being nested in the text. */
  private height = 0;

  constructor(source: string, options: ParseOptions) {
    this.options = options;
    this.source = source;
    this.tokens = tokenize(source);
    this.token = this.tokens[0] as Token;
  }

  parse(): Expr {
    const expr = this.expression();
    if (this.token.kind !== 'end') throw this.unexpected('<EOF>');
    return expr;
  }

  private advance(): Token {
    const token = this.token;
    this.next++;
    this.token = this.tokens[this.next] ?? token;
    return token;
  }

  private accept(kind: string): boolean {
    if (this.token.kind !== kind) return false;
    this.advance();
    return true;
  }

  private expect(kind: string): Token {
    if (this.token.kind !== kind) throw this.unexpected(`'${kind}'`);
    return this.advance();
  }

  private unexpected(expected?: string): SyntaxFault {
    const { kind, start, end } = this.token;
    const shown =
      kind === 'end' ? "'<EOF>'" : `'${this.source.slice(start, Math.min(end, start + 40))}'`;
    if (expected === undefined) return new SyntaxFault(`Syntax error: unexpected ${shown}`, start);
    return new SyntaxFault(`Syntax error: mismatched input ${shown} expecting ${expected}`, start);
  }

  private grow(height: number, offset: number): void {
    if (height > this.options.maxDepth) {
      throw new SyntaxFault(
        `expression is nested deeper than the limit of ${this.options.maxDepth}`,
        offset,
      );
    }
    this.height = height;
  }

  private expression(): Expr {
    const start = this.token.start;
    if (++this.nesting > this.options.maxDepth) this.grow(this.nesting, start);
    const condition = this.or();
    let result = condition;
    if (this.token.kind === '?') {
      let height = this.height;
      const offset = this.advance().start;
      const yes = this.or();
      height = Math.max(height, this.height);
      this.expect(':');
      const no = this.expression();
      this.grow(Math.max(height, this.height) + 1, offset);
      result = call('_?_:_', [condition, yes, no], { offset, start, end: no.end });
    }
    this.nesting--;
    return result;
  }

  private or(): Expr {
    const first = this.and();
    return this.token.kind === '||' ? this.logical(first, '||') : first;
  }

  private and(): Expr {
    const first = this.binary(0);
    return this.token.kind === '&&' ? this.logical(first, '&&') : first;
  }

  /** `a || b || c` becomes one call with all operands, so that long chains stay flat. */
  private logical(first: Expr, token: '||' | '&&'): Expr {
    const args = [first];
    const offset = this.token.start;
    let height = this.height;
    while (this.accept(token)) {
      args.push(token === '||' ? this.and() : this.binary(0));
      height = Math.max(height, this.height);
    }
    this.grow(height + 1, offset);
    const name = token === '||' ? '_||_' : '_&&_';
    return call(name, args, { offset, start: first.start, end: (args.at(-1) as Expr).end });
  }

  /** Operators of at least this level. */
  private binary(level: number): Expr {
    let left = this.unary();
    for (;;) {
      const { token } = this;
      const operator = OPERATORS.get(token.kind === 'name' ? token.text : token.kind);
      if (operator === undefined || operator.level < level) return left;
      const { height } = this;
      this.advance();
      const right = this.binary(operator.level + 1);
      this.grow(Math.max(height, this.height) + 1, token.start);
      const at = { offset: token.start, start: left.start, end: right.end };
      left = call(operator.name, [left, right], at);
    }
  }

  private unary(): Expr {
    const { kind, start } = this.token;
    if (kind !== '!' && kind !== '-') return this.member();
    let count = 0;
    while (this.token.kind === kind) {
      if (kind === '-' && this.numberFollows()) break;
      this.advance();
      count++;
    }
    const operand = this.member();
    // An even number of signs cancels out, as in cel-go.
    if (count % 2 === 0) return operand;
    this.grow(this.height + 1, start);
    return call(kind === '!' ? '!_' : '-_', [operand], { offset: start, start, end: operand.end });
  }

  /** A minus directly before a number belongs to it, or the smallest int could not be written. */
  private numberFollows(): boolean {
    const following = this.tokens[this.next + 1];
    if (following === undefined) return false;
    if (following.kind === 'int') return true;
    return following.kind === 'literal' && isDoubleToken(following);
  }

  private member(): Expr {
    let expr = this.primary();
    for (;;) {
      const token = this.token;
      if (token.kind === '.') expr = this.selection(expr);
      else if (token.kind === '[') expr = this.indexing(expr);
      else if (token.kind === '{' && dottedName(expr) !== undefined) expr = this.struct(expr);
      else return expr;
    }
  }

  private selection(operand: Expr): Expr {
    const height = this.height;
    const offset = this.advance().start;
    const optional = this.optionalMark();
    const name = this.fieldName();
    if (name.kind === 'name' && !optional && this.token.kind === '(') {
      return this.call(name, operand, height);
    }
    this.grow(height + 1, offset);
    return {
      kind: 'select',
      offset,
      start: operand.start,
      end: name.end,
      operand,
      field: name.text,
      optional,
      test: false,
    };
  }

  private fieldName(): Token {
    const { kind, text, start } = this.token;
    if (kind === 'quoted' && !this.options.quotedFields) {
      throw new SyntaxFault("unsupported syntax: '`'", start);
    }
    if (kind === 'quoted' || (kind === 'name' && !KEYWORDS.has(text))) return this.advance();
    throw this.unexpected('IDENTIFIER');
  }

  private optionalMark(): boolean {
    if (this.token.kind !== '?') return false;
    const { start } = this.advance();
    if (!this.options.optionalSyntax) {
      throw new SyntaxFault("unsupported syntax '?': optional values are not enabled here", start);
    }
    return true;
  }

  private indexing(operand: Expr): Expr {
    const height = this.height;
    const offset = this.advance().start;
    const optional = this.optionalMark();
    const index = this.expression();
    const { end } = this.expect(']');
    this.grow(Math.max(height, this.height) + 1, offset);
    return { kind: 'index', offset, start: operand.start, end, operand, index, optional };
  }

  private call(name: Token, target: Expr | undefined, targetHeight: number): Expr {
    const offset = this.token.start;
    this.advance();
    const args: Expr[] = [];
    let height = targetHeight;
    if (this.token.kind !== ')') {
      do {
        args.push(this.expression());
        height = Math.max(height, this.height);
      } while (this.accept(','));
    }
    const { end } = this.expect(')');
    this.grow(height + 1, offset);
    const at = { offset: name.start, start: target?.start ?? name.start, end };
    const macro = findMacro(this.options.macros, name.text, target, args.length);
    const fail = (expr: Expr, message: string): never => {
      throw new SyntaxFault(message, expr.offset);
    };
    const expanded = macro?.expand({ target, args, at, fail });
    return expanded ?? { kind: 'call', ...at, name: name.text, target, args };
  }

  private struct(type: Expr): Expr {
    const offset = this.advance().start;
    const name = dottedName(type) ?? '';
    const fields: { field: string; value: Expr }[] = [];
    let height = this.height;
    while (this.token.kind !== '}') {
      this.optionalMark();
      const field = this.fieldName().text;
      this.expect(':');
      fields.push({ field, value: this.expression() });
      height = Math.max(height, this.height);
      if (!this.accept(',')) break;
    }
    const { end } = this.expect('}');
    this.grow(height + 1, offset);
    return { kind: 'struct', offset, start: type.start, end, name, fields };
  }

  private primary(): Expr {
    const token = this.token;
    switch (token.kind) {
      case 'literal':
        this.advance();
        this.height = 0;
        return literal(token, token.value);
      case 'int':
      case 'uint':
      case '-':
        return this.number();
      case 'name':
        return this.nameOrCall('');
      case '.':
        this.advance();
        if (this.token.kind !== 'name') throw this.unexpected('IDENTIFIER');
        return this.nameOrCall('.');
      case '(':
        return this.parenthesized();
      case '[':
        return this.list();
      case '{':
        return this.map();
      default:
        throw this.unexpected();
    }
  }

  private parenthesized(): Expr {
    const { start } = this.advance();
    const inner = this.expression();
    const { end } = this.expect(')');
    // The text of a parenthesised expression includes its parentheses; its node is the inner one.
    return { ...inner, start, end };
  }

  private number(): Expr {
    const { start } = this.token;
    const negative = this.accept('-');
    const token = this.advance();
    this.height = 0;
    const at = { offset: start, start, end: token.end };
    if (token.kind === 'literal' && isDoubleToken(token)) {
      return { kind: 'literal', ...at, value: negate(token.value) };
    }
    if (token.kind !== 'int' && token.kind !== 'uint') throw this.unexpected();
    const digits = BigInt(token.text);
    const value = token.kind === 'uint' ? uintFrom(digits) : intFrom(negative ? -digits : digits);
    if (value === undefined) throw new SyntaxFault(`invalid ${token.kind} literal`, start);
    return { kind: 'literal', ...at, value };
  }

  private nameOrCall(dot: string): Expr {
    const token = this.advance();
    const { text, start, end } = token;
    this.height = 0;
    if (KEYWORDS.has(text)) {
      if (dot === '' && text !== 'in') return keyword(token);
      throw new SyntaxFault(`Syntax error: unexpected '${text}'`, start);
    }
    if (RESERVED.has(text)) throw new SyntaxFault(`reserved identifier: ${text}`, start);
    if (this.token.kind === '(') {
      return this.call(dot === '' ? token : { ...token, text: `.${text}` }, undefined, 0);
    }
    return { kind: 'ident', offset: start, start: start - dot.length, end, name: dot + text };
  }

  private list(): Expr {
    const { start } = this.advance();
    const elements: ListElement[] = [];
    let height = 0;
    while (this.token.kind !== ']') {
      const optional = this.optionalMark();
      elements.push({ value: this.expression(), optional });
      height = Math.max(height, this.height);
      if (!this.accept(',')) break;
    }
    const { end } = this.expect(']');
    this.grow(height + 1, start);
    return { kind: 'list', offset: start, start, end, elements };
  }

  private map(): Expr {
    const { start } = this.advance();
    const entries: MapEntry[] = [];
    let height = 0;
    while (this.token.kind !== '}') {
      const optional = this.optionalMark();
      const key = this.expression();
      height = Math.max(height, this.height);
      this.expect(':');
      entries.push({ key, value: this.expression(), optional });
      height = Math.max(height, this.height);
      if (!this.accept(',')) break;
    }
    const { end } = this.expect('}');
    this.grow(height + 1, start);
    return { kind: 'map', offset: start, start, end, entries };
  }
}

function call(
  name: string,
  args: readonly Expr[],
  at: { readonly offset: number; readonly start: number; readonly end: number },
): Call {
  const { offset, start, end } = at;
  return { kind: 'call', offset, start, end, name, target: undefined, args };
}

function keyword(token: Token): Expr {
  const value = token.text === 'null' ? null : token.text === 'true';
  return literal(token, value);
}

function literal({ start, end }: Token, value: Value): Expr {
  return { kind: 'literal', offset: start, start, end, value };
}

function isDoubleToken(token: Token): boolean {
  return typeof token.value === 'number' || token.value instanceof Double;
}

function negate(value: Value): Value {
  return doubleFrom(-doubleValue(value as number | Double));
}
