// Compiles a parsed template into closures: each node is looked at once, however often it runs.
import type { Body } from '../frame.ts';
import type { TemplateFunction } from '../function.ts';
import type { Tree } from '../node.ts';
import { Variables } from '../variables.ts';
import { compileOperand } from './command.ts';
import type { Compiler } from './compiler.ts';
import { compilePipe } from './pipeline.ts';
import { compileList } from './statement.ts';

/** The executable form of a tree with the given functions. */
export function compileTree(tree: Tree, functions: ReadonlyMap<string, TemplateFunction>): Body {
  const variables = new Variables();
  const compiler: Compiler = {
    functions,
    variables,
    pipe: (node, fromRange) => compilePipe(compiler, node, fromRange),
    operand: (node) => compileOperand(compiler, node),
  };
  const execute = compileList(compiler, tree.root);
  return { execute, slots: variables.slots };
}
