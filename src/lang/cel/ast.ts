// The syntax tree: what the parser builds, macros rewrite, the checker types and the compiler runs.
import type { Value } from './value.ts';

interface Node {
  /** Offset in UTF-16 units of the token that names the node (operator, dot, name), for messages. */
  readonly offset: number;
  /** Offset where the node's text begins and ends; macros give the text of the call they replace. */
  readonly start: number;
  readonly end: number;
}

export interface Literal extends Node {
  readonly kind: 'literal';
  readonly value: Value;
}

export interface Ident extends Node {
  readonly kind: 'ident';
  /** May begin with a dot (`.config`): then only the outermost scope is looked at. */
  readonly name: string;
}

export interface Select extends Node {
  readonly kind: 'select';
  readonly operand: Expr;
  readonly field: string;
  /** `a.?b`. */
  readonly optional: boolean;
  /** `has(a.b)`. */
  readonly test: boolean;
}

export interface Index extends Node {
  readonly kind: 'index';
  readonly operand: Expr;
  readonly index: Expr;
  /** `a[?b]`. */
  readonly optional: boolean;
}

/** A function call; operators are calls too, named as cel-spec does: `_+_`, `!_`, `@in`, `_?_:_`. */
export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
}

export interface ListElement {
  readonly value: Expr;
  /** `[?x]`. */
  readonly optional: boolean;
}

export interface ListLiteral extends Node {
  readonly kind: 'list';
  readonly elements: readonly ListElement[];
}

export interface MapEntry {
  readonly key: Expr;
  readonly value: Expr;
  /** `{?k: x}`. */
  readonly optional: boolean;
}

export interface MapLiteral extends Node {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

/** A message literal `Name{field: x}`; no environment here has message types, the checker says so. */
export interface StructLiteral extends Node {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: readonly { readonly field: string; readonly value: Expr }[];
}

/** What a comprehension does with its elements. */
export type ComprehensionKind =
  | 'all'
  | 'exists'
  | 'existsOne'
  | 'map'
  | 'filter'
  | 'transformList'
  | 'transformMap'
  | 'transformMapEntry';

/** Every macro over a range, with one variable (element or key) or two (index/key and element). */
export interface Comprehension extends Node {
  readonly kind: 'comprehension';
  readonly does: ComprehensionKind;
  readonly range: Expr;
  readonly variables: readonly [string] | readonly [string, string];
  /** The predicate of `map(x, predicate, transform)` and its two-variable kin. */
  readonly condition: Expr | undefined;
  readonly body: Expr;
}

/** `cel.bind(name, value, body)`, and what `optMap` and `optFlatMap` are made of. */
export interface Bind extends Node {
  readonly kind: 'bind';
  readonly variable: string;
  readonly value: Expr;
  readonly body: Expr;
}

export type Expr =
  | Literal
  | Ident
  | Select
  | Index
  | Call
  | ListLiteral
  | MapLiteral
  | StructLiteral
  | Comprehension
  | Bind;

/** What a macro is given. */
export interface MacroContext {
  /** The call as written: its target (undefined without one) and arguments. */
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
  /** Positions of the whole call, to give to the nodes that replace it. */
  readonly at: { readonly offset: number; readonly start: number; readonly end: number };
  /** A diagnostic at an expression; throws. */
  readonly fail: (at: Expr, message: string) => never;
}
