// Statements: text, actions, branches, loops and calls of other templates.
import type { Execute, Frame, Signal } from '../frame.ts';
import { BREAK, CONTINUE, GO_ON } from '../frame.ts';
import { formatValue } from '../fmt/print.ts';
import type {
  ActionNode,
  BranchNode,
  ListNode,
  StatementNode,
  TemplateNode,
  TextNode,
} from '../node.ts';
import { nodeText } from '../node-text.ts';
import { isTrue } from '../truth.ts';
import type { Value } from '../value.ts';
import { GoFunc, GoObject, typeOf } from '../value.ts';
import { quote } from '../strconv/quote.ts';
import type { Compiler } from './compiler.ts';
import { runTemplate } from './invoke.ts';
import { compileStatementPipe } from './pipeline.ts';
import { compileRange } from './range.ts';

/** A list of statements, in a scope of its own. */
export function compileBlock(compiler: Compiler, list: ListNode): Execute {
  return compiler.variables.scoped(() => compileList(compiler, list));
}

/** A list of statements, in the present scope. */
export function compileList(compiler: Compiler, list: ListNode): Execute {
  const statements = list.nodes.map((node) => compileStatement(compiler, node));
  const [only] = statements;
  if (only === undefined) return () => GO_ON;
  if (statements.length === 1) return only;
  return (frame, dot) => {
    for (const statement of statements) {
      const signal = statement(frame, dot);
      if (signal !== GO_ON) return signal;
    }
    return GO_ON;
  };
}

function compileStatement(compiler: Compiler, node: StatementNode): Execute {
  switch (node.kind) {
    case 'text':
      return compileText(node);
    case 'action':
      return compileAction(compiler, node);
    case 'if':
      return compileIf(compiler, node);
    case 'with':
      return compileWith(compiler, node);
    case 'range':
      return compiler.variables.scoped(() => compileRange(compiler, node, compileBlock));
    case 'break':
      return () => BREAK;
    case 'continue':
      return () => CONTINUE;
    case 'template':
      return compileTemplateCall(compiler, node);
  }
}

function compileText({ text }: TextNode): Execute {
  return (frame) => {
    frame.run.budget.step();
    frame.run.write(text);
    return GO_ON;
  };
}

function compileAction(compiler: Compiler, node: ActionNode): Execute {
  const { evaluate } = compileStatementPipe(compiler, node.pipe);
  if (node.pipe.variables.length > 0) {
    return (frame, dot) => {
      frame.run.budget.step();
      evaluate(frame, dot);
      return GO_ON;
    };
  }
  return (frame, dot) => {
    frame.run.budget.step();
    const value = evaluate(frame, dot);
    if (typeof value === 'string') frame.run.write(value);
    else printValue(frame, node, value);
    return GO_ON;
  };
}

function printValue(frame: Frame, node: ActionNode, value: Value): void {
  const { run } = frame;
  frame.node = node;
  if (value instanceof GoFunc) {
    frame.fail(`can't print ${nodeText(node)} of type ${value.fn.type.name}`);
  }
  run.write(printableText(frame, value));
}

function printableText(frame: Frame, value: Value): string {
  if (value === undefined) return '<no value>';
  const { budget } = frame.run;
  return formatValue(dereference(value), (length) => budget.charge(length));
}

/** A pointer without a String method of its own prints as what it points to. */
function dereference(value: Value): Value {
  if (!(value instanceof GoObject) || value.type.kind !== 'pointer') return value;
  const methods = typeOf(value)?.methods;
  if (methods?.has('String') === true || methods?.has('Error') === true) return value;
  return value.type.elem === undefined ? value : new GoObject(value.type.elem, value.state);
}

function compileIf(compiler: Compiler, node: BranchNode): Execute {
  return compiler.variables.scoped(() => {
    const { evaluate } = compileStatementPipe(compiler, node.pipe);
    const then = compileBlock(compiler, node.list);
    const otherwise = compileElse(compiler, node);
    return (frame, dot) => {
      frame.run.budget.step();
      return isTrue(evaluate(frame, dot)) ? then(frame, dot) : otherwise(frame, dot);
    };
  });
}

function compileElse(compiler: Compiler, node: BranchNode): Execute {
  return node.elseList === undefined ? () => GO_ON : compileBlock(compiler, node.elseList);
}

function compileWith(compiler: Compiler, node: BranchNode): Execute {
  return compiler.variables.scoped(() => {
    const { evaluate } = compileStatementPipe(compiler, node.pipe);
    const then = compileBlock(compiler, node.list);
    const otherwise = compileElse(compiler, node);
    return (frame, dot) => {
      frame.run.budget.step();
      const value = evaluate(frame, dot);
      if (!isTrue(value)) return otherwise(frame, dot);
      const outer = frame.dotFromInterface;
      frame.dotFromInterface = false;
      const signal: Signal = then(frame, value);
      frame.dotFromInterface = outer;
      return signal;
    };
  });
}

function compileTemplateCall(compiler: Compiler, node: TemplateNode): Execute {
  const pipe = node.pipe === undefined ? undefined : compileStatementPipe(compiler, node.pipe);
  return (frame, dot) => {
    const { run } = frame;
    run.budget.step();
    frame.node = node;
    const template = run.set.lookup(node.name);
    if (template === undefined) {
      return frame.fail(`template ${quote(node.name)} not defined`);
    }
    const { templateDepth } = run.budget.limits;
    if (run.depth >= templateDepth) {
      return frame.fail(`exceeded maximum template depth (${templateDepth})`);
    }
    const value = pipe === undefined ? undefined : pipe.evaluate(frame, dot);
    runTemplate(run, template, value);
    return GO_ON;
  };
}
