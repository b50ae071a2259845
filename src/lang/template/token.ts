// Tokens of the template language, and how parse errors show them.
import { quote } from './strconv/quote.ts';
import { runes } from './bytes.ts';

export type Keyword =
  | 'block'
  | 'break'
  | 'continue'
  | 'define'
  | 'else'
  | 'end'
  | 'if'
  | 'nil'
  | 'range'
  | 'template'
  | 'with';

export type TokenKind =
  | Keyword
  | 'error'
  | 'bool'
  | 'char'
  | 'char-constant'
  | 'comment'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'eof'
  | 'field'
  | 'identifier'
  | 'left-delim'
  | 'left-paren'
  | 'number'
  | 'pipe'
  | 'raw-string'
  | 'right-delim'
  | 'right-paren'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | 'dot';

export interface Token {
  readonly kind: TokenKind;
  /** Offset in UTF-16 units of the template text. */
  readonly pos: number;
  readonly value: string;
  /** 1-based line on which the token starts. */
  readonly line: number;
}

export const KEYWORDS: ReadonlySet<string> = new Set<Keyword>([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'nil',
  'range',
  'template',
  'with',
]);

/** A token as Go's parser shows it in "unexpected …": quoted, cut after ten runes, `<keyword>`. */
export function showToken(token: Token): string {
  if (token.kind === 'eof') return 'EOF';
  if (token.kind === 'error') return token.value;
  if (token.kind === 'dot' || KEYWORDS.has(token.kind)) return `<${token.value}>`;
  const codes = runes(token.value);
  if (token.value.length > 10 && codes.length > 10) {
    return `${quote(String.fromCodePoint(...codes.slice(0, 10)))}...`;
  }
  return quote(token.value);
}
