// The syntax tree of a template. Positions are UTF-16 offsets into the text it was parsed from.
import type { NumberLiteral } from './number-literal.ts';

export interface TextNode {
  readonly kind: 'text';
  readonly pos: number;
  readonly text: string;
}

export interface ListNode {
  readonly kind: 'list';
  readonly pos: number;
  readonly nodes: readonly StatementNode[];
}

export interface ActionNode {
  readonly kind: 'action';
  readonly pos: number;
  readonly pipe: PipeNode;
}

export interface BranchNode {
  readonly kind: 'if' | 'with' | 'range';
  readonly pos: number;
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}

export interface JumpNode {
  readonly kind: 'break' | 'continue';
  readonly pos: number;
}

export interface TemplateNode {
  readonly kind: 'template';
  readonly pos: number;
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export type StatementNode = TextNode | ActionNode | BranchNode | JumpNode | TemplateNode;

export interface PipeNode {
  readonly kind: 'pipe';
  readonly pos: number;
  /** `=` instead of `:=`. */
  readonly isAssign: boolean;
  readonly variables: readonly VariableNode[];
  readonly commands: readonly CommandNode[];
}

export interface CommandNode {
  readonly kind: 'command';
  readonly pos: number;
  /** The first is the operand or function, the rest its arguments; never empty. */
  readonly args: readonly OperandNode[];
}

export interface IdentifierNode {
  readonly kind: 'identifier';
  readonly pos: number;
  readonly name: string;
}

export interface VariableNode {
  readonly kind: 'variable';
  readonly pos: number;
  /** The variable with its `$`, then the fields. */
  readonly path: readonly string[];
}

export interface FieldNode {
  readonly kind: 'field';
  readonly pos: number;
  readonly path: readonly string[];
}

export interface ChainNode {
  readonly kind: 'chain';
  readonly pos: number;
  readonly node: OperandNode;
  readonly path: readonly string[];
}

export interface DotNode {
  readonly kind: 'dot';
  readonly pos: number;
}

export interface NilNode {
  readonly kind: 'nil';
  readonly pos: number;
}

export interface BoolNode {
  readonly kind: 'bool';
  readonly pos: number;
  readonly value: boolean;
}

export interface NumberNode {
  readonly kind: 'number';
  readonly pos: number;
  readonly text: string;
  readonly literal: NumberLiteral;
}

export interface StringNode {
  readonly kind: 'string';
  readonly pos: number;
  /** As written, with its quotes. */
  readonly quoted: string;
  readonly text: string;
}

export type OperandNode =
  | IdentifierNode
  | VariableNode
  | FieldNode
  | ChainNode
  | DotNode
  | NilNode
  | BoolNode
  | NumberNode
  | StringNode
  | PipeNode;

export type Node = StatementNode | OperandNode | CommandNode | ListNode;

/** One parsed template: the body of a text, of a `define` or of a `block`. */
export interface Tree {
  readonly name: string;
  readonly root: ListNode;
  /** The text it stands in, for positions: a `define` shares it with its surroundings. */
  readonly source: Source;
}

export interface Source {
  /** The name that positions show: that of the outermost template of the text. */
  readonly name: string;
  readonly text: string;
}

/** Nothing but space and comments: such a body never replaces another (go-templates §4.3). */
export function isEmptyTree(root: ListNode): boolean {
  // Go's TrimSpace: Unicode white space, without the zero-width U+FEFF that JavaScript trims too.
  return root.nodes.every(
    (node) =>
      node.kind === 'text' && /^[\s\u0085]*$/.test(node.text) && !node.text.includes('\ufeff'),
  );
}
