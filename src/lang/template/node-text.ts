// Prints nodes back as Go's Node.String does: the <NODE> of error messages.
import type { BranchNode, ChainNode, CommandNode, Node, PipeNode, TemplateNode } from './node.ts';
import { quote } from './strconv/quote.ts';

/** The text of a node, normalised: single spaces, no comments, no trim markers. */
export function nodeText(node: Node): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'list':
      return node.nodes.map(nodeText).join('');
    case 'action':
      return `{{${nodeText(node.pipe)}}}`;
    case 'if':
    case 'with':
    case 'range':
      return branchText(node);
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`;
    case 'template':
      return templateText(node);
    case 'pipe':
      return pipeText(node);
    case 'command':
      return commandText(node);
    case 'identifier':
      return node.name;
    case 'variable':
      return node.path.join('.');
    case 'field':
      return `.${node.path.join('.')}`;
    case 'chain':
      return chainText(node);
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'number':
      return node.text;
    case 'string':
      return node.quoted;
  }
}

function branchText(node: BranchNode): string {
  const otherwise = node.elseList === undefined ? '' : `{{else}}${nodeText(node.elseList)}`;
  return `{{${node.kind} ${nodeText(node.pipe)}}}${nodeText(node.list)}${otherwise}{{end}}`;
}

function templateText(node: TemplateNode): string {
  const pipe = node.pipe === undefined ? '' : ` ${nodeText(node.pipe)}`;
  return `{{template ${quote(node.name)}${pipe}}}`;
}

function pipeText(node: PipeNode): string {
  const commands = node.commands.map(nodeText).join(' | ');
  if (node.variables.length === 0) return commands;
  const sign = node.isAssign ? '=' : ':=';
  return `${node.variables.map(nodeText).join(', ')} ${sign} ${commands}`;
}

function commandText(node: CommandNode): string {
  return node.args
    .map((arg) => (arg.kind === 'pipe' ? `(${nodeText(arg)})` : nodeText(arg)))
    .join(' ');
}

function chainText(node: ChainNode): string {
  const inner = nodeText(node.node);
  return `${node.node.kind === 'pipe' ? `(${inner})` : inner}.${node.path.join('.')}`;
}
