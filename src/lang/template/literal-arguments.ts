// Literal texts that a template hands to a function, and where they stand: for checks before anything is rendered.
import type { CommandNode, ListNode, OperandNode, PipeNode, StatementNode, Tree } from './node.ts';
import { parseTemplate } from './parser.ts';
import type { TemplateSet } from './set.ts';

export interface LiteralArgument {
  readonly text: string;
  /** Offset of the text in the template, in UTF-16 units, behind the quote. */
  readonly offset: number;
  /** True where the text stands there as it is, without escapes. */
  readonly verbatim: boolean;
}

/**
 * The literals that calls of a function have as their first argument: `cel "x"`, `"x" | cel`.
 * @param set whose functions the template may call
 * @returns nothing for a template that does not parse
 */
export function literalArguments(
  template: { readonly name: string; readonly text: string },
  set: TemplateSet,
  functionName: string,
): readonly LiteralArgument[] {
  const { leftDelim, rightDelim } = set.options;
  const parsed = parseTemplate(template.name, template.text, {
    isFunction: (word) => set.isFunction(word),
    ...(leftDelim === undefined ? {} : { leftDelim }),
    ...(rightDelim === undefined ? {} : { rightDelim }),
  });
  if (!('trees' in parsed)) return [];
  const found: LiteralArgument[] = [];
  const walk = new Walk(functionName, (literal) => found.push(literal));
  try {
    for (const tree of parsed.trees.values()) walk.tree(tree);
  } catch (error) {
    // Thousands of parentheses inside each other: what was found until then is enough for a check.
    if (!(error instanceof RangeError)) throw error;
  }
  return found.toSorted((a, b) => a.offset - b.offset);
}

class Walk {
  private readonly functionName: string;
  private readonly report: (literal: LiteralArgument) => void;

  constructor(functionName: string, report: (literal: LiteralArgument) => void) {
    this.functionName = functionName;
    this.report = report;
  }

  tree({ root }: Tree): void {
    this.list(root);
  }

  private list({ nodes }: ListNode): void {
    for (const node of nodes) this.statement(node);
  }

  private statement(node: StatementNode): void {
    switch (node.kind) {
      case 'action':
        this.pipe(node.pipe);
        return;
      case 'if':
      case 'with':
      case 'range':
        this.pipe(node.pipe);
        this.list(node.list);
        if (node.elseList !== undefined) this.list(node.elseList);
        return;
      case 'template':
        if (node.pipe !== undefined) this.pipe(node.pipe);
        return;
      case 'text':
      case 'break':
      case 'continue':
        return;
    }
  }

  private pipe({ commands }: PipeNode): void {
    for (const [index, command] of commands.entries()) {
      this.command(command, commands[index - 1]);
    }
  }

  private command({ args }: CommandNode, before: CommandNode | undefined): void {
    const [first, second] = args;
    if (first?.kind === 'identifier' && first.name === this.functionName) {
      const piped = before?.args.length === 1 ? before.args[0] : undefined;
      this.literal(second ?? piped);
    }
    for (const arg of args) this.operand(arg);
  }

  private operand(node: OperandNode): void {
    if (node.kind === 'pipe') this.pipe(node);
    else if (node.kind === 'chain') this.operand(node.node);
  }

  private literal(node: OperandNode | undefined): void {
    // `cel ("x")` is a pipe of one literal.
    if (node?.kind === 'pipe' && node.commands.length === 1) {
      const args = node.commands[0]?.args ?? [];
      if (args.length === 1) this.literal(args[0]);
    }
    if (node?.kind !== 'string') return;
    const { text, quoted, pos } = node;
    this.report({ text, offset: pos + 1, verbatim: quoted.slice(1, -1) === text });
  }
}
